// SPDX-License-Identifier: MIT
#include "client/auth/token_document.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "client/base/text.h"

namespace s2c {
namespace {

using Seconds = std::chrono::duration<double>;

// Where the server does not say how long (RFC 6749, section 5.1 leaves it to it): short enough to
// be renewed often.
constexpr double kAssumedLifetime = 60;
// Longer than any process, and far from overflowing the clock.
constexpr double kLongest = 31536000;
// Two looks at the clock are never quite the same.
constexpr double kTolerance = 5;

Clock::Duration ToDuration(double seconds) {
  // Not a number: no time.
  if (!(seconds > 0)) seconds = 0;
  return std::chrono::duration_cast<Clock::Duration>(Seconds(std::min(seconds, kLongest)));
}

// Infinite where a refresh token has no end of its own: of an offline session, Keycloak says 0.
double RefreshLifetime(const JsonValue& document) {
  const double seconds = NumberAt(document, "refresh_expires_in").value_or(0);
  return seconds > 0 ? seconds : std::numeric_limits<double>::infinity();
}

std::optional<Token> ReadTokens(const JsonValue& document) {
  const auto access = TextAt(document, "access_token");
  const auto refresh = TextAt(document, "refresh_token").value_or("");
  // RFC 6749, appendix A.12 and A.17: a line break in it would begin a header of its own.
  if (!access || access->empty() || HasControl(*access) || HasControl(refresh)) return std::nullopt;
  Token token;
  token.access = Secret(*access);
  token.refresh = Secret(refresh);
  const double lifetime = NumberAt(document, "expires_in").value_or(kAssumedLifetime);
  token.access_lifetime = ToDuration(std::isnan(lifetime) ? kAssumedLifetime : lifetime);
  token.refresh_lifetime = ToDuration(RefreshLifetime(document));
  return token;
}

rapidjson::Value TextValue(const std::string& text, rapidjson::Document& document) {
  return rapidjson::Value(text.data(), static_cast<rapidjson::SizeType>(text.size()),
                          document.GetAllocator());
}

void SetMember(rapidjson::Document& document, const std::string& name, rapidjson::Value value) {
  document.RemoveMember(name.c_str());
  document.AddMember(TextValue(name, document), value, document.GetAllocator());
}

}  // namespace

std::optional<Token> ReadGrantAnswer(const std::string& answer, Clock::TimePoint asked) {
  const auto document = ParseJson(answer);
  if (!document) return std::nullopt;
  auto token = ReadTokens(**document);
  if (!token) return std::nullopt;
  token->access_expires = asked + token->access_lifetime;
  token->refresh_expires = asked + token->refresh_lifetime;
  token->answer = Secret(answer);
  return token;
}

std::optional<Token> ReadTokenFile(const std::string& content, const Clock& clock) {
  const auto document = ParseJson(content);
  if (!document) return std::nullopt;
  auto token = ReadTokens(**document);
  const auto expires_at = NumberAt(**document, "expires_at");
  if (!token || !expires_at) return std::nullopt;
  const double lifetime = Seconds(token->access_lifetime).count();
  const double refresh_lifetime = RefreshLifetime(**document);
  const double left = *expires_at - clock.EpochSeconds();
  const bool clock_was_set_back = left > lifetime + kTolerance;
  const double refresh_left = left - lifetime + refresh_lifetime;
  const Clock::TimePoint now = clock.Now();
  token->access_expires = now + ToDuration(clock_was_set_back ? 0 : std::min(left, lifetime));
  token->refresh_expires = now + ToDuration(std::min(refresh_left, refresh_lifetime));
  token->login_ends = *expires_at + (token->refresh.empty() ? 0 : refresh_lifetime - lifetime);
  token->answer = Secret(content);
  return token;
}

bool IsOfAnotherIssuer(const std::string& issuer, const std::string& auth_url) {
  if (auth_url.compare(0, issuer.size(), issuer) != 0) return true;
  // A whole name, not only its first letters.
  return issuer.size() < auth_url.size() && issuer.back() != '/' && auth_url[issuer.size()] != '/';
}

std::string WriteTokenFile(const Token& token, const std::string& previous, const Clock& clock,
                           const Labels& labels) {
  rapidjson::Document document;
  document.SetObject();
  for (const std::string& text : {previous, token.answer.Reveal()}) {
    const auto source = ParseJson(text);
    if (!source || !(*source)->IsObject()) continue;
    for (const auto& member : (*source)->GetObject()) {
      SetMember(document, member.name.GetString(),
                rapidjson::Value(member.value, document.GetAllocator()));
    }
  }
  SetMember(document, "access_token", TextValue(token.access.Reveal(), document));
  // RFC 6749, section 6: an answer without a new refresh token leaves the old one in force.
  if (!token.refresh.empty())
    SetMember(document, "refresh_token", TextValue(token.refresh.Reveal(), document));
  if (!document.HasMember("token_type"))
    SetMember(document, "token_type", TextValue("Bearer", document));
  const double left = Seconds(token.access_expires - clock.Now()).count();
  SetMember(document, "expires_at", rapidjson::Value(clock.EpochSeconds() + left));
  SetMember(document, "expires_in", rapidjson::Value(Seconds(token.access_lifetime).count()));
  for (const auto& [name, value] : labels) SetMember(document, name, TextValue(value, document));
  return ToJson(document);
}

}  // namespace s2c
