// SPDX-License-Identifier: MIT
#include "client/base/part_file.h"
#include "client/base/windows_file.h"

namespace s2c {
namespace {

// The lock is that it is not shared for writing. Whoever looks at it may.
constexpr DWORD kShared = FILE_SHARE_READ | FILE_SHARE_DELETE;

class LockedFile final : public PartFile {
 public:
  LockedFile(std::string path, HANDLE file, std::uint64_t size)
      : path_(std::move(path)), file_(file), size_(size) {}

  std::uint64_t size() const override { return size_; }

  Status Clear() override {
    FILE_END_OF_FILE_INFO end{};
    if (!SetFileInformationByHandle(file_.get(), FileEndOfFileInfo, &end, sizeof(end)))
      return Failure("cannot be written", GetLastError());
    size_ = 0;
    return {};
  }

  Status Append(std::string_view bytes) override {
    if (!WriteAt(file_.get(), size_, bytes)) return Failure("cannot be written", GetLastError());
    size_ += bytes.size();
    return {};
  }

  Status RenameTo(const std::string& target) override {
    const std::string what = "cannot become '" + target + "'";
    if (!FlushFileBuffers(file_.get())) return Failure(what, GetLastError());
    const DWORD error = MoveOver(file_.get(), WidePath(path_), WidePath(target));
    if (error != ERROR_SUCCESS) return Failure(what, error);
    return {};
  }

 private:
  tl::unexpected<Error> Failure(const std::string& what, DWORD error) const {
    auto failure = SystemFailure("'" + path_ + "' " + what, error);
    failure.value().kind = ErrorKind::kTooLong;
    return failure;
  }

  const std::string path_;
  const Handle file_;
  std::uint64_t size_;
};

std::uint64_t SizeOf(const BY_HANDLE_FILE_INFORMATION& status) {
  return (std::uint64_t{status.nFileSizeHigh} << 32U) | status.nFileSizeLow;
}

}  // namespace

Result<std::unique_ptr<PartFile>> PartFile::Open(const std::string& path) {
  const std::string what = "'" + path + "' cannot be written";
  Handle file(CreateFileW(WidePath(path).c_str(), GENERIC_READ | GENERIC_WRITE | DELETE, kShared,
                          nullptr, OPEN_ALWAYS,
                          FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
  if (!file.is_valid()) {
    const DWORD error = GetLastError();
    if (error == ERROR_SHARING_VIOLATION)
      return Fail(ErrorKind::kInvalidInput, what + " (another program is writing it)");
    auto failure = SystemFailure(what, error);
    failure.value().kind = ErrorKind::kInvalidInput;
    return failure;
  }
  BY_HANDLE_FILE_INFORMATION status{};
  if (!IsPlainFile(file.get(), status) || IsLink(status))
    return Fail(ErrorKind::kInvalidInput, what + " (not a file)");
  return std::make_unique<LockedFile>(path, file.Release(), SizeOf(status));
}

std::optional<FileStamp> StampOf(const std::string& path) {
  const Handle file(CreateFileW(WidePath(path).c_str(), FILE_READ_ATTRIBUTES, kShareAll, nullptr,
                                OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  BY_HANDLE_FILE_INFORMATION status{};
  if (!file.is_valid() || !IsPlainFile(file.get(), status)) return std::nullopt;
  const std::uint64_t ticks = (std::uint64_t{status.ftLastWriteTime.dwHighDateTime} << 32U) |
                              status.ftLastWriteTime.dwLowDateTime;
  return FileStamp{SizeOf(status), UnixTime(ticks)};
}

}  // namespace s2c
