// SPDX-License-Identifier: MIT
#include "client/auth/token_store.h"

#include "client/auth/jwt.h"
#include "client/auth/token_document.h"
#include "client/base/log.h"
#include "client/base/system.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;
constexpr std::chrono::seconds kLongestLock{30};
constexpr const char* kPasswordDigest = "s2c_password_digest";

}  // namespace

TokenStore::TokenStore(std::string path, std::string folder, std::string auth_url, Labels labels,
                       bool must_be_private, Clock& clock)
    : path_(std::move(path)),
      folder_(std::move(folder)),
      auth_url_(std::move(auth_url)),
      labels_(std::move(labels)),
      must_be_private_(must_be_private),
      clock_(clock) {}

std::unique_ptr<TokenStore> TokenStore::Cache(const std::string& folder,
                                              const std::string& auth_url,
                                              const std::string& client_id, const std::string& user,
                                              Clock& clock) {
  Labels labels = {{"s2c_auth_url", auth_url}, {"s2c_client_id", client_id}, {"s2c_user", user}};
  const std::string path = folder + "/" + FileNameOf(labels);
  return std::unique_ptr<TokenStore>(
      new TokenStore(path, folder, auth_url, std::move(labels), true, clock));
}

std::unique_ptr<TokenStore> TokenStore::TokenFile(const std::string& path,
                                                  const std::string& auth_url, Clock& clock) {
  return std::unique_ptr<TokenStore>(new TokenStore(path, "", auth_url, {}, false, clock));
}

Result<Token> TokenStore::Read() const {
  const auto file = ReadSmallFile(path_, kMaxFile);
  if (!file) {
    LogDebug("no stored token: " + file.error().message);
    return Pass(file);
  }
  Result<Token> token = Use(*file);
  if (!token) LogDebug("a stored token is left alone: " + token.error().message);
  return token;
}

Result<Token> TokenStore::Use(const SmallFile& file) const {
  const auto refuse = [this](const std::string& why) {
    return Fail(ErrorKind::kInvalidInput, "'" + path_ + "' " + why);
  };
  if (file.privacy == FilePrivacy::kForeign)
    return refuse("belongs to another user of this machine");
  if (must_be_private_ && file.privacy != FilePrivacy::kPrivate)
    return refuse("is open to others (" + HowToMakePrivate(path_) + ")");
  const std::string_view content = Trim(file.content);
  if (content.empty() || content == "null")
    return refuse(must_be_private_ ? "is empty"
                                   : "is empty, as sen2cli leaves it when a login has ended");
  auto token = ReadTokenFile(file.content, clock_);
  if (!token) return refuse("is not a token file, or only a part of one");
  if (!HasLabels(file.content, labels_)) return refuse("is not a token file of this user");
  if (must_be_private_) {
    if (const auto document = ParseJson(file.content))
      token->password_digest = TextAt(**document, kPasswordDigest).value_or("");
    return *token;
  }
  // The cache says itself whose its tokens are; a server may be known by another name inside.
  const auto issuer = JwtClaim(token->access, "iss");
  if (issuer && IsOfAnotherIssuer(*issuer, auth_url_))
    return refuse("is of another server, '" + OneLine(*issuer) + "', than S2C_AUTH_URL ('" +
                  auth_url_ + "')");
  return *token;
}

Status TokenStore::Write(const Token& token) const {
  std::string previous;
  if (const auto file = ReadSmallFile(path_, kMaxFile)) {
    if (file->privacy == FilePrivacy::kForeign) {
      LogDebug("the token is kept in memory only: '" + path_ + "' is somebody else's file");
      return Fail(ErrorKind::kInvalidInput, "'" + path_ + "' is somebody else's file");
    }
    // sen2cli's file may hold more than tokens; what the cache holds is all ours.
    if (!must_be_private_) previous = file->content;
  }
  Labels labels = labels_;
  // Always: the answer behind the token may be of a file that had another one.
  if (must_be_private_) labels.emplace_back(kPasswordDigest, token.password_digest);
  // sen2cli's file may lie elsewhere by its user's will; a link in the cache is nobody's.
  Status written = ReplacePrivateFile(path_, WriteTokenFile(token, previous, clock_, labels),
                                      must_be_private_ ? Links::kReplaced : Links::kFollowed);
  if (!written) LogDebug("the token is kept in memory only: " + written.error().message);
  return written;
}

Status TokenStore::Remove() const { return RemoveFile(path_); }

std::unique_ptr<FileLock> TokenStore::Lock() const {
  if (!folder_.empty()) {
    const Status folder = MakePrivateFolder(folder_);
    if (!folder) {
      LogDebug("tokens are kept in memory only: " + folder.error().message);
      return nullptr;
    }
  }
  auto lock = FileLock::Acquire(path_ + ".lock", kLongestLock, clock_);
  if (!lock) LogDebug("tokens are kept in memory only: '" + path_ + ".lock' cannot be locked");
  return lock;
}

}  // namespace s2c
