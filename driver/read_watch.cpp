// SPDX-License-Identifier: MIT
#include "driver/read_watch.h"

#include <cpl_error.h>

#include <algorithm>
#include <string>
#include <vector>

#include "vsi/report.h"

namespace s2c {
namespace {

struct Message {
  CPLErr level;
  CPLErrorNum number;
  std::string text;
};

using Messages = std::vector<Message>;

// Keeps what the calling thread is told.
void CPL_STDCALL Keep(CPLErr level, CPLErrorNum number, const char* text) {
  static_cast<Messages*>(CPLGetErrorHandlerUserData())->push_back({level, number, text});
}

bool IsFailure(const Message& message) { return message.level == CE_Failure; }

}  // namespace

ReadOutcome WatchReads(const Mount& mount, const std::function<bool()>& call) {
  const ReadRecord& record = mount.record();
  const std::uint64_t failures = record.failures();
  const std::uint64_t attempts = record.attempts();
  Messages messages;
  bool is_good = false;
  {
    const CPLErrorStateBackuper state;
    const CPLErrorHandlerPusher handler(Keep, &messages);
    CPLSetCurrentErrorHandlerCatchDebug(FALSE);
    is_good = call();
  }
  const bool is_unread =
      record.failures() != failures || (!is_good && record.attempts() != attempts);
  for (const Message& message : messages) {
    const std::string text = WithPublicPaths(message.text);
    if (is_unread) {
      CPLDebug("S2C", "%s", text.c_str());
    } else {
      CPLError(message.level, message.number, "%s", text.c_str());
    }
  }
  if (is_unread) {
    Report(record.last());
    return ReadOutcome::kUnread;
  }
  if (is_good) return ReadOutcome::kGood;
  const auto reason = std::find_if(messages.rbegin(), messages.rend(), IsFailure);
  if (reason == messages.rend()) return ReadOutcome::kSilent;
  return reason->number == CPLE_UserInterrupt ? ReadOutcome::kCancelled : ReadOutcome::kUnusable;
}

}  // namespace s2c
