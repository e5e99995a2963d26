// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "client/session.h"
#include "vsi/gdal_compat.h"
#include "vsi/read_record.h"

namespace s2c {

/// A file below /vsis2c/ as GDAL reads it. As with any VSIVirtualHandle, one thread at a time, but
/// PRead() from any. A failed read is short, tells why, and sets Error(); it never yields bytes
/// that did not come. Below a mount it tells the mount's record, and whoever made the mount tells
/// the user; else it is an error of GDAL's.
///
/// GTiff takes a header that did not come for one without tags (issue 9). So where a part of a
/// raster failed outside of a mount that GTiff had not asked for in advance, as it does for pixels
/// alone, it gets no pixels until it opens the file again.
class FileHandle final : public ReadOnlyHandle {
 public:
  /// `record` is that of the mount, null outside of one.
  FileHandle(std::shared_ptr<Session> session, const std::shared_ptr<RemoteFile>& file,
             std::uint64_t size, std::shared_ptr<ReadRecord> record, bool is_raster);
  ~FileHandle() override;

  int Seek(vsi_l_offset offset, int whence) override;
  vsi_l_offset Tell() override { return offset_; }
  int ReadMultiRange(int count, void** data, const vsi_l_offset* offsets,
                     const size_t* sizes) override;
  void AdviseRead(int count, const vsi_l_offset* offsets, const size_t* sizes) override;
  size_t GetAdviseReadTotalBytesLimit() const override;
  /// GTiff, in all versions up to 3.13, keeps the empty blocks of a PRead() that failed and serves
  /// them as good from then on; whoever made the mount drops them.
  bool HasPRead() const override { return record_ || !is_raster_; }
  size_t PRead(void* buffer, size_t size, vsi_l_offset offset) const override;
  int Eof() override { return eof_ ? 1 : 0; }
  int Error() override { return error_ ? 1 : 0; }
  void ClearErr() override;
  int Close() override;

 protected:
  size_t ReadBytes(void* buffer, size_t bytes) override;
  size_t RefuseToWrite() override;

 private:
  // What the bytes come from; another one in a forked child.
  struct Source {
    std::shared_ptr<Session> session;  ///< keeps the transport that `file` refers to
    std::shared_ptr<RemoteFile> file;
    ReadAhead ahead;
  };

  static Source* MakeSource(std::shared_ptr<Session> session, std::shared_ptr<RemoteFile> file);
  Source& CurrentSource() const;
  Status ReadRanges(int count, void** data, const vsi_l_offset* offsets, const size_t* sizes);
  void Tell(const s2c::Error& error) const;
  bool WasAskedInAdvance(std::uint64_t offset, std::size_t bytes) const;

  mutable std::atomic<Source*> source_;
  const FileVersion version_;  ///< for a forked child, which may not ask the parent's file
  const std::uint64_t size_;
  const std::shared_ptr<ReadRecord> record_;
  const bool is_raster_;
  std::uint64_t offset_ = 0;
  bool eof_ = false;
  bool error_ = false;
  std::vector<ByteRange> failed_in_advance_;  ///< of the last ReadMultiRange()
  std::optional<s2c::Error> broken_;          ///< why no pixels are read any more
};

}  // namespace s2c
