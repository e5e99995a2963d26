// SPDX-License-Identifier: MIT
#include "tests/unit/support/windows_handle.h"

#include <gtest/gtest.h>
#include <windows.h>

#include <filesystem>

namespace s2c::testing_support {

OpenFile::OpenFile(const std::string& path, Sharing sharing)
    : handle_(CreateFileW(
          std::filesystem::u8path(path).c_str(), GENERIC_READ,
          FILE_SHARE_READ | FILE_SHARE_WRITE | (sharing == Sharing::kAll ? FILE_SHARE_DELETE : 0),
          nullptr, OPEN_EXISTING, 0, nullptr)) {
  EXPECT_NE(handle_, INVALID_HANDLE_VALUE) << path;
}

OpenFile::~OpenFile() { CloseHandle(handle_); }

std::string OpenFile::Read() const {
  OVERLAPPED start{};
  char bytes[1000];
  DWORD got = 0;
  return ReadFile(handle_, bytes, sizeof(bytes), &got, &start) ? std::string(bytes, got) : "";
}

}  // namespace s2c::testing_support
