// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "client/api/api_client.h"
#include "client/api/layout.h"
#include "client/auth/authorizing.h"
#include "client/auth/login.h"
#include "client/base/shared_calls.h"
#include "client/base/system.h"
#include "client/http/connection_settings.h"
#include "client/http/curl_transport.h"
#include "client/http/redirect.h"
#include "client/http/retry.h"
#include "client/io/remote_file.h"
#include "client/recent_inferences.h"
#include "client/recent_readers.h"
#include "client/second_look.h"

namespace s2c {

/// Everything that an open needs to know, read once. Two equal ones mean the same session.
struct SessionSettings {
  std::string api_url;
  std::string auth_url;
  std::string client_id;
  std::string username;
  std::optional<Secret> password;  ///< one that is given and empty is a password, too
  std::string password_file;
  Secret access_token;
  Secret refresh_token;
  std::string token_file;
  std::string token_cache;   ///< a folder; empty: no token cache
  std::string answer_cache;  ///< a folder; empty: nothing is kept of what the servers say
  std::vector<std::string> trusted_hosts;
  std::size_t page_size = 100;
  std::size_t cache_size = std::size_t{64} << 20;
  bool merge_ranges = true;  ///< neighbouring parts of a read in one request
  int max_retry = 3;
  double retry_delay = 0.5;
  Headers extra_headers;
  ConnectionSettings connection;

  auto Tie() const {
    return std::tie(api_url, auth_url, client_id, username, password, password_file, access_token,
                    refresh_token, token_file, token_cache, answer_cache, trusted_hosts, page_size,
                    cache_size, merge_ranges, max_retry, retry_delay, extra_headers, connection);
  }
  friend bool operator==(const SessionSettings& a, const SessionSettings& b) {
    return a.Tie() == b.Tie();
  }
};

/// One account at one service: its token, its connections, its files. Thread-safe. Files that came
/// from a session keep it alive.
class Session : public std::enable_shared_from_this<Session> {
 public:
  /// The session of these settings, shared by all who ask for it. kInvalidInput for a bad URL.
  /// Where the settings give no way in, whoever has logged in last is who opens (client/ways_in.h).
  static Result<std::shared_ptr<Session>> For(const SessionSettings& given);

  const SessionSettings& settings() const { return settings_; }
  /// False in a child forked after this was made: its threads and locks are the parent's, so a
  /// child may only read settings(), ask For() for a session of its own, and must not destroy this.
  bool IsOfThisProcess() const { return process_ == ProcessId(); }

  /// Whether the API answers and takes this login: one request of a few bytes. Its outcome holds
  /// for a few seconds, since programs open a catalogue again for each of its layers.
  Status CheckService();
  /// Which file will be opened of an inference that is so; null for none.
  using Wanted = std::function<const Output*(const ResolvedInference&)>;
  /// What is done while the API is asked, where there is something of it: a file of this account
  /// began like this, and the one that is opened probably does.
  using Meanwhile = std::function<void(const std::string& beginning)>;
  /// What a dataset opens. One that has succeeded may be a few seconds old (RecentInferences);
  /// whether another has by now is always asked. Where the API is asked, and an earlier process was
  /// told of this inference, the file that is wanted of it is asked for at the same time.
  Result<InferencePtr> GetInference(std::int64_t id, const Wanted& wanted = nullptr,
                                    const Meanwhile& meanwhile = nullptr);
  /// For a directory, which is looked at many times in a row: any may be a little old, and from a
  /// list that tells no more than is needed.
  Result<InferencePtr> GetRecentInference(std::int64_t id, Detail needed,
                                          const Wanted& wanted = nullptr);
  /// The API's whole document, which may be as old.
  Result<std::string> GetInferenceText(std::int64_t id);
  /// Makes an inference that was read from a list a recent one.
  void Remember(InferencePtr inference, Detail detail);
  /// Of whoever is logged in (client/auth/account.h): what the API wants as an inference's owner.
  /// Asked for once.
  Result<std::string> GetUserName();
  /// The categorical measurements of a factbase; empty where it has no layout. Asked for once: it
  /// is large, changes hardly ever, and each of many results wants it.
  Result<std::shared_ptr<const Layout>> GetLayout(std::int64_t factbase);
  /// Where a resource of the API is an inference that has been run again, what is remembered of the
  /// run before is dropped.
  void See(const JsonValue& resource);
  /// Whoever asks for this inference, or for a list, asks the API. For who has changed it.
  void ForgetInference(std::int64_t id);

  /// Creates, changes and deletes a resource, as DocumentSink does. Whatever the outcome, no
  /// session of this process serves what it remembers of the resource from before.
  Result<JsonDocument> Create(const std::string& type, const std::string& document);
  Result<JsonDocument> Change(const std::string& type, std::int64_t id,
                              const std::string& document);
  Status Delete(const std::string& type, std::int64_t id);
  /// Another number after each change: what was read before is old.
  std::uint64_t changes() const { return changes_; }

