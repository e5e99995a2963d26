// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "client/base/part_file.h"

namespace s2c {
namespace {

// Whoever finishes a part renames it while another one waits for it, once in a great while.
constexpr int kMostTries = 10;

class LockedFile final : public PartFile {
 public:
  LockedFile(std::string path, int fd, std::uint64_t size)
      : path_(std::move(path)), fd_(fd), size_(size) {}
  ~LockedFile() override { close(fd_); }

  std::uint64_t size() const override { return size_; }

  Status Clear() override {
    if (ftruncate(fd_, 0) != 0) return Failure("cannot be written");
    size_ = 0;
    return {};
  }

  Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
      if (written < 0 && errno == EINTR) continue;
      if (written == 0) errno = EIO;
      if (written <= 0) return Failure("cannot be written");
      size_ += static_cast<std::uint64_t>(written);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Status RenameTo(const std::string& target) override {
    if (fsync(fd_) != 0 || rename(path_.c_str(), target.c_str()) != 0)
      return Failure("cannot become '" + target + "'");
    return {};
  }

 private:
  tl::unexpected<Error> Failure(const std::string& what) const {
    return Fail(ErrorKind::kTooLong,
                "'" + path_ + "' " + what + " (" + std::generic_category().message(errno) + ")");
  }

  const std::string path_;
  const int fd_;
  std::uint64_t size_;
};

}  // namespace

Result<std::unique_ptr<PartFile>> PartFile::Open(const std::string& path) {
  const auto failure = [&](const std::string& why) {
    return Fail(ErrorKind::kInvalidInput, "'" + path + "' cannot be written (" + why + ")");
  };
  for (int tries = 0; tries < kMostTries; ++tries) {
    // O_NONBLOCK: a pipe with nobody at its other end must not hold a program up.
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (fd < 0) return failure(std::generic_category().message(errno));
    const bool is_taken = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    struct stat opened = {};
    struct stat named = {};
    const bool is_file = fstat(fd, &opened) == 0 && S_ISREG(opened.st_mode);
    const bool is_same = stat(path.c_str(), &named) == 0 && named.st_ino == opened.st_ino &&
                         named.st_dev == opened.st_dev;
    if (is_file && !is_taken && is_same)
      return std::make_unique<LockedFile>(path, fd, static_cast<std::uint64_t>(opened.st_size));
    close(fd);
    if (!is_file) return failure("not a file");
    if (is_taken) return failure("another program is writing it");
  }
  return failure("another program is writing it");
}

std::optional<FileStamp> StampOf(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) return std::nullopt;
  return FileStamp{static_cast<std::uint64_t>(found.st_size), found.st_mtime};
}

}  // namespace s2c
