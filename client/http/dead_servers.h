// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client/base/clock.h"
#include "client/base/result.h"

namespace s2c {

struct ConnectionSettings;

/// Which servers could not be reached, or said nothing, a moment ago: a project of many layers
/// finds that out once, and not with each layer (issue 10). After some seconds one request looks
/// again, while others are still refused; any answer ends it. Thread-safe.
class DeadServers {
 public:
  static constexpr std::chrono::seconds kShortest{10};
  static constexpr std::chrono::seconds kLongest{30};
  static constexpr std::chrono::seconds kLately{60};

  /// A request to a server (Url::Origin), which may be repeated.
  struct Visit {
    std::string server;
    std::optional<Clock::TimePoint> first{};  ///< when it began to ask
    Clock::TimePoint began{};                 ///< when it did so last
    bool is_probe = false;                    ///< it looks whether the server has come back
  };

  /// `clock` must outlive this.
  explicit DeadServers(Clock& clock) : clock_(clock) {}

  /// One for all in this process who connect in the same way: what fails with one proxy or one
  /// timeout tells nothing about another.
  static std::shared_ptr<DeadServers> For(const ConnectionSettings& settings);

  /// Lets a request go, or says why it would be in vain; again before each repetition, since others
  /// may have found out meanwhile. One of those below ends the visit.
  Status Enter(Visit& visit);
  void Answered(Visit& visit);
  /// Whether it has answered any request within the last minute: its silence may pass.
  bool HasAnsweredLately(const Visit& visit) const;
  /// Remembers kUnreachable and kSilent; another failure tells nothing of the server.
  void Failed(Visit& visit, const Error& error);
  /// Nobody wants the answer any more.
  void Left(Visit& visit);

 private:
  struct Server {
    std::optional<Clock::TimePoint> answered;
    std::optional<std::string> cause;
    Clock::TimePoint found{};
    Clock::TimePoint until{};
    bool is_probed = false;
  };

  Server& Get(const std::string& name);
  tl::unexpected<Error> Refuse(const Server& server) const;

  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Server> servers_;
};

}  // namespace s2c
