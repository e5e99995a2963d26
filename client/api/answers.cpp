// SPDX-License-Identifier: MIT
#include "client/api/answers.h"

#include "client/base/json.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr rapidjson::SizeType kMostErrors = 5;

// Of "/data/attributes/temp_range_start" the name that its user knows.
std::string PointedAt(const JsonValue& error) {
  const JsonValue* const source = Find(error, "source");
  const auto pointer = source && source->IsObject() ? TextAt(*source, "pointer") : std::nullopt;
  if (!pointer) return {};
  std::string_view rest = *pointer;
  for (std::string_view prefix : {"/data/attributes/", "/data/relationships/", "/data/"}) {
    if (!StartsWith(rest, prefix)) continue;
    rest.remove_prefix(prefix.size());
    break;
  }
  const std::string_view end = "/data";
  if (rest.size() > end.size() && rest.substr(rest.size() - end.size()) == end)
    rest.remove_suffix(end.size());
  return rest.empty() || rest.front() == '/' ? std::string() : OneLine(rest) + ": ";
}

}  // namespace

std::string ReasonOf(const Response& response) {
  std::string reason = "HTTP " + std::to_string(response.status);
  const auto document = ParseJson(response.body);
  const JsonValue* const errors = document ? Find(**document, "errors") : nullptr;
  if (!errors || !errors->IsArray()) return reason;
  std::string last_title;
  for (rapidjson::SizeType i = 0; i < errors->Size() && i < kMostErrors; ++i) {
    const JsonValue& error = (*errors)[i];
    const std::string title = OneLine(Trim(TextAt(error, "title").value_or("")));
    const std::string detail = OneLine(Trim(TextAt(error, "detail").value_or("")));
    if (!title.empty() && title != last_title) reason += ", " + title;
    last_title = title;
    if (!detail.empty()) reason += ", " + PointedAt(error) + detail;
  }
  return reason;
}

bool IsNoSuchRow(const Response& response) {
  return response.status == 500 &&
         response.body.find("'id' is not a valid attribute of None") != std::string::npos;
}

// A document is an object (https://jsonapi.org/format/1.0/#document-structure). What does not begin
// as one is of another server, which a repetition would not change.
bool IsSpoiled(const Response& response) {
  if (response.status != 200) return response.status == 416;
  const std::string_view text = Trim(response.body);
  return text.empty() || (text.front() == '{' && text.back() != '}');
}

Error WithoutAnswer(Error error) {
  // Of a login that failed on the way, the other address was said already.
  const bool is_of_login = error.message.find("S2C_AUTH_URL") != std::string::npos;
  if (!is_of_login && (error.kind == ErrorKind::kUnreachable ||
                       error.kind == ErrorKind::kInterrupted || error.kind == ErrorKind::kSilent))
    error.message += "; check S2C_API_URL and the network";
  return error;
}

Error LoginRefused(const Url& api_url, const std::string& what, const Response& response) {
  return {ErrorKind::kCredentials,
          "'" + api_url.ToString() + "' does not " + what + " this login (" + ReasonOf(response) +
              "): check S2C_USERNAME, or log in anew",
          response.status};
}

}  // namespace s2c
