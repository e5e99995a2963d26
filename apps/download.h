// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "apps/part_state.h"
#include "client/base/part_file.h"
#include "client/session.h"
#include "vsi/directory.h"

namespace s2c {

/// How a file came to be there.
enum class Fetched {
  kWhole,
  kRest,   ///< some of it was there from a command that was interrupted
  kThere,  ///< all of it, of the same run
};

struct FetchedFile {
  Fetched fetched = Fetched::kWhole;
  std::uint64_t bytes = 0;
};

/// Fetches files of one inference into a folder. Each is there as a whole or not at all: what comes
/// goes to NAME.part, and a command that was interrupted is gone on with where the server still
/// has the same version.
class Download {
 public:
  Download(std::shared_ptr<Session> session, InferencePtr inference, std::string folder,
           bool overwrite);

  std::string PathOf(const DirectoryEntry& entry) const;
  Result<FetchedFile> Fetch(const DirectoryEntry& entry);

 private:
  Result<FetchedFile> FetchDocument(const DirectoryEntry& entry);
  Result<FetchedFile> FetchRemote(const DirectoryEntry& entry);
  Result<std::shared_ptr<RemoteFile>> Open(const DirectoryEntry& entry) const;
  std::optional<std::uint64_t> SizeThere(const DirectoryEntry& entry) const;
  Result<std::shared_ptr<RemoteFile>> Begin(const std::shared_ptr<RemoteFile>& file,
                                            const PartState& state, PartFile& part) const;
  Status Append(RemoteFile& file, PartFile& part, const std::string& label) const;
  Status Finish(PartFile& part, const std::string& path) const;

  const std::shared_ptr<Session> session_;
  const InferencePtr inference_;
  const std::string folder_;
  const bool overwrite_;
};

/// A text in a file of its own, as a whole or not at all.
Status WriteWhole(const std::string& path, const std::string& text);

}  // namespace s2c
