// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "vsi/paths.h"

namespace s2c::testing_support {

/// A mount of inference 7 with one output, "x". Nothing of it is sent anywhere; the addresses are
/// reserved for documentation (RFC 2606).
inline std::unique_ptr<Mount> MakeMount() {
  SessionSettings settings;
  settings.api_url = "https://api.example/v1";
  settings.auth_url = "https://auth.example/token";
  auto resolved = std::make_shared<ResolvedInference>();
  resolved->inference.id = 7;
  resolved->inference.status = "SUCCEEDED";
  resolved->inference.outputs.resize(1);
  resolved->inference.outputs[0].name = "x";
  resolved->inference.outputs[0].data = "/output/x.tiff";
  return std::make_unique<Mount>(*Session::For(settings), resolved);
}

/// What is found by the mount's path.
inline Mounted FindByPath(const Mount& mount) {
  return FindMount(ParseVsiPath(mount.OutputPath(0))->mount);
}

}  // namespace s2c::testing_support
