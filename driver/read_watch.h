// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "vsi/paths.h"

namespace s2c {

/// What became of a call into one of GDAL's drivers.
enum class ReadOutcome {
  kGood,
  kUnread,     ///< bytes did not come, whatever the driver says; it may have kept something wrong
  kUnusable,   ///< bytes came, and the driver could do nothing with them
  kSilent,     ///< the same, and the driver gave no reason
  kCancelled,  ///< the caller's progress function has ended it
};

/// Runs `call`, which has a driver of GDAL's read through `mount` and tells whether that went well
/// by the driver's own account, and finds out whether it did: the drivers do not always hand a
/// failed read on (issue 9). After kUnread the last error is the sentence that says which bytes did
/// not come and why; what the driver said of it goes to the debug output. Else what it said is said
/// again, without the mount's path.
ReadOutcome WatchReads(const Mount& mount, const std::function<bool()>& call);

}  // namespace s2c
