// SPDX-License-Identifier: MIT
#include "client/http/curl_loop.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <system_error>
#include <thread>

#include "client/base/per_process.h"
#include "client/base/system.h"

namespace s2c {
namespace {

using Loop = CurlTransport::Loop;

constexpr int kUnwakenMilliseconds = 20;
constexpr std::size_t kMaxIdleHandles = 16;
constexpr std::chrono::seconds kLongestEnd{2};
// How many servers a session has to do with: API, login, files, and one more.
constexpr long kServers = 4;

struct Thread {
  std::shared_ptr<Loop> loop;
  std::thread thread;
};
using Threads = std::vector<Thread>;

// All threads of the process that have not been joined, for its end.
struct LoopRegistry {
  std::mutex mutex;
  Threads threads;
  std::atomic<bool> process_ends{false};
  // What the end is like, known once `process_ends` is.
  std::thread::id ending_thread;
  std::chrono::steady_clock::time_point others_hear;

  Threads Take(bool ended_alone) {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto kept = std::partition(threads.begin(), threads.end(), [&](const Thread& thread) {
      return ended_alone && !thread.loop->HasEnded();
    });
    Threads taken(std::make_move_iterator(kept), std::make_move_iterator(threads.end()));
    threads.erase(kept, threads.end());
    return taken;
  }
};

LoopRegistry& Registry() {
  static PerProcess<LoopRegistry> registry;
  return registry.Get();
}

// The TLS library takes itself down in an exit handler of its own, registered earlier and so run
// later than this one: no thread of ours may be inside it then. It also frees what it holds for
// each thread when that ends, so a thread must be gone, not only about to go.
void StopLoopsAtExit() {
  LoopRegistry& registry = Registry();
  registry.ending_thread = std::this_thread::get_id();
  registry.others_hear = std::chrono::steady_clock::now() + kLongestEnd;
  registry.process_ends = true;
  Threads threads = registry.Take(false);
  for (const Thread& thread : threads) thread.loop->Stop();
  for (Thread& thread : threads) {
    if (thread.loop->WaitForEnd()) {
      thread.thread.join();
    } else {
      thread.thread.detach();
    }
  }
}

void PrepareCurlOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    // Never undone: GDAL's own libcurl and other plugins share the libraries beneath.
    curl_global_init(CURL_GLOBAL_DEFAULT);
    AtProcessEnd(StopLoopsAtExit);
  });
}

// Not to be repeated: what has ended stays so.
Result<Response> Ended() {
  const LoopRegistry& registry = Registry();
  // A thread that went on would run in a program whose static objects are being destroyed, as QGIS'
  // and GDAL's are; nearly always the process is gone before it hears of the end (issue 10). Not
  // longer: an exit handler may wait for the thread.
  if (registry.process_ends && std::this_thread::get_id() != registry.ending_thread)
    std::this_thread::sleep_until(registry.others_hear);
  return Fail(ErrorKind::kServer, "the program is ending, so the request was given up");
}

}  // namespace

CurlTransport::Loop::Loop(ConnectionSettings settings)
    : settings_(std::move(settings)), process_(ProcessOfNow()), multi_(curl_multi_init()) {
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, MostConnections());
  // Else libcurl closes all but four for each request that is under way at the moment.
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kServers * MostConnections());
  // Where file descriptors are used up, libcurl goes without those that it is woken by.
  if (curl_multi_wakeup(multi_) != CURLM_OK) idle_milliseconds_ = kUnwakenMilliseconds;
}

long CurlTransport::Loop::MostConnections() const { return std::max(1, settings_.max_connections); }

std::int64_t CurlTransport::Loop::ProcessOfNow() { return ProcessId(); }

std::shared_ptr<CurlTransport::Loop> CurlTransport::Loop::Begin(
    const ConnectionSettings& settings) {
  PrepareCurlOnce();
  auto loop = std::make_shared<Loop>(settings);
  LoopRegistry& registry = Registry();
  for (Thread& ended : registry.Take(true)) ended.thread.join();
  if (!loop->multi_) {
    // libcurl 8.23, not 7.88, fails without the descriptors that it is woken by.
    loop->GiveUp("no memory, or no file descriptor is left");
    return loop;
  }
  try {
    const std::lock_guard<std::mutex> lock(registry.mutex);
    registry.threads.reserve(registry.threads.size() + 1);
    registry.threads.push_back({loop, std::thread([loop] { Run(loop); })});
  } catch (const std::system_error& error) {
    loop->GiveUp(error.code().message());
  }
  return loop;
}

