// SPDX-License-Identifier: MIT
// What a session does before the API has answered, and what it keeps for the next process.
#include <algorithm>

#include "client/session.h"

namespace s2c {

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
  const auto version = output ? VersionOf(*known, *output) : Result<FileVersion>();
  if (!output || !version || !scope_.Covers(version->url)) return nullptr;
  std::shared_ptr<RemoteFile> file = OpenVersionOf(id, *version);
  file->FetchBeginning();
  return file;
}

// Of an inference that is not known the files are most likely where those of the last one were.
void Session::ConnectAhead(const std::string& account) {
  const auto server = second_look_.FindFileServer(account);
  if (!server || server->Origin() == api_.url().Origin() || !scope_.Covers(*server)) return;
  Request request;
  request.url = *server;
  request.only_connect = true;
  std::unique_ptr<Exchange> connecting = curl_.Start(std::move(request));
  const std::lock_guard<std::mutex> lock(mutex_);
  connecting_.swap(connecting);
}

bool Session::IsOf(const RemoteFile& file, const ResolvedInference& resolved,
                   const Wanted& wanted) {
  const Output* const output = wanted(resolved);
  const auto version = output ? VersionOf(resolved, *output) : Result<FileVersion>();
  return output && version && version->url == file.version().url &&
         version->size == file.version().size && version->stamp == file.version().stamp;
}

// Whoever has it open keeps it. For whom it was opened.
std::string Session::CloseFile(const std::shared_ptr<RemoteFile>& file) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = std::find_if(files_.begin(), files_.end(),
                                  [&](const auto& entry) { return entry.file == file; });
  if (found == files_.end()) return {};
  std::string account = found->account;
  files_.erase(found);
  return account;
}

void Session::KeepBeginning(const std::shared_ptr<RemoteFile>& file) {
  if (!second_look_.keeps()) return;
  std::string account;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = std::find_if(files_.begin(), files_.end(),
                                    [&](const auto& entry) { return entry.file == file; });
    if (found != files_.end()) account = found->account;
  }
  if (account.empty()) return;
  if (const auto beginning = file->TakeBeginning(SecondLook::kLongestBeginning))
    second_look_.KeepBeginning(account, file->version(), *beginning);
}

}  // namespace s2c
