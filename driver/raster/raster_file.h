// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "driver/read_watch.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// What a call is for that reads from a file.
enum class Reading {
  kPixels,  ///< a failure without a word is one of the decoder
  kAnswer,  ///< what is not pixels; it may fail for reasons other than the bytes
};

/// The GeoTIFF of an output, opened by GDAL's GTiff driver through a mount. One thread at a time.
///
/// After a read that failed, GTiff may hold blocks, offsets and directories that never came, some
/// of them for ever (issue 9): what is read next is read from the file opened again.
class RasterFile {
 public:
  /// Null after an error that was reported.
  static std::unique_ptr<RasterFile> Open(std::unique_ptr<Mount> mount, std::size_t index,
                                          const CPLStringList& gtiff_options);
  ~RasterFile();

  /// The same version of the file once more, for another thread; without a request to the API.
  std::unique_ptr<RasterFile> Again() const;

  const Mount& mount() const { return *mount_; }
  std::size_t index() const { return index_; }
  const Output& output() const { return mount_->inference()->inference.outputs[index_]; }

  /// As it was opened first; lives as long as this, and so does what it gives pointers to. Not for
  /// anything that may read.
  GDALDataset& opened() const { return *opened_; }

  using Call = std::function<bool(GDALDataset&)>;
  /// Runs `call`, which reads from the dataset that it is given and tells whether that went well.
  /// False where it did not, whatever `call` says; of bytes that did not come, or pixels that could
  /// not be decoded, after an error that was reported. Throws nothing.
  bool Read(Reading reading, const Call& call);

  /// The same for pixels, where the caller's progress function (of `extra`, which may be null) can
  /// end the call without a word. `call` gets the `extra` to hand on.
  using PixelCall = std::function<bool(GDALDataset&, GDALRasterIOExtraArg*)>;
  bool ReadPixels(GDALRasterIOExtraArg* extra, const PixelCall& call);

  /// Runs `set` on the file and on each that is opened in its place: it changes what is read.
  CPLErr Set(const std::function<CPLErr(GDALDataset&)>& set);

  /// Reports that what `what` begins to say cannot be: "`what` output 'x' …". Gives CE_Failure.
  CPLErr RefuseChange(const char* what) const;

 private:
  RasterFile(std::unique_ptr<Mount> mount, std::size_t index, const CPLStringList& gtiff_options);

  std::unique_ptr<GDALDataset> OpenWithGTiff() const;
  GDALDataset* Current();
  bool Reopen();
  bool Run(Reading reading, const Call& call, const bool* was_cancelled);
  bool RunOnce(Reading reading, const Call& call, const bool* was_cancelled);

  const Mount& read_through() const { return own_mount_ ? *own_mount_ : *mount_; }

  const std::unique_ptr<Mount> mount_;
  std::unique_ptr<Mount> own_mount_;  ///< in a forked child that had to open the file again
  const std::size_t index_;
  const CPLStringList gtiff_options_;  ///< GTiff's own open options
  std::unique_ptr<GDALDataset> opened_;
  std::unique_ptr<GDALDataset> reopened_;  ///< null: opened_ is good
  bool is_stale_ = false;
  int running_ = 0;  ///< calls, one inside the other: a progress function may read
  std::vector<std::function<CPLErr(GDALDataset&)>> settings_;
};

}  // namespace s2c
