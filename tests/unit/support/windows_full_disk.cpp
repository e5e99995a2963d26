// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <windows.h>

#include <atomic>
#include <cstdint>

#include "tests/unit/support/system.h"

// Where the calls of this program find the system's function. No limit of Windows' is one of a
// file's size: there are quotas of a volume, which only an administrator sets.
extern "C" decltype(&WriteFile) __imp_WriteFile;

namespace s2c::testing_support {
namespace {

std::atomic<std::uint64_t> most{0};
decltype(&WriteFile) write_file = nullptr;

std::uint64_t OffsetOf(HANDLE file, const OVERLAPPED* at) {
  LARGE_INTEGER position{};
  if (!at) {
    SetFilePointerEx(file, position, &position, FILE_CURRENT);
  } else if (at->Offset == MAXDWORD && at->OffsetHigh == MAXDWORD) {  // the end
    GetFileSizeEx(file, &position);
  } else {
    position.HighPart = static_cast<LONG>(at->OffsetHigh);
    position.LowPart = at->Offset;
  }
  return static_cast<std::uint64_t>(position.QuadPart);
}

// All or nothing, as NTFS does it.
BOOL WINAPI WriteWithinLimit(HANDLE file, const void* bytes, DWORD size, DWORD* written,
                             OVERLAPPED* at) {
  if (GetFileType(file) == FILE_TYPE_DISK) {
    const std::uint64_t offset = OffsetOf(file, at);
    if (size > 0 && offset + size > most) {
      SetLastError(ERROR_DISK_FULL);
      return FALSE;
    }
  }
  return write_file(file, bytes, size, written, at);
}

void CallInsteadOfWriteFile(decltype(&WriteFile) function) {
  DWORD before = 0;
  EXPECT_TRUE(VirtualProtect(&__imp_WriteFile, sizeof(function), PAGE_READWRITE, &before));
  __imp_WriteFile = function;
  VirtualProtect(&__imp_WriteFile, sizeof(function), before, &before);
}

}  // namespace

struct FullDisk::Before {
  decltype(&WriteFile) function = __imp_WriteFile;
};

FullDisk::FullDisk(std::size_t limit) : before_(std::make_unique<Before>()) {
  most = limit;
  write_file = before_->function;
  CallInsteadOfWriteFile(WriteWithinLimit);
}

FullDisk::~FullDisk() { CallInsteadOfWriteFile(before_->function); }

}  // namespace s2c::testing_support
