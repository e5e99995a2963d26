// SPDX-License-Identifier: MIT
#include "vsi/file_handle.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "vsi/report.h"

namespace s2c {
namespace {

// An exception is a read that failed as well.
template <class Body>
auto Caught(Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& exception) {
    return Fail(ErrorKind::kServer, std::string("internal failure: ") + exception.what());
  }
}

}  // namespace

FileHandle::FileHandle(std::shared_ptr<Session> session, const std::shared_ptr<RemoteFile>& file,
                       std::uint64_t size, std::shared_ptr<ReadRecord> record, bool is_raster)
    : source_(MakeSource(std::move(session), file)),
      version_(file->SeenVersion()),
      size_(size),
      record_(std::move(record)),
      is_raster_(is_raster) {}

FileHandle::~FileHandle() {
  Source* const source = source_.load();
  if (!source->session->IsOfThisProcess()) return;
  source->file->GiveUp(source->ahead);
  delete source;
}

int FileHandle::Close() {
  return Guarded(
      [&] {
        const Source* const source = source_.load();
        if (source->session->IsOfThisProcess()) source->session->KeepBeginning(source->file);
        return 0;
      },
      0);
}

FileHandle::Source* FileHandle::MakeSource(std::shared_ptr<Session> session,
                                           std::shared_ptr<RemoteFile> file) {
  ReadAhead ahead = session->NewReader();
  return new Source{std::move(session), std::move(file), std::move(ahead)};
}

FileHandle::Source& FileHandle::CurrentSource() const {
  Source* source = source_.load();
  while (!source->session->IsOfThisProcess()) {
    const auto session = Session::For(source->session->settings());
    if (!session) throw std::runtime_error(session.error().message);
    Source* const own = MakeSource(*session, (*session)->OpenVersion(version_));
    // The parent's is left as it is: it may be locked by a thread that this process does not have.
    if (source_.compare_exchange_strong(source, own)) return *own;
    delete own;
  }
  return *source;
}

int FileHandle::Seek(vsi_l_offset offset, int whence) {
  eof_ = false;
  switch (whence) {
    case SEEK_SET:
      offset_ = offset;
      return 0;
    case SEEK_CUR:
      offset_ += offset;
      return 0;
    case SEEK_END:
      offset_ = size_ + offset;
      return 0;
    default:
      return -1;
  }
}

void FileHandle::Tell(const s2c::Error& error) const {
  if (!record_) return Report(error);
  record_->AddFailure(error);
  Debug(error.message);
}

bool FileHandle::WasAskedInAdvance(std::uint64_t offset, std::size_t bytes) const {
  return std::any_of(failed_in_advance_.begin(), failed_in_advance_.end(),
                     [&](const ByteRange& range) {
                       return offset >= range.offset && offset + bytes <= range.end();
                     });
}

void FileHandle::ClearErr() {
  eof_ = false;
  error_ = false;
}

size_t FileHandle::ReadBytes(void* buffer, size_t bytes) {
  const bool is_of_pixels = WasAskedInAdvance(offset_, bytes);
  const auto read = Caught([&]() -> Result<std::size_t> {
    if (broken_ && is_of_pixels) return tl::unexpected<s2c::Error>(*broken_);
    Source& source = CurrentSource();
    return source.file->Read(offset_, bytes, static_cast<char*>(buffer), &source.ahead);
  });
  if (!read) {
    error_ = true;
    if (!record_ && is_raster_ && !is_of_pixels) broken_ = read.error();
    Tell(read.error());
    return 0;
  }
  offset_ += *read;
  eof_ = *read < bytes;
  return *read;
}

size_t FileHandle::RefuseToWrite() {
  Report(s2c::Error{ErrorKind::kInvalidInput, version_.label + kCannotBeWritten, 0});
  errno = EROFS;
  return 0;
}

void FileHandle::AdviseRead(int count, const vsi_l_offset* offsets, const size_t* sizes) {
  Guarded(
      [&]() -> int {
        std::vector<ByteRange> ranges;
        ranges.reserve(static_cast<std::size_t>(std::max(count, 0)));
        for (int i = 0; i < count; ++i) ranges.push_back({offsets[i], sizes[i]});
        Source& source = CurrentSource();
        source.file->Advise(ranges, GetAdviseReadTotalBytesLimit(), source.ahead);
        return 0;
      },
      -1);
}

size_t FileHandle::GetAdviseReadTotalBytesLimit() const {
  return Guarded([&] { return CurrentSource().session->settings().cache_size / 2; }, size_t{0});
}

size_t FileHandle::PRead(void* buffer, size_t size, vsi_l_offset offset) const {
  // No read-ahead: calls come from several threads, in no order.
  const auto read = Caught([&] {
    return CurrentSource().file->Read(offset, size, static_cast<char*>(buffer), nullptr);
  });
  if (read) return *read;
  Tell(read.error());
  return 0;
}

Status FileHandle::ReadRanges(int count, void** data, const vsi_l_offset* offsets,
                              const size_t* sizes) {
  failed_in_advance_.clear();
  if (broken_) return tl::unexpected<s2c::Error>(*broken_);
  Source& source = CurrentSource();
  std::vector<ReadPart> parts;
  for (int i = 0; i < count; ++i) {
    if (offsets[i] > size_ || sizes[i] > size_ - offsets[i])
      return Fail(ErrorKind::kInvalidInput,
                  "a read beyond the end of " + source.file->version().label);
    parts.push_back({{offsets[i], sizes[i]}, static_cast<char*>(data[i])});
  }
  return source.file->ReadParts(parts, &source.ahead);
}

int FileHandle::ReadMultiRange(int count, void** data, const vsi_l_offset* offsets,
                               const size_t* sizes) {
  const Status read = Caught([&] { return ReadRanges(count, data, offsets, sizes); });
  if (read) return 0;
  error_ = true;
  for (int i = 0; i < count; ++i) failed_in_advance_.push_back({offsets[i], sizes[i]});
  if (!record_) {
    Report(read.error());
  } else {
    // GTiff reads one by one then.
    record_->AddAttempt(read.error());
    Debug(read.error().message);
  }
  return -1;
}

}  // namespace s2c
