// SPDX-License-Identifier: MIT
#include <crypt.h>
#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigfillset is POSIX's, not C++'s
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <system_error>

#include "client/base/environment.h"
#include "client/base/log.h"
#include "client/base/system.h"

namespace s2c {
namespace {

constexpr std::chrono::milliseconds kLockPoll{10};

std::string Reason(int error) { return std::error_code(error, std::generic_category()).message(); }

tl::unexpected<Error> SystemFailure(const std::string& what, int error) {
  return Fail(error == ENOENT ? ErrorKind::kNotFound : ErrorKind::kInvalidInput,
              what + " (" + Reason(error) + ")");
}

// A file descriptor that is closed with its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  int Release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_;
};

bool WriteAll(int fd, std::string_view content) {
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t written = write(fd, content.data() + done, content.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    done += static_cast<std::size_t>(written);
  }
  return true;
}

std::string RealPath(const std::string& path) {
  char* const resolved = realpath(path.c_str(), nullptr);
  if (!resolved) return path;
  std::string real(resolved);
  std::free(resolved);
  return real;
}

// What the environment says, or else the system's list of users.
std::string NamedHome() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment.
  if (const char* const home = std::getenv("HOME")) return home;
  char buffer[4096];
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer, sizeof(buffer), &found) == 0 && found && found->pw_dir)
    return found->pw_dir;
  return {};
}

// Who may write where a folder lies can put another one in its place.
bool MayBeReplaced(const std::string& folder) {
  struct stat status = {};
  return stat((folder + "/..").c_str(), &status) != 0 ||
         ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0);
}

class UnnamedFile final : public TemporaryFile {
 public:
  explicit UnnamedFile(int fd) : fd_(fd) {}

  Status Append(const char* data, std::size_t size) override {
    if (!WriteAll(fd_.get(), std::string_view(data, size)))
      return SystemFailure("a temporary file in TMPDIR cannot be written", errno);
    size_ += size;
    return {};
  }

  std::uint64_t size() const override { return size_; }

  Status ReadAt(std::uint64_t offset, char* target, std::size_t size) const override {
    while (size > 0) {
      const ssize_t got = pread(fd_.get(), target, size, static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return SystemFailure("a temporary file cannot be read", got < 0 ? errno : EIO);
      target += got;
      offset += static_cast<std::uint64_t>(got);
      size -= static_cast<std::size_t>(got);
    }
    return {};
  }

 private:
  const Descriptor fd_;
  std::atomic<std::uint64_t> size_{0};
};

class FlockLock final : public FileLock {
 public:
  explicit FlockLock(int fd) : fd_(fd) {}
  ~FlockLock() override {
    // Explicitly: a child forked meanwhile holds a copy of the descriptor, and with it the lock.
    flock(fd_, LOCK_UN);
    close(fd_);
  }

 private:
  const int fd_;
};

}  // namespace

// Counted rather than asked for: getpid() is a system call, and this is asked for at every read.
std::int64_t ProcessId() {
  static std::atomic<std::int64_t> forks{0};
  static const int registered = pthread_atfork(nullptr, nullptr, [] { ++forks; });
  return registered == 0 ? forks.load() : getpid();
}

