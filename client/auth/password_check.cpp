// SPDX-License-Identifier: MIT
#include "client/auth/password_check.h"

#include <algorithm>
#include <deque>
#include <mutex>

#include "client/base/per_process.h"
#include "client/base/system.h"

namespace s2c {
namespace {

// More than there are accounts in most processes.
constexpr std::size_t kMostOutcomes = 64;

struct Outcome {
  std::string digest;
  Secret password;
  bool matches = false;
};

struct Outcomes {
  std::mutex mutex;
  std::deque<Outcome> known;  ///< the latest last

  void Add(Outcome outcome) {
    known.push_back(std::move(outcome));
    if (known.size() > kMostOutcomes) known.pop_front();
  }
};

Outcomes& Known() {
  static PerProcess<Outcomes> outcomes;
  return outcomes.Get();
}

}  // namespace

std::string MakePasswordDigest(const Secret& password) {
  Outcomes& outcomes = Known();
  const std::lock_guard<std::mutex> lock(outcomes.mutex);
  std::string digest = PasswordDigest(password.Reveal());
  if (!digest.empty()) outcomes.Add({digest, password, true});
  return digest;
}

bool IsDigestOf(const std::string& digest, const Secret& password) {
  if (digest.empty()) return false;
  Outcomes& outcomes = Known();
  const std::lock_guard<std::mutex> lock(outcomes.mutex);
  const auto found =
      std::find_if(outcomes.known.begin(), outcomes.known.end(), [&](const Outcome& outcome) {
        return outcome.digest == digest && outcome.password == password;
      });
  if (found != outcomes.known.end()) return found->matches;
  const bool matches = PasswordDigest(password.Reveal(), digest) == digest;
  outcomes.Add({digest, password, matches});
  return matches;
}

}  // namespace s2c
