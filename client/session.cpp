// SPDX-License-Identifier: MIT
#include "client/session.h"

#include <algorithm>

#include "client/api/answers.h"
#include "client/api/failure.h"
#include "client/api/filter.h"
#include "client/auth/account.h"
#include "client/auth/jwt.h"
#include "client/base/per_process.h"
#include "client/base/text.h"
#include "client/ways_in.h"

namespace s2c {
namespace {

constexpr std::size_t kMostSessions = 16;
constexpr std::size_t kMostFiles = 256;
// Ahead of one reader: some round trips of a fast line.
constexpr std::size_t kMostAhead = std::size_t{8} << 20;

struct SessionRegistry {
  std::mutex mutex;
  std::list<std::shared_ptr<Session>> sessions;  ///< latest first
};

SessionRegistry& Registry() {
  static PerProcess<SessionRegistry> registry;
  return registry.Get();
}

std::string Named(const Inference& inference) {
  return "inference " + std::to_string(inference.id);
}

}  // namespace

BlockCache& SharedBlockCache() {
  static PerProcess<BlockCache> cache;
  return cache.Get();
}

Status CheckFinished(const Inference& inference) {
  if (inference.Succeeded()) return {};
  const std::string status = OneLine(inference.status.value_or("unknown"));
  std::string what = Named(inference) + " has no results: its status is " + status;
  const std::string message = OneLine(inference.status_message.value_or(""));
  // Before a run has ended, the message is still that of the run before.
  if (status == "FAILED" || status == "ABORTED") {
    if (!message.empty()) what += " (" + message + ")";
    return Fail(ErrorKind::kNotFinished, what + "; " +
                                             ExplainFailure(inference.status_message.value_or(""))
                                                 .value_or("rerun it to get results"));
  }
  return Fail(ErrorKind::kNotFinished, what + "; open it again when it has finished");
}

Session::Session(SessionSettings settings, const Url& api_url, const Url& auth_url)
    : settings_(std::move(settings)),
      auth_url_(auth_url),
      clock_(SystemClock()),
      curl_(settings_.connection),
      retrying_(curl_, RetryPolicy{settings_.max_retry, settings_.retry_delay}, clock_,
                SystemRandom(), DeadServers::For(settings_.connection)),
      grants_(retrying_, clock_, auth_url, settings_.client_id),
      login_(grants_, clock_, WaysOf(settings_, auth_url, clock_)),
      scope_(api_url, settings_.trusted_hosts),
      authorizing_(retrying_, login_, scope_, settings_.extra_headers),
      transport_(authorizing_, [this](const Url& url) { return scope_.Trusts(url); }),
      api_(transport_, api_url),
      second_look_(settings_.answer_cache, api_url),
      recent_(clock_),
      readers_(clock_) {}

Result<std::shared_ptr<Session>> Session::For(const SessionSettings& given) {
  const auto api_url = Url::Parse(given.api_url);
  if (!api_url)
    return Fail(ErrorKind::kInvalidInput, api_url.error().message + "; check S2C_API_URL");
  const auto auth_url = LoginUrl(given);
  if (!auth_url) return Pass(auth_url);
  const SessionSettings settings = WithAccount(given, *auth_url, SystemClock());
  SessionRegistry& registry = Registry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  auto& sessions = registry.sessions;
  const auto found = std::find_if(sessions.begin(), sessions.end(), [&](const auto& session) {
    return session->settings() == settings;
  });
  if (found != sessions.end()) {
    sessions.splice(sessions.begin(), sessions, found);
    return sessions.front();
  }
  sessions.emplace_front(new Session(settings, *api_url, *auth_url));
  const std::shared_ptr<Session> session = sessions.front();
  if (sessions.size() > kMostSessions) sessions.pop_back();
  // One cache serves all: it is as large as the session that allows most.
  std::size_t largest = 0;
  for (const auto& other : sessions) largest = std::max(largest, other->settings().cache_size);
  SharedBlockCache().SetCapacity(largest);
  return session;
}

Status Session::CheckService() {
  const std::lock_guard<std::mutex> lock(check_mutex_);
  if (checked_at_ && clock_.Now() - *checked_at_ < RecentInferences::kRecent) return checked_;
  // No row: one alone can be 190 kB where the server takes no sparse fields.
  ListQuery query{"inference", {"status"}, RowFilter::None().ToParameter(SIZE_MAX).json, 1, 1};
  const auto page = api_.List(std::move(query)).Next();
  checked_ = page ? Status() : Pass(page);
  checked_at_ = clock_.Now();
  return checked_;
}

Result<InferencePtr> Session::FetchInference(std::int64_t id, const Wanted& wanted,
                                             const Meanwhile& meanwhile) {
  const std::uint64_t forgotten = recent_.forgotten();
  const auto account = Account();
  if (!account) return tl::unexpected<Error>(WithoutAnswer(account.error()));
  const auto early = wanted ? LookAhead(*account, id, wanted) : nullptr;
  auto resolved = api_.GetInference(id, [&] {
    if (meanwhile) second_look_.UseLastBeginning(*account, meanwhile);
  });
  // The login may have become another one's meanwhile.
  const bool is_same_account = Account().value_or("") == *account;
  // Whatever comes of it is of an account that may not see it, or of a run before.
  const bool is_denied = !resolved && (resolved.error().kind == ErrorKind::kNotFound ||
                                       resolved.error().kind == ErrorKind::kCredentials);
  const bool is_another = resolved && early && !IsOf(*early, *resolved, wanted);
  if (early && (is_denied || is_another || !is_same_account)) CloseFile(early);
  if (!resolved) return Pass(resolved);
  if (is_same_account) second_look_.KeepInference(*account, *resolved);
  InferencePtr inference = std::make_shared<const ResolvedInference>(std::move(*resolved));
  if (recent_.forgotten() == forgotten) recent_.Remember(inference, Detail::kAll);
  return inference;
}

InferencePtr Session::FindRecent(std::int64_t id, Detail needed) {
  InferencePtr recent = recent_.Find(id, needed);
  if (!recent || !HasChangedFile(id)) return recent;
  ForgetInference(id);
  return nullptr;
}

Result<InferencePtr> Session::GetInference(std::int64_t id, const Wanted& wanted,
                                           const Meanwhile& meanwhile) {
  const auto find = [&] {
    InferencePtr recent = FindRecent(id, Detail::kAll);
    return recent && recent->inference.Succeeded() ? recent : nullptr;
  };
  if (InferencePtr recent = find()) return recent;
  return inference_calls_.Run(id, [&]() -> Result<InferencePtr> {
    // Another's call may have ended just before.
    if (InferencePtr recent = find()) return recent;
    return FetchInference(id, wanted, meanwhile);
  });
}

Result<InferencePtr> Session::GetRecentInference(std::int64_t id, Detail needed,
                                                 const Wanted& wanted) {
  if (InferencePtr recent = FindRecent(id, needed)) return recent;
  return GetInference(id, wanted);
}

Result<std::string> Session::GetInferenceText(std::int64_t id) {
  if (auto recent = recent_.FindText(id)) return std::move(*recent);
  return text_calls_.Run(id, [&]() -> Result<std::string> {
    if (auto recent = recent_.FindText(id)) return std::move(*recent);
    const std::uint64_t forgotten = recent_.forgotten();
    auto text = api_.GetInferenceText(id);
    if (!text) return text;
    const auto document = ParseJson(*text);
    const JsonValue* const data = document ? FindAt(*document, {"data"}) : nullptr;
    const auto inference = data ? ReadInference(*data) : std::nullopt;
    if (inference && inference->id == id && recent_.forgotten() == forgotten)
      recent_.RememberText(*inference, *text);
    return text;
  });
}

void Session::See(const JsonValue& resource) {
  const JsonValue* const attributes = Find(resource, "attributes");
  const JsonValue* const id = Find(resource, "id");
  if (!attributes || !id || TextAt(resource, "type") != "inference") return;
  RunState state{AsId(*id).value_or(0), std::nullopt, std::nullopt};
  if (Find(*attributes, "status")) state.status = TextAt(*attributes, "status");
  if (Find(*attributes, "timestamp_finished"))
    state.finished = TextAt(*attributes, "timestamp_finished");
  recent_.See(state);
}

void Session::ForgetInference(std::int64_t id) {
  recent_.Forget(id);
  readers_.Forget();
  inference_calls_.Forget(id);
  text_calls_.Forget(id);
}

Result<JsonDocument> Session::Create(const std::string& type, const std::string& document) {
  auto created = api_.sink().Create(type, document);
  TellOf(type, 0);
  return created;
}

Result<JsonDocument> Session::Change(const std::string& type, std::int64_t id,
                                     const std::string& document) {
  auto changed = api_.sink().Change(type, id, document);
  TellOf(type, id);
  return changed;
}

Status Session::Delete(const std::string& type, std::int64_t id) {
  const Status deleted = api_.sink().Delete(type, id);
  TellOf(type, id);
  return deleted;
}

// Of every session: another account may see the same inference.
void Session::TellOf(const std::string& type, std::int64_t id) {
  std::list<std::shared_ptr<Session>> sessions;
  {
    SessionRegistry& registry = Registry();
    const std::lock_guard<std::mutex> lock(registry.mutex);
    sessions = registry.sessions;
  }
  const std::shared_ptr<Session> self = shared_from_this();
  sessions.remove(self);
  sessions.push_back(self);
  for (const auto& session : sessions) {
    if (type == "inference") session->ForgetInference(id);
    ++session->changes_;
  }
}

// Whether the server was seen to have another version of a file; tells that once, since the file
// stays open for who has it.
bool Session::HasChangedFile(std::int64_t inference) {
  const std::lock_guard<std::mutex> lock(mutex_);
  bool has_changed = false;
  for (OpenFile& open : files_) {
    if (open.inference != inference || !open.file->HasChanged()) continue;
    has_changed = true;
    open.inference = 0;
  }
  return has_changed;
}

void Session::Remember(InferencePtr inference, Detail detail) {
  recent_.Remember(std::move(inference), detail);
}

Result<std::string> Session::GetUserName() {
  const auto token = login_.Get();
  if (!token) return Pass(token);
  // A token file that others write may become another account's.
  const std::string subject = JwtClaim(*token, "sub").value_or("");
  const std::lock_guard<std::mutex> lock(user_mutex_);
  if (user_name_ && user_subject_ == subject) return *user_name_;
  auto name = PreferredUsername(retrying_, login_, auth_url_);
  if (!name) return name;
  user_name_ = *name;
  user_subject_ = subject;
  return name;
}

PageReader Session::List(ListQuery query) {
  query.page_size = settings_.page_size;
  return api_.List(std::move(query));
}

Result<std::shared_ptr<const Layout>> Session::GetLayout(std::int64_t factbase) {
  const std::lock_guard<std::mutex> lock(layouts_mutex_);
  auto& layout = layouts_[factbase];
  if (layout) return layout;
  const auto document = api_.GetResource("factbase", factbase, {"layout"});
  if (!document) return Pass(document);
  auto read = std::make_shared<Layout>();
  const JsonValue* const found = FindAt(*document, {"data", "attributes", "layout"});
  if (found) *read = ReadLayout(*found);
  layout = std::move(read);
  return layout;
}

RecentReaders::Reading Session::TakeReading(const ListQuery& query) {
  RecentReaders::Reading reading = readers_.Take(query);
  if (!reading.reader) reading.reader = std::make_unique<PageReader>(api_.List(query));
  return reading;
}

Result<JsonDocument> Session::GetResource(const std::string& type, std::int64_t id,
                                          const std::vector<std::string>& fields) {
  auto document = api_.GetResource(type, id, fields);
  if (document && *document) See(*Find(**document, "data"));
  return document;
}

Result<std::shared_ptr<RemoteFile>> Session::OpenOutput(const ResolvedInference& resolved,
                                                        const Output& output,
                                                        const std::string& validator) {
  auto version = VersionOf(resolved, output);
  if (!version) return Pass(version);
  version->validator = validator;
  return OpenVersionOf(resolved.inference.id, *version);
}

Result<std::shared_ptr<RemoteFile>> Session::OpenProject(const ResolvedInference& resolved) {
  const std::string label = "the QGIS project of " + Named(resolved.inference);
  if (!resolved.inference.qgis_project_location)
    return Fail(ErrorKind::kNotFound, label + " does not exist; rerun the inference");
  const auto version = VersionOf(resolved, *resolved.inference.qgis_project_location, label);
  if (!version) return Pass(version);
  return OpenVersionOf(resolved.inference.id, *version);
}

ReadAhead Session::NewReader() const {
  return ReadAhead(std::min(kMostAhead, settings_.cache_size / 4));
}

Result<FileVersion> Session::VersionOf(const ResolvedInference& resolved, const std::string& data,
                                       const std::string& label) {
  const Status finished = CheckFinished(resolved.inference);
  if (!finished) return Pass(finished);
  if (!resolved.factbase || !resolved.factbase->uri)
    return Fail(ErrorKind::kProtocol, label +
                                          " cannot be found: the API does not name the address "
                                          "of its factbase; try again later");
  const auto base = Url::Parse(*resolved.factbase->uri);
  if (!base) return Fail(ErrorKind::kProtocol, label + ": the factbase's " + base.error().message);
  auto url = ResultUrl(*base, data);
  if (!url) return Fail(ErrorKind::kProtocol, label + ": " + url.error().message);
  FileVersion version;
  version.url = std::move(*url);
  version.stamp = resolved.inference.timestamp_finished.value_or("");
  version.label = label;
  return version;
}

Result<FileVersion> Session::VersionOf(const ResolvedInference& resolved, const Output& output) {
  const std::string label = "output '" + output.name + "' of " + Named(resolved.inference);
  if (!output.data)
    return Fail(ErrorKind::kProtocol,
                label + " has no file: the API gives no path ('data') for it; rerun the inference");
  auto version = VersionOf(resolved, *output.data, label);
  if (version) version->size = output.bytes;
  return version;
}

std::shared_ptr<RemoteFile> Session::OpenVersion(const FileVersion& version) {
  return OpenVersionOf(0, version);
}

std::shared_ptr<RemoteFile> Session::OpenVersionOf(std::int64_t inference,
                                                   const FileVersion& version) {
  const std::string key = version.url.ToString() + "\n" +
                          (version.size ? std::to_string(*version.size) : "") + "\n" +
                          version.stamp;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (auto open = FindOpen(key, version.validator)) return open;
  }
  FileVersion own = version;
  if (own.account.empty() && scope_.Covers(version.url)) own.account = Account().value_or("");
  auto file = std::make_shared<RemoteFile>(transport_, SharedBlockCache(), std::move(own),
                                           settings_.merge_ranges);
  file->Expect([this, opened = file->version()] {
    return second_look_.FindBeginning(opened.account, opened);
  });
  const std::lock_guard<std::mutex> lock(mutex_);
  // Another thread may have opened it meanwhile.
  if (auto open = FindOpen(key, version.validator)) return open;
  // What a file was opened for may have been its beginning, while all of it is on its way.
  for (const auto& open : files_) open.file->Settle();
  files_.push_front({key, inference, file});
  if (files_.size() > kMostFiles) files_.pop_back();
  return file;
}

// Under the lock. What was opened before keeps its blocks, though the server may have another
// version by now; so there may be several of one key.
std::shared_ptr<RemoteFile> Session::FindOpen(const std::string& key,
                                              const std::string& validator) {
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const auto& entry) {
    return entry.key == key && entry.file->Serves(validator);
  });
  if (found == files_.end()) return nullptr;
  files_.splice(files_.begin(), files_, found);
  return files_.front().file;
}

void Session::Forget(const std::shared_ptr<RemoteFile>& file) {
  // What is not there has no bytes that could be broken.
  if (file->IsMissing()) return;
  CloseFile(file);
  second_look_.DropBeginning(file->version().account, file->version());
  file->DropBlocks();
}

}  // namespace s2c
