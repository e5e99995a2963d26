// SPDX-License-Identifier: MIT
// What a session does before the API has answered, and what it keeps for the next process.
#include "client/session.h"

namespace s2c {
namespace {

// Longer than a connection takes that is of use to anybody.
constexpr std::chrono::seconds kLongestConnecting{10};

}  // namespace

// Nobody's where nothing is kept, or the token does not say whose it is.
Result<std::string> Session::Account() {
  if (!second_look_.keeps() || !scope_.Covers(api_.url())) return std::string();
  const auto token = login_.Get();
  if (!token) return Pass(token);
  const std::lock_guard<std::mutex> lock(account_mutex_);
  if (account_token_ != *token) {
    account_token_ = *token;
    account_ = SecondLook::UserOf(*token);
  }
  return account_;
}

// Asks for the beginning of the wanted file where it was when an earlier process looked. The
// address is made of what is kept by the rules that hold for what the API says, and is asked for
// nothing where the token may not go.
std::shared_ptr<RemoteFile> Session::LookAhead(const std::string& account, std::int64_t id,
                                               const Wanted& wanted) {
  const auto known = second_look_.FindInference(account, id);
  if (!known) {
    ConnectAhead(account);
    return nullptr;
  }
  const Output* const output = wanted(*known);
  auto version = output ? VersionOf(*known, *output) : Result<FileVersion>();
  if (!output || !version || !scope_.Covers(version->url)) return nullptr;
  version->account = account;
  std::shared_ptr<RemoteFile> file = OpenVersionOf(id, *version);
  file->FetchBeginning();
  return file;
}

// Of an inference that is not known the files are most likely where those of the last one were.
void Session::ConnectAhead(const std::string& account) {
  const auto server = second_look_.FindFileServer(account);
  if (!server || server->Origin() == api_.url().Origin() || !scope_.Covers(*server)) return;
  const std::string origin = server->Origin();
  const Clock::TimePoint now = clock_.Now();
  const std::lock_guard<std::mutex> lock(mutex_);
  // Another thread's, for which requests may be waiting: who ends it ends them.
  if (connecting_.exchange && connecting_.origin == origin &&
      now - connecting_.begun_at < kLongestConnecting)
    return;
  Request request;
  request.url = *server;
  request.only_connect = true;
  connecting_ = {origin, now, curl_.Start(std::move(request))};
}

bool Session::IsOf(const RemoteFile& file, const ResolvedInference& resolved,
                   const Wanted& wanted) {
  const Output* const output = wanted(resolved);
  const auto version = output ? VersionOf(resolved, *output) : Result<FileVersion>();
  return output && version && version->url == file.version().url &&
         version->size == file.version().size && version->stamp == file.version().stamp;
}

// Whoever has it open keeps it.
void Session::CloseFile(const std::shared_ptr<RemoteFile>& file) {
  const std::lock_guard<std::mutex> lock(mutex_);
  files_.remove_if([&](const auto& entry) { return entry.file == file; });
}

void Session::KeepBeginning(const std::shared_ptr<RemoteFile>& file) {
  const std::string& account = file->version().account;
  if (!second_look_.keeps() || account.empty()) return;
  if (const auto beginning = file->TakeBeginning(SecondLook::kLongestBeginning))
    second_look_.KeepBeginning(account, file->version(), *beginning);
}

}  // namespace s2c
