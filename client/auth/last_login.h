// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "client/auth/labels.h"
#include "client/base/clock.h"
#include "client/base/result.h"

namespace s2c {

/// Who has logged in last for all programs of this user: a file beside the tokens, one per server
/// and client, that names the account and holds no secret. It is as private as they are, since
/// whoever writes it says whose login is used. Thread-safe.
class LastLogin {
 public:
  /// `folder` is the token cache's.
  LastLogin(const std::string& folder, const std::string& auth_url, const std::string& client_id,
            Clock& clock);

  /// The name by which the token cache has the account; nothing where nobody is logged in.
  std::optional<std::string> Read() const;
  /// From here on it is this one. The folder is there.
  Status Set(const std::string& user) const;
  /// From here on it is nobody, where it was this one.
  Status Clear(const std::string& user) const;

 private:
  const Labels labels_;
  const std::string path_;
  Clock& clock_;
};

}  // namespace s2c
