// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/session.h"

namespace s2c {

constexpr const char* kVsiPrefix = "/vsis2c/";

/// A path below /vsis2c/, taken apart: ["~MOUNT/"] [ID ["/" NAME]].
struct VsiPath {
  std::string mount;               ///< key of a Mount, empty for none
  std::optional<std::int64_t> id;  ///< absent: the root
  std::string name;                ///< empty: the directory
};

/// Nothing where the path cannot be one: an id that is no number, or more levels.
std::optional<VsiPath> ParseVsiPath(std::string_view path);

/// An inference as it was when a dataset was opened, with the session that it came from, under a
/// path of its own: /vsis2c/~KEY/ID/. So the driver's open options and its one look at the API
/// hold for the file that GDAL's own driver then opens by name. The path is gone with the mount;
/// what was opened through it stays open.
class Mount {
 public:
  Mount(std::shared_ptr<Session> session, InferencePtr inference);
  ~Mount();
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;

  /// The path of the output at `index`.
  std::string OutputPath(std::size_t index) const;

  /// In a forked child a session of its own.
  Result<std::shared_ptr<Session>> session() const;
  const InferencePtr& inference() const { return inference_; }

 private:
  const std::shared_ptr<Session> session_;
  const InferencePtr inference_;
  const std::string key_;
};

/// What a mount holds; empty where there is none of that key. Thread-safe.
struct Mounted {
  std::shared_ptr<Session> session;
  InferencePtr inference;
};
Mounted FindMount(const std::string& key);

}  // namespace s2c
