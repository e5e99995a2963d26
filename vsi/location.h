// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>

#include "client/session.h"
#include "vsi/directory.h"
#include "vsi/paths.h"

namespace s2c {

/// What a path of an inference leads to.
struct Location {
  std::shared_ptr<Session> session;
  InferencePtr inference;               ///< with as much detail as was needed, or more
  std::optional<DirectoryEntry> entry;  ///< absent: the directory
  /// Of the path's mount; null without one.
  std::shared_ptr<ReadRecord> record{};
  std::shared_ptr<VersionPins> pins{};
  std::shared_ptr<RemoteFile> file{};  ///< where the mount has it already

  const Output& output() const { return inference->inference.outputs[entry->output]; }
};

/// Of the options that hold for `path`.
Result<std::shared_ptr<Session>> SessionOf(const char* path);

/// `parsed` is `path` taken apart, with an id.
Result<Location> Locate(const char* path, const VsiPath& parsed, Detail needed);

/// The size of the file at `path`, which `parsed` and `location` are: as the API tells it, else
/// asked for.
Result<std::uint64_t> FileSize(const char* path, const VsiPath& parsed, const Location& location);

/// The file of a location with Detail::kAll that is an output or the QGIS project.
Result<std::shared_ptr<RemoteFile>> OpenRemote(const Location& location);

tl::unexpected<Error> NoSuchPath(const char* path);

/// `path` with its mount, if it has one, as anybody may see it in a message.
std::string ShownPath(const char* path);

}  // namespace s2c