void CurlTransport::Loop::GiveUp(std::string why) {
  without_thread_ = std::move(why);
  End();
}

// Called under the lock: without it the thread may end and take the multi handle with it.
void CurlTransport::Loop::Wake() { curl_multi_wakeup(multi_); }

void CurlTransport::Loop::Add(const std::shared_ptr<Transfer>& transfer) {
  if (HaveThreadsEnded()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (ended_ || stop_ || Registry().process_ends) {
    transfer->done = true;
    return;
  }
  to_add_.push_back(transfer);
  Wake();
}

void CurlTransport::Loop::Cancel(const std::shared_ptr<Transfer>& transfer) {
  if (HaveThreadsEnded()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (transfer->done || ended_) return;
  to_cancel_.push_back(transfer);
  Wake();
}

Result<Response> CurlTransport::Loop::WaitFor(Transfer& transfer, std::size_t bytes) {
  if (HaveThreadsEnded()) return Ended();
  std::unique_lock<std::mutex> lock(mutex_);
  // Before the look at the size: the loop's thread first adds to the size, then looks at this.
  transfer.awaited = bytes;
  transfer.changed.wait(lock, [&] {
    return transfer.done || (transfer.begun && transfer.begun->part->size() >= bytes);
  });
  transfer.awaited = SIZE_MAX;
  if (!transfer.done) return *transfer.begun;
  if (!transfer.result) {
    lock.unlock();
    if (IsWithoutThread())
      return Fail(ErrorKind::kServer,
                  "requests need a thread, and this process gets none (" + without_thread_ + ")");
    return Ended();
  }
  Result<Response> result = std::move(*transfer.result);
  transfer.result.reset();
  return result;
}

void CurlTransport::Loop::Tell(Transfer& transfer) {
  if (transfer.begun && transfer.response.part->size() < transfer.awaited) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!transfer.begun) {
    // A copy: trailers may still be added to the headers of the other.
    transfer.begun = transfer.response;
    transfer.begun->complete = false;
  }
  transfer.changed.notify_all();
}

void CurlTransport::Loop::Stop() {
  if (HaveThreadsEnded()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (ended_) return;
  stop_ = true;
  Wake();
}

bool CurlTransport::Loop::WaitForEnd() {
  std::unique_lock<std::mutex> lock(mutex_);
  return ended_condition_.wait_for(lock, kLongestEnd, [&] { return ended_; });
}

bool CurlTransport::Loop::HasEnded() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ended_;
}

void CurlTransport::Loop::Run(const std::shared_ptr<Loop>& loop) {
  BlockSignalsInThisThread();
  while (loop->TakeWork()) {
    int still_running = 0;
    curl_multi_perform(loop->multi_, &still_running);
    loop->CollectFinished();
    curl_multi_poll(loop->multi_, nullptr, 0, loop->idle_milliseconds_, nullptr);
  }
  loop->End();
}

bool CurlTransport::Loop::TakeWork() {
  std::vector<std::shared_ptr<Transfer>> add;
  std::vector<std::shared_ptr<Transfer>> cancel;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stop_) return false;
    add.swap(to_add_);
    cancel.swap(to_cancel_);
  }
  for (const auto& transfer : add) Launch(transfer);
  for (const auto& transfer : cancel) {
    if (!transfer->easy) continue;
    Remove(transfer);
    Finish(*transfer, std::nullopt);
  }
  return true;
}

void CurlTransport::Loop::Launch(const std::shared_ptr<Transfer>& transfer) {
  if (const Status sendable = CheckHeaders(transfer->request); !sendable) {
    Finish(*transfer, Pass(sendable));
    return;
  }
  if (idle_.empty()) {
    transfer->easy = curl_easy_init();
  } else {
    transfer->easy = idle_.back();
    idle_.pop_back();
  }
  if (!transfer->easy) {
    Finish(*transfer, Fail(ErrorKind::kUnreachable, "libcurl has no memory for a request"));
    return;
  }
  transfer->loop = this;
  transfer->answers_before = answers_[transfer->request.url.Origin()];
  SetUpEasy(transfer->easy, settings_, *transfer);
  running_.push_back(transfer);
  if (curl_multi_add_handle(multi_, transfer->easy) == CURLM_OK) return;
  Remove(transfer);
  Finish(*transfer, Fail(ErrorKind::kUnreachable, "libcurl could not take a request on"));
}

