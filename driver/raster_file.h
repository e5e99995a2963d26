// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "driver/read_watch.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// What a call is for that reads from a file.
enum class Reading {
  kPixels,             ///< a failure without a word is one of the decoder
  kCancellablePixels,  ///< the caller has given a progress function, which ends it without a word
  kAnswer,             ///< what is not pixels; it may fail for reasons other than the bytes
};

/// The GeoTIFF of an output, opened by GDAL's GTiff driver through a mount. One thread at a time.
///
/// After a read that failed, GTiff may hold blocks, offsets and directories that never came, some
/// of them for ever (issue 9): what is read next is read from the file opened again.
class RasterFile {
 public:
  /// Null after an error that was reported.
  static std::unique_ptr<RasterFile> Open(std::unique_ptr<Mount> mount, std::size_t index);
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

  /// To be told when the mask flags of a band could not be read, so that the caller got
  /// `told_flags` and may take all pixels for valid: no pixel is read from then on unless the
  /// flags turn out to be these.
  void DoubtMask(int band, int told_flags);

 private:
  RasterFile(std::unique_ptr<Mount> mount, std::size_t index);

  std::unique_ptr<GDALDataset> OpenWithGTiff() const;
  GDALDataset* Current();
  bool Reopen();
  bool IsMaskKnown();
  bool Run(Reading reading, const Call& call);

  struct Doubt {
    int band;
    int told_flags;
  };

  const Mount& read_through() const { return own_mount_ ? *own_mount_ : *mount_; }

  const std::unique_ptr<Mount> mount_;
  std::unique_ptr<Mount> own_mount_;  ///< in a forked child that had to open the file again
  const std::size_t index_;
  std::unique_ptr<GDALDataset> opened_;
  std::unique_ptr<GDALDataset> reopened_;  ///< null: opened_ is good
  bool is_stale_ = false;
  std::optional<Doubt> doubt_;
};

}  // namespace s2c
