// SPDX-License-Identifier: MIT
#include "tests/unit/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGXFSZ is POSIX's, not C++'s
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace s2c::testing_support {

TemporaryFolder::TemporaryFolder() : path_(testing::TempDir() + "s2c-XXXXXX") {
  if (!mkdtemp(path_.data())) ADD_FAILURE() << "no folder can be made in " << testing::TempDir();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::Names() const {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    names.insert(entry.path().filename().string());
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : " ") + name;
  return all;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return "(none)";
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteText(const std::string& path, const std::string& content, unsigned mode) {
  std::ofstream(path, std::ios::binary) << content;
  EXPECT_EQ(ReadText(path), content);
  SetMode(path, mode);
}

unsigned ModeOf(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

void SetMode(const std::string& path, unsigned mode) {
  EXPECT_EQ(chmod(path.c_str(), mode), 0) << path;
}

bool GiveAway(const std::string& path) {
  return chown(path.c_str(), geteuid() + 4321, static_cast<gid_t>(-1)) == 0;
}

FullDisk::FullDisk(std::size_t limit) : handler_(signal(SIGXFSZ, SIG_IGN)) {
  rlimit allowed{};
  EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &allowed), 0);
  before_ = allowed.rlim_cur;
  allowed.rlim_cur = limit;
  EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &allowed), 0);
}

FullDisk::~FullDisk() {
  rlimit allowed{};
  getrlimit(RLIMIT_FSIZE, &allowed);
  allowed.rlim_cur = before_;
  setrlimit(RLIMIT_FSIZE, &allowed);
  signal(SIGXFSZ, handler_);
}

}  // namespace s2c::testing_support