void CurlTransport::Loop::Remove(const std::shared_ptr<Transfer>& transfer) {
  // Else libcurl closes the connection that OnConnected() has kept.
  if (transfer->request.only_connect) curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_ONLY, 0L);
  curl_multi_remove_handle(multi_, transfer->easy);
  curl_easy_reset(transfer->easy);
  if (idle_.size() < kMaxIdleHandles) {
    idle_.push_back(transfer->easy);
  } else {
    curl_easy_cleanup(transfer->easy);
  }
  transfer->easy = nullptr;
  curl_slist_free_all(transfer->header_lines);
  transfer->header_lines = nullptr;
  running_.erase(std::find(running_.begin(), running_.end(), transfer));
}

void CurlTransport::Loop::CollectFinished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const easy = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto found =
        std::find_if(running_.begin(), running_.end(),
                     [easy](const std::shared_ptr<Transfer>& t) { return t->easy == easy; });
    if (found == running_.end()) continue;
    const std::shared_ptr<Transfer> transfer = *found;
    if (code == CURLE_OPERATION_TIMEDOUT && WaitsItsTurn(*transfer)) {
      Remove(transfer);
      Launch(transfer);
      continue;
    }
    Result<Response> outcome = ReadOutcome(code, *transfer);
    if (outcome) ++answers_[transfer->request.url.Origin()];
    Remove(transfer);
    // Who only connects has begun earlier than those who have something to send.
    if (!outcome && outcome.error().kind == ErrorKind::kSilent && !transfer->request.only_connect)
      LetGoOfUnsent(transfer->request.url.Origin(), outcome.error().message);
    Finish(*transfer, std::move(outcome));
  }
}

// In curl 8.23, not in 7.88, the time to connect passes also while a transfer waits for one of the
// connections that others have.
bool CurlTransport::Loop::WaitsItsTurn(const Transfer& transfer) const {
  if (settings_.timeout > 0 || !IsUnsent(transfer.easy) || HasBegunToConnect(transfer.easy))
    return false;
  const std::string server = transfer.request.url.Origin();
  if (answers_.count(server) > 0 && answers_.at(server) > transfer.answers_before) return true;
  return std::any_of(running_.begin(), running_.end(), [&](const auto& other) {
    return !IsUnsent(other->easy) && other->request.url.Origin() == server;
  });
}

// In libcurl's queue they would wait for the same server one after the other, and as long each.
// They may be repeated, unless the server is found dead by then.
void CurlTransport::Loop::LetGoOfUnsent(const std::string& server, const std::string& why) {
  std::vector<std::shared_ptr<Transfer>> unsent;
  for (const auto& transfer : running_) {
    if (IsUnsent(transfer->easy) && transfer->request.url.Origin() == server)
      unsent.push_back(transfer);
  }
  for (const auto& transfer : unsent) {
    Remove(transfer);
    Finish(*transfer, Fail(ErrorKind::kUnreachable, why));
  }
}

void CurlTransport::Loop::Finish(Transfer& transfer, std::optional<Result<Response>> result) {
  const std::lock_guard<std::mutex> lock(mutex_);
  transfer.result = std::move(result);
  transfer.done = true;
  // Under the lock: the waiter may destroy the transfer as soon as it sees `done`.
  transfer.changed.notify_all();
}

void CurlTransport::Loop::End() {
  while (!running_.empty()) {
    const std::shared_ptr<Transfer> transfer = running_.back();
    Remove(transfer);
    Finish(*transfer, std::nullopt);
  }
  for (CURL* const easy : idle_) curl_easy_cleanup(easy);
  idle_.clear();
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& transfer : to_add_) {
    transfer->done = true;
    transfer->changed.notify_all();
  }
  to_add_.clear();
  curl_multi_cleanup(multi_);
  ended_ = true;
  ended_condition_.notify_all();
}

}  // namespace s2c
