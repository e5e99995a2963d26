// SPDX-License-Identifier: MIT
#include "driver/read_watch.h"

#include <algorithm>
#include <string>

#include "driver/kept_messages.h"
#include "vsi/report.h"

namespace s2c {

ReadOutcome WatchReads(const Mount& mount, const std::function<bool()>& call) {
  const ReadRecord& record = mount.record();
  const std::uint64_t failures = record.failures();
  const std::uint64_t attempts = record.attempts();
  bool is_good = false;
  const auto messages = KeepMessages([&] { is_good = call(); });
  const bool is_unread =
      record.failures() != failures || (!is_good && record.attempts() != attempts);
  for (const KeptMessage& message : messages) {
    const std::string text = WithPublicPaths(message.text);
    if (is_unread) {
      Debug(text);
    } else {
      KeptMessage{message.level, message.number, text}.Say();
    }
  }
  if (is_unread) {
    Report(record.last());
    return ReadOutcome::kUnread;
  }
  if (is_good) return ReadOutcome::kGood;
  const auto reason = std::find_if(messages.rbegin(), messages.rend(),
                                   [](const KeptMessage& message) { return message.IsFailure(); });
  if (reason == messages.rend()) return ReadOutcome::kSilent;
  return reason->number == CPLE_UserInterrupt ? ReadOutcome::kCancelled : ReadOutcome::kUnusable;
}

}  // namespace s2c
