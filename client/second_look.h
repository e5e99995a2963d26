// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "client/api/api_client.h"
#include "client/base/secret.h"
#include "client/io/file_version.h"
#include "client/io/kept_beginning.h"
#include "client/kept_answers.h"

namespace s2c {

/// What an account was told by one service, kept for its next process: where an inference's files
/// are, and what they begin with. It says what to ask for, and is never an answer itself: whoever
/// looks again believes the API about the inference and the file's server about the bytes. Without
/// a user there is nothing. Thread-safe.
class SecondLook {
 public:
  /// Bytes of a beginning that is kept.
  static constexpr std::size_t kLongestBeginning = KeptAnswers::kLargest - (std::size_t{4} << 10);

  /// `folder` is that of KeptAnswers.
  SecondLook(const std::string& folder, const Url& api_url);

  bool keeps() const { return inferences_.keeps(); }

  /// Whom a token is of: its issuer and its subject (RFC 7519, section 4.1), which unlike a name do
  /// not pass to somebody else, and unlike a password or a refresh token do not change. Empty where
  /// the token does not say it, or is none that can be read.
  static std::string UserOf(const Secret& token);

  /// As much of an inference that has succeeded as its files need.
  std::optional<ResolvedInference> FindInference(const std::string& user, std::int64_t id) const;
  /// What is known of one that has not succeeded is dropped.
  void KeepInference(const std::string& user, const ResolvedInference& resolved) const;

  std::optional<KeptBeginning> FindBeginning(const std::string& user,
                                             const FileVersion& version) const;
  void KeepBeginning(const std::string& user, const FileVersion& version,
                     const KeptBeginning& beginning) const;
  /// Calls `use` with the bytes of the TIFF file's that was kept last, of whatever result. Should
  /// the process not survive that, no other one comes to it.
  void UseLastBeginning(const std::string& user,
                        const std::function<void(const std::string& bytes)>& use) const;
  void DropBeginning(const std::string& user, const FileVersion& version) const;

  /// The server that had the files of the last inference.
  std::optional<Url> FindFileServer(const std::string& user) const;

 private:
  std::string KeyOf(const std::string& user, const char* kind, const std::string& what) const;
  std::string KeyOf(const std::string& user, const FileVersion& version) const;

  const KeptAnswers inferences_;
  const KeptAnswers beginnings_;
  const KeptAnswers last_beginnings_;
  const KeptAnswers file_servers_;
  const std::string server_;
};

}  // namespace s2c
