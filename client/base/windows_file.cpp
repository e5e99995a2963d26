// SPDX-License-Identifier: MIT
#include "client/base/windows_file.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

namespace s2c {
namespace {

constexpr int kMostTries = 300;
constexpr DWORD kTryAgainMilliseconds = 10;

bool IsDrivePath(const std::wstring& path) {
  return path.size() >= 3 && path[1] == L':' && path[2] == L'\\';
}

std::string Reason(DWORD error) {
  wchar_t* text = nullptr;
  const DWORD size = FormatMessageW(
      FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
      nullptr, error, 0, reinterpret_cast<wchar_t*>(&text), 0, nullptr);
  std::string reason = size > 0 ? Narrow({text, size}) : std::string();
  LocalFree(text);
  const std::size_t last = reason.find_last_not_of("\r\n .");
  reason.erase(last == std::string::npos ? 0 : last + 1);
  return reason.empty() ? "error " + std::to_string(error) : reason;
}

// mingw-w64's headers ask for a version that there is not before they name it.
constexpr auto kRenameInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);

// From Windows 10 1607 on, where the file system can: who has the old file open reads on in it.
bool MoveOverOpen(HANDLE file, const std::wstring& to) {
  const std::size_t bytes = to.size() * sizeof(wchar_t);
  std::vector<std::byte> buffer(sizeof(FILE_RENAME_INFO) + bytes);
  auto* const info = reinterpret_cast<FILE_RENAME_INFO*>(buffer.data());
  info->Flags = FILE_RENAME_FLAG_REPLACE_IF_EXISTS | FILE_RENAME_FLAG_POSIX_SEMANTICS;
  info->FileNameLength = static_cast<DWORD>(bytes);
  std::memcpy(info->FileName, to.data(), bytes);
  return SetFileInformationByHandle(file, kRenameInfoEx, info, static_cast<DWORD>(buffer.size())) !=
         FALSE;
}

}  // namespace

std::wstring Wide(std::string_view text) {
  const int bytes = static_cast<int>(text.size());
  const int size = MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(size), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), size);
  return wide;
}

std::string Narrow(std::wstring_view text) {
  const int units = static_cast<int>(text.size());
  const int size =
      WideCharToMultiByte(CP_UTF8, 0, text.data(), units, nullptr, 0, nullptr, nullptr);
  std::string narrow(static_cast<std::size_t>(size), '\0');
  WideCharToMultiByte(CP_UTF8, 0, text.data(), units, narrow.data(), size, nullptr, nullptr);
  return narrow;
}

// A path after \\?\ may be 32,767 units long, and the system takes it as it is: with backslashes
// and without "." and ".." (Microsoft, "Maximum Path Length Limitation").
std::wstring WidePath(const std::string& path) {
  std::wstring wide = Wide(path);
  std::replace(wide.begin(), wide.end(), L'/', L'\\');
  const bool is_short = wide.size() + 16 < MAX_PATH;  // a temporary file's name may be added
  if (is_short || !IsDrivePath(wide)) return wide;
  std::wstring whole(32768, L'\0');
  const DWORD size = GetFullPathNameW(wide.c_str(), 32768, whole.data(), nullptr);
  if (size == 0 || size >= whole.size()) return wide;
  whole.resize(size);
  return L"\\\\?\\" + whole;
}

std::string EnvironmentText(const wchar_t* name) {
  std::wstring value(32768, L'\0');  // no variable is longer
  const DWORD size = GetEnvironmentVariableW(name, value.data(), 32768);
  return size < value.size() ? Narrow({value.data(), size}) : std::string();
}

tl::unexpected<Error> SystemFailure(const std::string& what, DWORD error) {
  const bool is_missing = error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ||
                          error == ERROR_INVALID_NAME || error == ERROR_BAD_NETPATH;
  return Fail(is_missing ? ErrorKind::kNotFound : ErrorKind::kInvalidInput,
              what + " (" + Reason(error) + ")");
}

bool WriteAt(HANDLE file, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    OVERLAPPED at{};
    at.Offset = static_cast<DWORD>(offset);
    at.OffsetHigh = static_cast<DWORD>(offset >> 32);
    const DWORD part = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1U << 30));
    DWORD written = 0;
    if (!WriteFile(file, bytes.data(), part, &written, &at)) return false;
    if (written == 0) {
      SetLastError(ERROR_DISK_FULL);
      return false;
    }
    bytes.remove_prefix(written);
    offset += written;
  }
  return true;
}

DWORD MoveOver(HANDLE file, const std::wstring& from, const std::wstring& to) {
  for (int tries = 0;; ++tries) {
    if (MoveOverOpen(file, to) ||
        MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
      return ERROR_SUCCESS;
    const DWORD error = GetLastError();
    // Whoever has it open without FILE_SHARE_DELETE, as Python has, is done soon.
    const bool is_held = error == ERROR_ACCESS_DENIED || error == ERROR_SHARING_VIOLATION;
    const DWORD attributes = GetFileAttributesW(to.c_str());
    const bool is_folder =
        attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (!is_held || is_folder || tries == kMostTries) return error;
    Sleep(kTryAgainMilliseconds);
  }
}

bool IsPlainFile(HANDLE file, BY_HANDLE_FILE_INFORMATION& status) {
  return GetFileType(file) == FILE_TYPE_DISK && GetFileInformationByHandle(file, &status) &&
         (status.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

bool IsLink(const BY_HANDLE_FILE_INFORMATION& status) {
  return (status.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
}

}  // namespace s2c
