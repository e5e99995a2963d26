// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "client/auth/labels.h"
#include "client/auth/token.h"
#include "client/base/system.h"

namespace s2c {

/// A token on disk, shared with other processes. Nothing that goes wrong here is an error of the
/// user's work: it is told in debug output, and the caller goes on with tokens in memory.
/// Thread-safe.
class TokenStore {
 public:
  /// The token cache: one file per server, client and user below `folder`. A file that others can
  /// read or that is not the user's own is left alone, and so is one whose labels differ. It keeps
  /// the digest of the password that brought its token.
  static std::unique_ptr<TokenStore> Cache(const std::string& folder, const std::string& auth_url,
                                           const std::string& client_id, const std::string& user,
                                           Clock& clock);
  /// sen2cli's token file, which may be readable by others: sen2cli makes it so. It does not say
  /// whose tokens it holds, so those of another server than `auth_url` are left alone where they
  /// can be told.
  static std::unique_ptr<TokenStore> TokenFile(const std::string& path, const std::string& auth_url,
                                               Clock& clock);

  const std::string& path() const { return path_; }

  /// No lock is needed: the file is only ever replaced as a whole. kNotFound where there is none;
  /// of one that is left alone, the error says why, beginning with its name.
  Result<Token> Read() const;
  /// Under the lock. Fails with the reason where it could not be written.
  Status Write(const Token& token) const;
  /// Under the lock: from here on there is no token.
  Status Remove() const;
  /// Null where it cannot be had: then nothing stored may be refreshed or written, since the
  /// refresh token works once. A holder that hangs is waited for no longer than 30 seconds.
  std::unique_ptr<FileLock> Lock() const;

 private:
  Result<Token> Use(const SmallFile& file) const;

  TokenStore(std::string path, std::string folder, std::string auth_url, Labels labels,
             bool must_be_private, Clock& clock);

  const std::string path_;
  const std::string folder_;  ///< to be made private before it is used; empty: not ours
  const std::string auth_url_;
  const Labels labels_;
  const bool must_be_private_;
  Clock& clock_;
};

}  // namespace s2c
