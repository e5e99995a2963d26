// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/session.h"
#include "vsi/read_record.h"

namespace s2c {

constexpr const char* kVsiPrefix = "/vsis2c/";

/// A path below /vsis2c/, taken apart: ["~MOUNT/"] [ID ["/" NAME]].
struct VsiPath {
  std::string mount;               ///< KEY.OUTPUT of a Mount, empty for none
  std::optional<std::int64_t> id;  ///< absent: the root
  std::string name;                ///< empty: the directory
};

/// Nothing where the path cannot be one: an id that is no number, or more levels.
std::optional<VsiPath> ParseVsiPath(std::string_view path);

/// What is below the path of a mount.
struct Mounted {
  std::shared_ptr<Session> session;
  InferencePtr inference;
  std::shared_ptr<ReadRecord> record;
  std::shared_ptr<VersionPins> pins;
  std::size_t output = 0;              ///< the place of the one that the path means
  std::shared_ptr<RemoteFile> file{};  ///< of that output, where somebody has asked for it already
};

/// `mount` is that of a VsiPath; empty where there is no such mount. Thread-safe.
Mounted FindMount(std::string_view mount);

/// An inference as it was when a dataset was opened, with the session that it came from, and a path
/// for each of its outputs: /vsis2c/~KEY.OUTPUT/ID/NAME. So the driver's open options and its one
/// look at the API hold for the file that GDAL's own driver then opens by name. Nothing else is in
/// the folder of such a path: GDAL's drivers look for sidecar files there, and an output that bears
/// the name of one is none (issue 9). The paths are gone with the mount; what was opened through
/// them stays open.
class Mount {
 public:
  Mount(std::shared_ptr<Session> session, InferencePtr inference);
  /// For one output alone, whose bytes somebody has asked for: `file`, which is the session's.
  Mount(std::shared_ptr<Session> session, InferencePtr inference, std::size_t output,
        std::shared_ptr<RemoteFile> file);
  ~Mount();
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;

  /// The same run with the same versions of its files under a path of its own, without a look at
  /// the API. In a forked child through a session of the child's.
  Result<std::unique_ptr<Mount>> Again() const;

  /// The path of the output at `index`.
  std::string OutputPath(std::size_t index) const;

  /// In a forked child a session of its own.
  Result<std::shared_ptr<Session>> session() const;
  bool IsOfThisProcess() const { return mounted_.session->IsOfThisProcess(); }
  const InferencePtr& inference() const { return mounted_.inference; }
  const ReadRecord& record() const { return *mounted_.record; }
  /// What is read below this path from here on is asked for anew; see Session::Forget().
  void ForgetOutput(std::size_t index) const;

 private:
  explicit Mount(Mounted mounted);

  const Mounted mounted_;
  const std::string key_;
};

/// `text` with the paths of mounts as anybody may use them: /vsis2c/ID/NAME.
std::string WithPublicPaths(std::string text);

}  // namespace s2c
