// SPDX-License-Identifier: MIT
#include "client/http/dead_servers.h"

#include <algorithm>
#include <iterator>
#include <list>
#include <utility>

#include "client/base/per_process.h"
#include "client/http/connection_settings.h"

namespace s2c {
namespace {

// More than anybody has to do with; what redirects name is bounded by nothing else.
constexpr std::size_t kMostServers = 64;
constexpr std::size_t kMostSettings = 16;

struct Registry {
  std::mutex mutex;
  std::list<std::pair<ConnectionSettings, std::shared_ptr<DeadServers>>> all;  ///< latest first
};

std::string Seconds(Clock::Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  return std::to_string(seconds) + " s";
}

}  // namespace

std::shared_ptr<DeadServers> DeadServers::For(const ConnectionSettings& settings) {
  static PerProcess<Registry> registry;
  Registry& known = registry.Get();
  const std::lock_guard<std::mutex> lock(known.mutex);
  const auto found = std::find_if(known.all.begin(), known.all.end(),
                                  [&](const auto& entry) { return entry.first == settings; });
  if (found != known.all.end()) {
    known.all.splice(known.all.begin(), known.all, found);
  } else {
    known.all.emplace_front(settings, std::make_shared<DeadServers>(SystemClock()));
    if (known.all.size() > kMostSettings) known.all.pop_back();
  }
  return known.all.front().second;
}

Status DeadServers::Enter(Visit& visit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  visit.began = clock_.Now();
  if (!visit.first) visit.first = visit.began;
  const auto found = servers_.find(visit.server);
  if (visit.is_probe || found == servers_.end() || !found->second.cause) return {};
  Server& server = found->second;
  if (server.is_probed || visit.began < server.until) return Refuse(server);
  server.is_probed = true;
  visit.is_probe = true;
  return {};
}

void DeadServers::Answered(Visit& visit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Server& server = Get(visit.server);
  server.answered = clock_.Now();
  server.cause.reset();
  server.is_probed = visit.is_probe = false;
}

bool DeadServers::HasAnsweredLately(const Visit& visit) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = servers_.find(visit.server);
  if (found == servers_.end() || !found->second.answered) return false;
  return clock_.Now() - *found->second.answered < kLately;
}

void DeadServers::Failed(Visit& visit, const Error& error) {
  Left(visit);
  if (error.kind != ErrorKind::kUnreachable && error.kind != ErrorKind::kSilent) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  Server& server = Get(visit.server);
  // It lives, and is slow to answer this one request, or takes no more connections.
  if (server.answered && *server.answered > visit.first.value_or(visit.began)) return;
  server.cause = error.message;
  server.found = clock_.Now();
  // So at most a third of the time goes into looking again.
  server.until = server.found +
                 std::clamp<Clock::Duration>((server.found - visit.began) * 2, kShortest, kLongest);
}

void DeadServers::Left(Visit& visit) {
  if (!visit.is_probe) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  Get(visit.server).is_probed = visit.is_probe = false;
}

DeadServers::Server& DeadServers::Get(const std::string& name) {
  if (servers_.size() >= kMostServers && servers_.count(name) == 0) servers_.clear();
  return servers_[name];
}

tl::unexpected<Error> DeadServers::Refuse(const Server& server) const {
  const Clock::TimePoint now = clock_.Now();
  std::string message = *server.cause + ", as was found " + Seconds(now - server.found) + " ago; ";
  if (server.is_probed || now >= server.until) {
    message += "it is being tried again";
  } else {
    // Rounded up, so that nobody tries too early.
    message += "it will be tried again after another " +
               Seconds(server.until - now + std::chrono::milliseconds(999));
  }
  return Fail(ErrorKind::kUnreachable, std::move(message));
}

}  // namespace s2c
