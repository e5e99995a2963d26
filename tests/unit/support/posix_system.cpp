// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGXFSZ is POSIX's, not C++'s
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "tests/unit/support/system.h"

namespace s2c::testing_support {

std::string MakeUniqueFolder(const std::string& start) {
  std::string path = start + "XXXXXX";
  return mkdtemp(path.data()) ? path : std::string();
}

const char* const kHomeVariable = "HOME";
const char* const kTemporaryFolderVariable = "TMPDIR";
const char* const kCacheBelowHome = "/.cache";

std::optional<std::string> GetVariable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

void SetVariable(const std::string& name, const std::string& value) {
  setenv(name.c_str(), value.c_str(), 1);
}

void UnsetVariable(const std::string& name) { unsetenv(name.c_str()); }

unsigned ModeOf(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

void SetMode(const std::string& path, unsigned mode) {
  EXPECT_EQ(chmod(path.c_str(), mode), 0) << path;
}

bool CanGiveAway() { return geteuid() == 0; }

bool GiveAway(const std::string& path) {
  return chown(path.c_str(), geteuid() + 4321, static_cast<gid_t>(-1)) == 0;
}

std::string NoSuchFileReason() { return std::generic_category().message(ENOENT); }
std::string FullDiskReason() { return std::generic_category().message(EFBIG); }

// crypt(3) takes no more than 511 bytes.
std::string PasswordWithoutDigest() { return std::string(600, 'x'); }

struct FullDisk::Before {
  void (*handler)(int) = nullptr;
  rlim_t limit = 0;
};

FullDisk::FullDisk(std::size_t limit) : before_(std::make_unique<Before>()) {
  before_->handler = signal(SIGXFSZ, SIG_IGN);
  rlimit allowed{};
  EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &allowed), 0);
  before_->limit = allowed.rlim_cur;
  allowed.rlim_cur = limit;
  EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &allowed), 0);
}

FullDisk::~FullDisk() {
  rlimit allowed{};
  getrlimit(RLIMIT_FSIZE, &allowed);
  allowed.rlim_cur = before_->limit;
  setrlimit(RLIMIT_FSIZE, &allowed);
  signal(SIGXFSZ, before_->handler);
}

}  // namespace s2c::testing_support
