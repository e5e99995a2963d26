// SPDX-License-Identifier: MIT
#pragma once

#include <windows.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "client/base/result.h"

namespace s2c {

/// What windows*.cpp have in common. All texts are UTF-8, and all paths go to the system as UTF-16.

std::wstring Wide(std::string_view text);
std::string Narrow(std::wstring_view text);

/// A path as the system's calls take it: also one that is longer than MAX_PATH, or has slashes.
std::wstring WidePath(const std::string& path);

/// Nothing where the variable is not set.
std::string EnvironmentText(const wchar_t* name);

/// A failure that says `what`, and why in the system's words; kNotFound where there is no such
/// file.
tl::unexpected<Error> SystemFailure(const std::string& what, DWORD error);

/// The system's units of 100 ns since 1601, and Unix' seconds since 1970.
constexpr std::int64_t UnixTime(std::uint64_t ticks) {
  return static_cast<std::int64_t>(ticks / 10000000) - 11644473600;
}
constexpr std::uint64_t SystemTime(std::int64_t seconds) {
  return static_cast<std::uint64_t>(seconds + 11644473600) * 10000000;
}

/// Closes what it holds.
class Handle {
 public:
  explicit Handle(HANDLE handle) : handle_(handle) {}
  ~Handle() {
    if (is_valid()) CloseHandle(handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  bool is_valid() const { return handle_ != INVALID_HANDLE_VALUE && handle_ != nullptr; }
  HANDLE get() const { return handle_; }
  HANDLE Release() {
    HANDLE const handle = handle_;
    handle_ = INVALID_HANDLE_VALUE;
    return handle;
  }

 private:
  HANDLE handle_;
};

/// Nobody who reads, writes, renames or removes a file is kept from it by our having it open.
constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// At an offset of its own, so that a read at another place does not move it. False with
/// GetLastError() where not all of it is written.
bool WriteAt(HANDLE file, std::uint64_t offset, std::string_view bytes);

/// Puts the open file, which lies at `from` and was opened with DELETE and shares that, in the
/// place of `to`, as a whole. Waits for at most three seconds for somebody who holds `to` open in a
/// way that does not allow it. ERROR_SUCCESS or why not.
DWORD MoveOver(HANDLE file, const std::wstring& from, const std::wstring& to);

/// Neither a folder nor a device; with its attributes, size, times and names.
bool IsPlainFile(HANDLE file, BY_HANDLE_FILE_INFORMATION& status);
/// Of a file that was opened with FILE_FLAG_OPEN_REPARSE_POINT; else what a cloud keeps is one,
/// too.
bool IsLink(const BY_HANDLE_FILE_INFORMATION& status);

}  // namespace s2c
