// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/session.h"

namespace s2c {

/// Reads the inferences of those ids, or those that have succeeded and that `condition` lets
/// through on the layer `inference`: asked of the server as far as it goes, and looked at once more
/// here. Their attributes are those of a file (status, outputs, times), each with its factbase;
/// `take` gets each as it comes, newest first. **One API request per page.** kInvalidInput for a
/// condition that OGR does not understand.
using TakeInference = std::function<void(InferencePtr)>;
Status ReadInferences(const std::shared_ptr<Session>& session, const std::vector<std::int64_t>& ids,
                      const TakeInference& take);
Status ReadInferences(const std::shared_ptr<Session>& session, const std::string& condition,
                      const TakeInference& take);

}  // namespace s2c