  /// Page by page, with this session's page size. The reader must not outlive the session.
  PageReader List(ListQuery query);
  /// The same in the query's own page size, from the beginning, with what of it is remembered.
  RecentReaders::Reading TakeReading(const ListQuery& query);
  /// Remembers a reading that has not failed.
  void KeepReading(RecentReaders::Reading reading) { readers_.Keep(std::move(reading)); }
  /// Null for an unknown id.
  Result<JsonDocument> GetResource(const std::string& type, std::int64_t id,
                                   const std::vector<std::string>& fields);

  /// The file of an output. Fails for an inference that has no valid results, naming its state.
  /// `validator` as in FileVersion.
  Result<std::shared_ptr<RemoteFile>> OpenOutput(const ResolvedInference& resolved,
                                                 const Output& output,
                                                 const std::string& validator = {});
  /// The same version of a file that was opened before, by this session or by the parent's.
  std::shared_ptr<RemoteFile> OpenVersion(const FileVersion& version);
  /// Whoever opens this version of the file again asks the server again. For a file whose bytes
  /// turned out to be broken; who has it open keeps it.
  void Forget(const std::shared_ptr<RemoteFile>& file);
  /// Keeps a file's first bytes for later processes, if they have come. For who has opened it, and
  /// for who closes it.
  void KeepBeginning(const std::shared_ptr<RemoteFile>& file);
  /// The QGIS project of an inference.
  Result<std::shared_ptr<RemoteFile>> OpenProject(const ResolvedInference& resolved);
  /// For one more reader of a file.
  ReadAhead NewReader() const;

 private:
  Session(SessionSettings settings, const Url& api_url, const Url& auth_url);
  InferencePtr FindRecent(std::int64_t id, Detail needed);
  Result<InferencePtr> FetchInference(std::int64_t id, const Wanted& wanted,
                                      const Meanwhile& meanwhile);
  Result<std::string> Account();
  std::shared_ptr<RemoteFile> LookAhead(const std::string& account, std::int64_t id,
                                        const Wanted& wanted);
  void ConnectAhead(const std::string& account);
  bool IsOf(const RemoteFile& file, const ResolvedInference& resolved, const Wanted& wanted);
  void CloseFile(const std::shared_ptr<RemoteFile>& file);
  std::shared_ptr<RemoteFile> OpenVersionOf(std::int64_t inference, const FileVersion& version);
  void TellOf(const std::string& type, std::int64_t id);
  bool HasChangedFile(std::int64_t inference);
  Result<FileVersion> VersionOf(const ResolvedInference& resolved, const std::string& data,
                                const std::string& label);
  Result<FileVersion> VersionOf(const ResolvedInference& resolved, const Output& output);

  const SessionSettings settings_;
  const std::int64_t process_ = ProcessId();
  const Url auth_url_;
  Clock& clock_;
  CurlTransport curl_;
  RetryingTransport retrying_;
  Grants grants_;
  Login login_;
  const TokenScope scope_;
  AuthorizingTransport authorizing_;
  RedirectingTransport transport_;
  ApiClient api_;

  struct OpenFile {
    std::string key;
    std::int64_t inference;  ///< 0 where that is not known, or does not matter any more
    std::shared_ptr<RemoteFile> file;
  };
  std::shared_ptr<RemoteFile> FindOpen(const std::string& key, const std::string& validator);

  const SecondLook second_look_;
  std::atomic<std::uint64_t> changes_{0};
  RecentInferences recent_;
  std::mutex check_mutex_;  ///< held while the API is asked, so that others wait for the answer
  Status checked_;
  std::optional<Clock::TimePoint> checked_at_;
  std::mutex user_mutex_;  ///< held while it is asked for
  std::optional<std::string> user_name_;
  std::string user_subject_;  ///< whose name that is, as the token has it
  std::mutex layouts_mutex_;  ///< held while one is asked for: nobody asks for it twice
  std::map<std::int64_t, std::shared_ptr<const Layout>> layouts_;  ///< by factbase
  RecentReaders readers_;
  SharedCalls<std::int64_t, Result<InferencePtr>> inference_calls_;
  SharedCalls<std::int64_t, Result<std::string>> text_calls_;
  std::mutex account_mutex_;
  Secret account_token_;  ///< whose account `account_` is
  std::string account_;
  std::mutex mutex_;
  std::list<OpenFile> files_;  ///< latest first
  /// To a file server, for the next request to it.
  struct Connecting {
    std::string origin;
    Clock::TimePoint begun_at;
    std::unique_ptr<Exchange> exchange;
  };
  Connecting connecting_;
};

/// Whether the inference's outputs may be used; if not, an error that says why and what to do.
Status CheckFinished(const Inference& inference);

/// The blocks of all sessions of the process.
BlockCache& SharedBlockCache();

}  // namespace s2c
