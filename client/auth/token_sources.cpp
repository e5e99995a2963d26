// SPDX-License-Identifier: MIT
#include "client/auth/token_sources.h"

#include <algorithm>
#include <chrono>

namespace s2c {
namespace {

// How long before its end a token is no longer used: a request needs some time to arrive, and the
// two clocks need not run equally fast.
Clock::Duration Margin(const Token& token) {
  return std::min<Clock::Duration>(std::chrono::seconds(30), token.access_lifetime / 4);
}

}  // namespace

Result<Secret> GivenTokenSource::Replace(const Secret&) {
  return Fail(ErrorKind::kCredentials,
              "the given access token was refused (HTTP 401), most likely it has expired: set "
              "S2C_ACCESS_TOKEN to a new one, or S2C_USERNAME and S2C_PASSWORD in its place",
              401);
}

Result<Secret> NoTokenSource::Get() {
  return Fail(ErrorKind::kCredentials,
              "no credentials for the Sen2Cube service: set S2C_USERNAME and S2C_PASSWORD, or "
              "S2C_ACCESS_TOKEN");
}

PasswordTokenSource::PasswordTokenSource(Grants& grants, Clock& clock, std::string username,
                                         Secret password)
    : grants_(grants),
      clock_(clock),
      username_(std::move(username)),
      password_(std::move(password)) {}

Result<Secret> PasswordTokenSource::Get() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (token_ && clock_.Now() < token_->access_expires - Margin(*token_)) return token_->access;
  return Renew();
}

Result<Secret> PasswordTokenSource::Replace(const Secret& refused) {
  const std::lock_guard<std::mutex> lock(mutex_);
  // Somebody else's 401 may have brought a new one already.
  if (token_ && token_->access != refused && clock_.Now() < token_->access_expires)
    return token_->access;
  return Renew();
}

Result<Secret> PasswordTokenSource::Renew() {
  const bool can_refresh = token_ && !token_->refresh.empty() &&
                           clock_.Now() < token_->refresh_expires - Margin(*token_);
  Result<Token> token =
      can_refresh ? grants_.Refresh(token_->refresh) : grants_.Password(username_, password_);
  // A refused refresh token is no failure yet: the session may have been ended on the server.
  if (!token && can_refresh && token.error().kind == ErrorKind::kCredentials)
    token = grants_.Password(username_, password_);
  if (!token) return Pass(token);
  token_ = std::move(*token);
  return token_->access;
}

}  // namespace s2c
