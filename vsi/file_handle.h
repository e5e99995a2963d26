// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>

#include "client/session.h"
#include "vsi/gdal_compat.h"

namespace s2c {

/// A file below /vsis2c/ as GDAL reads it. As with any VSIVirtualHandle, one thread at a time, but
/// PRead() from any. A failed read is short, reports why, and sets Error(); it never yields bytes
/// that did not come.
class FileHandle final : public ReadOnlyHandle {
 public:
  FileHandle(std::shared_ptr<Session> session, std::shared_ptr<RemoteFile> file,
             std::uint64_t size);
  ~FileHandle() override;

  int Seek(vsi_l_offset offset, int whence) override;
  vsi_l_offset Tell() override { return offset_; }
  int ReadMultiRange(int count, void** data, const vsi_l_offset* offsets,
                     const size_t* sizes) override;
  void AdviseRead(int count, const vsi_l_offset* offsets, const size_t* sizes) override;
  size_t GetAdviseReadTotalBytesLimit() const override;
  bool HasPRead() const override { return true; }
  size_t PRead(void* buffer, size_t size, vsi_l_offset offset) const override;
  int Eof() override { return eof_ ? 1 : 0; }
  int Error() override { return error_ ? 1 : 0; }
  void ClearErr() override;
  int Close() override { return 0; }

 protected:
  size_t ReadBytes(void* buffer, size_t bytes) override;

 private:
  // What the bytes come from; another one in a forked child.
  struct Source {
    std::shared_ptr<Session> session;  ///< keeps the transport that `file` refers to
    std::shared_ptr<RemoteFile> file;
    ReadAhead ahead;
  };

  static Source* MakeSource(std::shared_ptr<Session> session, std::shared_ptr<RemoteFile> file);
  Source& CurrentSource() const;

  mutable std::atomic<Source*> source_;
  const std::uint64_t size_;
  std::uint64_t offset_ = 0;
  bool eof_ = false;
  bool error_ = false;
};

}  // namespace s2c
