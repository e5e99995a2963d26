// SPDX-License-Identifier: MIT
#include "tests/unit/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace s2c::testing_support {

TemporaryFolder::TemporaryFolder() : path_(MakeUniqueFolder(testing::TempDir() + "s2c-")) {
  if (path_.empty()) ADD_FAILURE() << "no folder can be made in " << testing::TempDir();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(std::filesystem::u8path(path_), ignored);
}

std::string TemporaryFolder::Names() const {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::u8path(path_)))
    names.insert(entry.path().filename().u8string());
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : " ") + name;
  return all;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(std::filesystem::u8path(path), std::ios::binary);
  if (!file) return "(none)";
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteText(const std::string& path, const std::string& content, unsigned mode) {
  std::ofstream(std::filesystem::u8path(path), std::ios::binary) << content;
  EXPECT_EQ(ReadText(path), content);
  SetMode(path, mode);
}

}  // namespace s2c::testing_support
