// SPDX-License-Identifier: MIT
#pragma once

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/http/curl_transport.h"

namespace s2c {

/// One exchange inside libcurl. `request` does not change; the loop's thread alone touches what
/// follows it, and the rest is guarded by the loop's mutex.
struct Transfer {
  Request request;

  CurlTransport::Loop* loop = nullptr;
  CURL* easy = nullptr;
  curl_slist* header_lines = nullptr;
  std::size_t answers_before = 0;  ///< of its server
  Response response;
  std::size_t head_size = 0;  ///< of all heads of the answer, and its trailers
  Status taken;               ///< why libcurl was told to stop
  std::array<char, CURL_ERROR_SIZE> error_text{};

  /// How many bytes of a part somebody waits for; none where it is not waited for.
  std::atomic<std::size_t> awaited{SIZE_MAX};
  std::optional<Response> begun;  ///< a part whose bytes are arriving
  bool done = false;
  std::optional<Result<Response>> result;  ///< none where the loop has ended before
  std::condition_variable changed;
};

/// The thread behind one CurlTransport. It owns every libcurl handle; other threads hand it
/// transfers and wait for their results. It ends when Stop() is called or the process exits.
class CurlTransport::Loop {
 public:
  static std::shared_ptr<Loop> Begin(const ConnectionSettings& settings);
  explicit Loop(ConnectionSettings settings);

  bool IsOfThisProcess() const { return process_ == ProcessOfNow(); }
  void Add(const std::shared_ptr<Transfer>& transfer);
  void Cancel(const std::shared_ptr<Transfer>& transfer);
  Result<Response> WaitFor(Transfer& transfer, std::size_t bytes);
  /// Called by the loop's thread when bytes of a part have arrived.
  void Tell(Transfer& transfer);
  /// Returns at once; the thread ends by itself and fails what is still waited for.
  void Stop();
  /// Blocks until the thread is about to end, for at most two seconds; false where it does not.
  bool WaitForEnd();
  bool HasEnded();
  /// Whether there was no room for a thread; another loop may have more luck.
  bool IsWithoutThread() const { return !without_thread_.empty(); }

 private:
  static std::int64_t ProcessOfNow();
  static void Run(const std::shared_ptr<Loop>& loop);
  void GiveUp(std::string why);
  void Wake();
  bool TakeWork();
  void Launch(const std::shared_ptr<Transfer>& transfer);
  void Remove(const std::shared_ptr<Transfer>& transfer);
  void CollectFinished();
  bool WaitsItsTurn(const Transfer& transfer) const;
  void LetGoOfUnsent(const std::string& server, const std::string& why);
  void Finish(Transfer& transfer, std::optional<Result<Response>> result);
  long MostConnections() const;
  void End();

  const ConnectionSettings settings_;
  const std::int64_t process_;
  CURLM* const multi_;
  int idle_milliseconds_ = 60000;
  std::string without_thread_;  ///< why; both are set before anybody else knows the loop

  std::mutex mutex_;
  std::condition_variable ended_condition_;
  std::vector<std::shared_ptr<Transfer>> to_add_;
  std::vector<std::shared_ptr<Transfer>> to_cancel_;
  bool stop_ = false;
  bool ended_ = false;

  // The thread's own.
  std::vector<std::shared_ptr<Transfer>> running_;
  std::map<std::string, std::size_t> answers_;  ///< how many have come from each server
  std::vector<CURL*> idle_;
};

/// Sets up `easy` for one transfer (curl_setup.cpp).
/// Fails where a header would be more than one on the wire, or less: none of it may be sent then.
Status CheckHeaders(const Request& request);
void SetUpEasy(CURL* easy, const ConnectionSettings& settings, Transfer& transfer);

/// Whether nothing of a request has left yet (curl_setup.cpp).
bool IsUnsent(CURL* easy);
/// False also where the server's name could not be looked up (curl_setup.cpp).
bool HasBegunToConnect(CURL* easy);
/// What a finished transfer tells its waiter (curl_setup.cpp).
Result<Response> ReadOutcome(CURLcode code, Transfer& transfer);

}  // namespace s2c
