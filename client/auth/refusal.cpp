// SPDX-License-Identifier: MIT
#include "client/auth/refusal.h"

#include <string_view>

#include "client/base/json.h"
#include "client/base/text.h"

namespace s2c {
namespace {

struct KnownRefusal {
  const char* error;        ///< RFC 6749, section 5.2; it may stand alone
  const char* description;  ///< a part of it; empty for any
  ErrorKind kind;
  const char* advice;
};

constexpr const char* kCheckClient = "set S2C_CLIENT_ID to the client of that login";
constexpr const char* kNoOffline =
    "this account may have no login without an end: log in without --offline";
constexpr const char* kCheckAddress = "check the realm's name in S2C_AUTH_URL";

// Keycloak's, versions 24 and 26 being the same (issue 10); the first that fits.
constexpr KnownRefusal kKnown[] = {
    {"invalid_grant", "not fully set up", ErrorKind::kCredentials,
     "log in once in the web application, and do there what it asks for (a new password, the terms "
     "of use)"},
    {"invalid_grant", "temporarily disabled", ErrorKind::kCredentials,
     "the account is locked for some minutes after failed logins: wait, and check S2C_PASSWORD (or "
     "S2C_PASSWORD_FILE)"},
    {"invalid_grant", "disabled", ErrorKind::kCredentials,
     "the account is switched off: ask the operator of the service"},
    {"invalid_grant", "authorized client don't match", ErrorKind::kCredentials, kCheckClient},
    {"invalid_grant", "Unmatching clients", ErrorKind::kCredentials, kCheckClient},
    {"invalid_client", "", ErrorKind::kInvalidInput,
     "the login server has no such client, or it is switched off: check S2C_CLIENT_ID"},
    {"unauthorized_client", "direct access", ErrorKind::kInvalidInput,
     "this client takes no passwords: set S2C_CLIENT_ID to one that does, or give a token by "
     "S2C_REFRESH_TOKEN or S2C_ACCESS_TOKEN"},
    {"unauthorized_client", "", ErrorKind::kInvalidInput,
     "this client has a secret, which is not for programs of users: set S2C_CLIENT_ID to a public "
     "client"},
    {"not_allowed", "Offline tokens", ErrorKind::kInvalidInput, kNoOffline},
    {"invalid_scope", "offline_access", ErrorKind::kInvalidInput, kNoOffline},
    {"invalid_request", "HTTPS required", ErrorKind::kInvalidInput,
     "set S2C_AUTH_URL to the https address of the login server"},
    {"access_denied", "Realm not enabled", ErrorKind::kInvalidInput,
     "the realm is switched off: check S2C_AUTH_URL, or ask the operator of the service"},
    {"Realm does not exist", "", ErrorKind::kInvalidInput, kCheckAddress},
    {"Realm not found", "", ErrorKind::kInvalidInput, kCheckAddress},
};

bool IsRedirect(int status) { return status >= 300 && status < 400 && status != 304; }

// A password would go wherever a proxy or a typing error leads.
Refusal RefuseRedirect(const Response& response, const Url& asked) {
  Refusal refusal;
  refusal.kind = ErrorKind::kInvalidInput;
  refusal.reason = "HTTP " + std::to_string(response.status);
  const auto target = ResolveReference(asked, response.Header("location"));
  // Its query may hold what the server knows of the request.
  if (target)
    refusal.reason += ", a redirect to '" + target->With(target->path(), "").ToString() + "'";
  refusal.advice =
      "no login is sent there unless S2C_AUTH_URL names it: set that to the login server's address";
  return refusal;
}

ErrorKind KindOf(int status) {
  switch (status) {
    case 400:
    case 401:
    case 403:
      return ErrorKind::kCredentials;
    // From a gateway, behind which the login server may have done its work.
    case 502:
    case 504:
      return ErrorKind::kInterrupted;
    default:
      return ErrorKind::kServer;
  }
}

}  // namespace

Refusal ReadRefusal(const Response& response, const Url& asked) {
  if (IsRedirect(response.status)) return RefuseRedirect(response, asked);
  Refusal refusal;
  refusal.kind = KindOf(response.status);
  refusal.reason = "HTTP " + std::to_string(response.status);
  const auto document = ParseJson(response.body);
  const auto text = [&](const char* name) {
    return document ? TextAt(**document, name).value_or("") : std::string();
  };
  refusal.error = text("error");
  const std::string description = text("error_description");
  // Keycloak's texts are fixed sentences and hold nothing that was sent.
  for (const std::string& part : {refusal.error, description})
    if (!part.empty()) refusal.reason += ", " + OneLine(part);
  for (const KnownRefusal& known : kKnown) {
    if (refusal.error != known.error || description.find(known.description) == std::string::npos)
      continue;
    refusal.kind = known.kind;
    refusal.advice = known.advice;
    break;
  }
  return refusal;
}

}  // namespace s2c