void BlockSignalsInThisThread() {
  sigset_t all;
  sigfillset(&all);
  // A fault must still be reported where it happens.
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigdelset(&all, fault);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

void AtProcessEnd(void (*handler)()) { std::atexit(handler); }

bool HaveThreadsEnded() { return false; }

std::string HomeFolder() {
  std::string home = NamedHome();
  if (home.empty()) return home;
  const bool is_absolute = IsAbsolutePath(home);
  if (is_absolute && IsFolder(home)) return home;
  LogDebug("the home folder '" + home + "' is not used: it " +
           (is_absolute ? "does not exist" : "is not an absolute path"));
  return {};
}

bool IsFolder(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool IsAbsolutePath(const std::string& path) { return !path.empty() && path[0] == '/'; }

std::string ValueOfVariable(const char* /*name*/, const char* value) { return value; }

// Where the XDG base directory specification has it.
std::string SystemCacheFolder() {
  const std::string home = HomeFolder();
  return home.empty() ? home : home + "/.cache";
}

std::string HowToMakePrivate(const std::string& /*path*/) { return "chmod 600 it"; }

std::string PasswordDigest(const std::string& password, const std::string& like) {
  // crypt() would take what stands before the NUL for all of it.
  if (password.find('\0') != std::string::npos) return {};
  const auto take = [](char* text) {
    std::string copy = text ? text : "";
    std::free(text);
    return copy;
  };
  const std::string setting = like.empty() ? take(crypt_gensalt_ra(nullptr, 0, nullptr, 0)) : like;
  void* memory = nullptr;
  int size = 0;
  const char* const made = crypt_ra(password.c_str(), setting.c_str(), &memory, &size);
  const std::string digest = made ? made : "";
  if (memory) explicit_bzero(memory, static_cast<std::size_t>(size));
  std::free(memory);
  // A failure is told by a text that is no digest and begins with an asterisk.
  return digest.empty() || digest[0] == '*' ? std::string() : digest;
}

Result<SmallFile> ReadSmallFile(const std::string& path, std::size_t limit) {
  const std::string what = "'" + path + "' cannot be read";
  // O_NONBLOCK: a pipe with nobody at its other end must not hold a program up.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return SystemFailure(what, errno);
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) return SystemFailure(what, errno);
  if (!S_ISREG(status.st_mode)) return Fail(ErrorKind::kInvalidInput, what + " (not a file)");
  SmallFile file;
  if (status.st_uid != geteuid()) {
    file.privacy = FilePrivacy::kForeign;
  } else {
    file.privacy = (status.st_mode & 077) != 0 ? FilePrivacy::kReadable : FilePrivacy::kPrivate;
  }
  char buffer[4096];
  for (;;) {
    const ssize_t got = read(fd.get(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemFailure(what, errno);
    if (got == 0) return file;
    file.content.append(buffer, static_cast<std::size_t>(got));
    if (file.content.size() > limit) return Fail(ErrorKind::kInvalidInput, what + " (too large)");
  }
}

Status ReplacePrivateFile(const std::string& path, const std::string& content, Links links) {
  const std::string real = links == Links::kFollowed ? RealPath(path) : path;
  const std::string what = "'" + path + "' cannot be written";
  std::string temporary = real + ".XXXXXX";
  const Descriptor fd(mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
  if (fd.get() < 0) return SystemFailure(what, errno);
  // fsync: after a crash there is the old file or the new one, not an empty one.
  const bool written = WriteAll(fd.get(), content) && fsync(fd.get()) == 0 &&
                       rename(temporary.c_str(), real.c_str()) == 0;
  if (written) return {};
  const int error = errno;
  unlink(temporary.c_str());
  return SystemFailure(what, error);
}

Status OverwritePrivateFile(const std::string& path, std::string_view content) {
  const std::string what = "'" + path + "' cannot be written";
  rlimit limit{};
  // Writing past it would end the program (SIGXFSZ).
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && content.size() > limit.rlim_cur)
    return SystemFailure(what, EFBIG);
  const Descriptor fd(
      open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  if (fd.get() < 0) {
    const int error = errno;
    // What cannot be opened, as a pipe, would be in the way for ever.
    unlink(path.c_str());
    return SystemFailure(what, error);
  }
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
      (status.st_mode & 077) != 0 || status.st_nlink != 1) {
    unlink(path.c_str());
    return Fail(ErrorKind::kInvalidInput, what + " (it was not a private file of the user's own)");
  }
  if (ftruncate(fd.get(), 0) == 0 && WriteAll(fd.get(), content)) return {};
  const int error = errno;
  unlink(path.c_str());
  return SystemFailure(what, error);
}

Status RemoveFile(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return SystemFailure("'" + path + "' cannot be removed", errno);
}

Result<std::shared_ptr<TemporaryFile>> TemporaryFile::Create() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes the environment.
  const char* const folder = std::getenv("TMPDIR");
  std::string path = std::string(folder && *folder ? folder : "/tmp") + "/s2c.XXXXXX";
  const int fd = mkostemp(path.data(), O_CLOEXEC);  // mode 0600
  if (fd < 0)
    return SystemFailure("a temporary file cannot be made in TMPDIR, as '" + path + "'", errno);
  unlink(path.c_str());
  return std::shared_ptr<TemporaryFile>(std::make_shared<UnnamedFile>(fd));
}

void SetFileTime(const std::string& path, std::int64_t time) {
  const timespec times[] = {{0, UTIME_OMIT}, {static_cast<time_t>(time), 0}};
  static_cast<void>(utimensat(AT_FDCWD, path.c_str(), times, 0));
}

Status MakePrivateFolder(const std::string& path) {
  const std::string what = "the folder '" + path + "' cannot be used";
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) return SystemFailure(what, errno);
    if (slash == std::string::npos) break;
  }
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return SystemFailure(what, errno);
  if (!S_ISDIR(status.st_mode)) return Fail(ErrorKind::kInvalidInput, what + " (not a folder)");
  if (status.st_uid != geteuid() || (status.st_mode & 077) != 0)
    return Fail(ErrorKind::kInvalidInput,
                what + " (it must be the user's own and closed to others: chmod 700)");
  if (MayBeReplaced(path))
    return Fail(ErrorKind::kInvalidInput,
                what + " (everybody may write to the folder that it lies in: chmod o-w that)");
  return {};
}

std::unique_ptr<FileLock> FileLock::Acquire(const std::string& path, Clock::Duration longest,
                                            Clock& clock) {
  Descriptor fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (fd.get() < 0) return nullptr;
  const Clock::TimePoint end = clock.Now() + longest;
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if ((errno != EWOULDBLOCK && errno != EINTR) || clock.Now() >= end) return nullptr;
    clock.SleepFor(kLockPoll);
  }
  return std::make_unique<FlockLock>(fd.Release());
}

}  // namespace s2c
