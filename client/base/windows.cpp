// SPDX-License-Identifier: MIT
// bcrypt.h needs windows.h.
// clang-format off
#include <windows.h>
#include <bcrypt.h>
// clang-format on

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

#include "client/base/environment.h"
#include "client/base/log.h"
#include "client/base/system.h"
#include "client/base/text.h"
#include "client/base/windows_file.h"
#include "client/base/windows_security.h"

namespace s2c {
namespace {

constexpr std::chrono::milliseconds kLockPoll{10};
// Far behind what a file holds: the system keeps others from reading what is locked.
constexpr DWORD kLockedPlace = 0x7FFFFFFF;

// A third of what OWASP's Password Storage Cheat Sheet (2023) has, and 0.08 s of OpenSSL's time:
// each program that finds a stored login waits for it, and others for that program.
constexpr unsigned long kRounds = 200000;
constexpr unsigned long kMostRounds = 50 * kRounds;
constexpr std::string_view kDigestName = "$pbkdf2-sha256$";
using Bytes = std::array<unsigned char, 32>;

std::string RandomName() {
  std::array<unsigned char, 8> bytes{};
  BCryptGenRandom(nullptr, bytes.data(), static_cast<ULONG>(bytes.size()),
                  BCRYPT_USE_SYSTEM_PREFERRED_RNG);
  std::string name;
  for (const unsigned char byte : bytes) name += "abcdefghijklmnopqrstuvwxyz012345"[byte % 32];
  return name;
}

std::wstring RealPath(const std::wstring& path) {
  const Handle file(CreateFileW(path.c_str(), 0, kShareAll, nullptr, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  if (!file.is_valid()) return path;
  std::wstring real(32768, L'\0');
  const DWORD size =
      GetFinalPathNameByHandleW(file.get(), real.data(), 32768, FILE_NAME_NORMALIZED);
  return size > 0 && size < real.size() ? real.substr(0, size) : path;
}

// ERROR_SUCCESS where the folder is there or was made, with its parents.
DWORD MakeFolder(const std::wstring& path, SECURITY_ATTRIBUTES* security) {
  if (CreateDirectoryW(path.c_str(), security)) return ERROR_SUCCESS;
  const DWORD error = GetLastError();
  if (error == ERROR_ALREADY_EXISTS) return ERROR_SUCCESS;
  const std::size_t end = path.find_last_of(L'\\');
  if (error != ERROR_PATH_NOT_FOUND || end == std::wstring::npos || end == 0) return error;
  const DWORD of_parent = MakeFolder(path.substr(0, end), security);
  if (of_parent != ERROR_SUCCESS) return of_parent;
  if (CreateDirectoryW(path.c_str(), security) || GetLastError() == ERROR_ALREADY_EXISTS)
    return ERROR_SUCCESS;
  return GetLastError();
}

class PassingFile final : public TemporaryFile {
 public:
  explicit PassingFile(HANDLE file) : file_(file) {}

  Status Append(const char* data, std::size_t size) override {
    if (!WriteAt(file_.get(), size_, std::string_view(data, size)))
      return SystemFailure("a temporary file in TMP cannot be written", GetLastError());
    size_ += size;
    return {};
  }

  std::uint64_t size() const override { return size_; }

  Status ReadAt(std::uint64_t offset, char* target, std::size_t size) const override {
    while (size > 0) {
      OVERLAPPED at{};
      at.Offset = static_cast<DWORD>(offset);
      at.OffsetHigh = static_cast<DWORD>(offset >> 32);
      const DWORD part = static_cast<DWORD>(std::min<std::size_t>(size, 1U << 30));
      DWORD got = 0;
      const bool is_read = ReadFile(file_.get(), target, part, &got, &at) != FALSE;
      if (!is_read || got == 0)
        return SystemFailure("a temporary file cannot be read",
                             is_read ? ERROR_HANDLE_EOF : GetLastError());
      target += got;
      offset += got;
      size -= got;
    }
    return {};
  }

 private:
  const Handle file_;
  std::atomic<std::uint64_t> size_{0};
};

OVERLAPPED PlaceOfLock() {
  OVERLAPPED place{};
  place.Offset = kLockedPlace;
  return place;
}

class HeldLock final : public FileLock {
 public:
  explicit HeldLock(HANDLE file) : file_(file) {}
  ~HeldLock() override {
    OVERLAPPED place = PlaceOfLock();
    UnlockFileEx(file_.get(), 0, 1, 0, &place);
  }

 private:
  const Handle file_;
};

std::string Hexadecimal(const Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::optional<Bytes> ReadHexadecimal(std::string_view text) {
  Bytes bytes{};
  if (text.size() != 2 * bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::string pair(text.substr(2 * i, 2));
    if (pair.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
    bytes[i] = static_cast<unsigned char>(std::strtoul(pair.c_str(), nullptr, 16));
  }
  return bytes;
}

// How a password is digested.
struct Setting {
  unsigned long rounds = kRounds;
  Bytes salt{};
};

std::optional<Setting> NewSetting() {
  Setting setting;
  if (BCryptGenRandom(nullptr, setting.salt.data(), static_cast<ULONG>(setting.salt.size()),
                      BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
    return std::nullopt;
  return setting;
}

// $pbkdf2-sha256$ROUNDS$SALT$DIGEST
std::optional<Setting> SettingOf(const std::string& digest) {
  if (!StartsWith(digest, kDigestName)) return std::nullopt;
  const std::size_t rounds_end = digest.find('$', kDigestName.size());
  if (rounds_end == std::string::npos) return std::nullopt;
  const std::size_t salt_end = digest.find('$', rounds_end + 1);
  const auto salt =
      ReadHexadecimal(std::string_view(digest).substr(rounds_end + 1, salt_end - rounds_end - 1));
  Setting setting;
  setting.rounds = std::strtoul(digest.c_str() + kDigestName.size(), nullptr, 10);
  if (!salt || setting.rounds == 0 || setting.rounds > kMostRounds) return std::nullopt;
  setting.salt = *salt;
  return setting;
}

}  // namespace

std::int64_t ProcessId() { return 0; }  // no fork

void BlockSignalsInThisThread() {}

void AtProcessEnd(void (* /*handler*/)()) {
  // A library's exit handlers run when the system has ended the threads, and those that wait for
  // one wait in vain. Pinned: the threads run what it holds.
  HMODULE library = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(&AtProcessEnd), &library);
}

bool HaveThreadsEnded() {
  using Question = BOOLEAN(NTAPI*)();
  static const auto ask = reinterpret_cast<Question>(reinterpret_cast<void*>(
      GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlDllShutdownInProgress")));
  return ask && ask() != FALSE;
}

std::string HomeFolder() {
  const std::string home = EnvironmentText(L"USERPROFILE");
  if (home.empty()) return home;
  const bool is_absolute = IsAbsolutePath(home);
  if (is_absolute && IsFolder(home)) return home;
  LogDebug("the home folder '" + home + "' is not used: it " +
           (is_absolute ? "does not exist" : "is not an absolute path"));
  return {};
}

bool IsFolder(const std::string& path) {
  const DWORD attributes = GetFileAttributesW(WidePath(path).c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

// C:\ or \\server, and not \Users, which is on the drive that the program stands on.
bool IsAbsolutePath(const std::string& path) {
  const auto is_slash = [&](std::size_t at) { return path[at] == '/' || path[at] == '\\'; };
  return (path.size() >= 3 && path[1] == ':' && is_slash(2)) ||
         (path.size() >= 3 && is_slash(0) && is_slash(1));
}

std::string ValueOfVariable(const char* name, const char* value) {
  const char* const of_library = std::getenv(name);
  if (!of_library || std::strcmp(of_library, value) != 0) return value;
  const std::string text = EnvironmentText(Wide(name).c_str());
  return text.empty() ? value : text;
}

std::string SystemCacheFolder() {
  const std::string folder = EnvironmentText(L"LOCALAPPDATA");
  if (!folder.empty() && IsAbsolutePath(folder) && IsFolder(folder)) return folder;
  const std::string home = HomeFolder();
  return home.empty() ? home : home + "\\AppData\\Local";
}

std::string HowToMakePrivate(const std::string& path) {
  return "icacls \"" + path + "\" /inheritance:r /grant:r \"%USERNAME%:F\" closes it";
}

std::string PasswordDigest(const std::string& password, const std::string& like) {
  if (password.find('\0') != std::string::npos) return {};  // as posix.cpp
  const auto setting = like.empty() ? NewSetting() : SettingOf(like);
  if (!setting) return {};
  BCRYPT_ALG_HANDLE sha256 = nullptr;
  if (BCryptOpenAlgorithmProvider(&sha256, BCRYPT_SHA256_ALGORITHM, nullptr,
                                  BCRYPT_ALG_HANDLE_HMAC_FLAG) != 0)
    return {};
  const auto bytes = [](const void* data) { return static_cast<PUCHAR>(const_cast<void*>(data)); };
  Bytes digest{};
  const NTSTATUS failed =
      BCryptDeriveKeyPBKDF2(sha256, bytes(password.data()), static_cast<ULONG>(password.size()),
                            bytes(setting->salt.data()), static_cast<ULONG>(setting->salt.size()),
                            setting->rounds, digest.data(), static_cast<ULONG>(digest.size()), 0);
  BCryptCloseAlgorithmProvider(sha256, 0);
  if (failed != 0) return {};
  return std::string(kDigestName) + std::to_string(setting->rounds) + "$" +
         Hexadecimal(setting->salt) + "$" + Hexadecimal(digest);
}

Result<SmallFile> ReadSmallFile(const std::string& path, std::size_t limit) {
  const std::string what = "'" + path + "' cannot be read";
  const Handle file(CreateFileW(WidePath(path).c_str(), GENERIC_READ | READ_CONTROL, kShareAll,
                                nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  if (!file.is_valid()) return SystemFailure(what, GetLastError());
  BY_HANDLE_FILE_INFORMATION status{};
  if (!IsPlainFile(file.get(), status))
    return Fail(ErrorKind::kInvalidInput, what + " (not a file)");
  SmallFile small;
  small.privacy = PrivacyOf(file.get());
  std::array<char, 4096> buffer{};
  for (;;) {
    DWORD got = 0;
    if (!ReadFile(file.get(), buffer.data(), static_cast<DWORD>(buffer.size()), &got, nullptr))
      return SystemFailure(what, GetLastError());
    if (got == 0) return small;
    small.content.append(buffer.data(), got);
    if (small.content.size() > limit) return Fail(ErrorKind::kInvalidInput, what + " (too large)");
  }
}

Status ReplacePrivateFile(const std::string& path, const std::string& content, Links links) {
  const std::string what = "'" + path + "' cannot be written";
  const std::wstring wide = WidePath(path);
  const std::wstring real = links == Links::kFollowed ? RealPath(wide) : wide;
  const std::wstring temporary = real + Wide("." + RandomName());
  PrivateSecurity security;
  if (!security.get()) return SystemFailure(what, ERROR_ACCESS_DENIED);
  DWORD error = ERROR_SUCCESS;
  {
    const Handle file(CreateFileW(temporary.c_str(), GENERIC_WRITE | DELETE, kShareAll,
                                  security.get(), CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file.is_valid()) return SystemFailure(what, GetLastError());
    // Flushed: after a crash there is the old file or the new one, not an empty one.
    const bool written = WriteAt(file.get(), 0, content) && FlushFileBuffers(file.get()) != FALSE;
    error = written ? MoveOver(file.get(), temporary, real) : GetLastError();
  }
  if (error == ERROR_SUCCESS) return {};
  DeleteFileW(temporary.c_str());
  return SystemFailure(what, error);
}

Status OverwritePrivateFile(const std::string& path, std::string_view content) {
  const std::string what = "'" + path + "' cannot be written";
  const std::wstring wide = WidePath(path);
  PrivateSecurity security;
  if (!security.get()) return SystemFailure(what, ERROR_ACCESS_DENIED);
  DWORD error = ERROR_SUCCESS;
  bool is_own = true;
  {
    const Handle file(CreateFileW(wide.c_str(), GENERIC_WRITE | READ_CONTROL, kShareAll,
                                  security.get(), OPEN_ALWAYS,
                                  FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    error = file.is_valid() ? ERROR_SUCCESS : GetLastError();
    BY_HANDLE_FILE_INFORMATION status{};
    is_own = error != ERROR_SUCCESS ||
             (IsPlainFile(file.get(), status) && !IsLink(status) && status.nNumberOfLinks == 1 &&
              PrivacyOf(file.get()) == FilePrivacy::kPrivate);
    if (error == ERROR_SUCCESS && is_own) {
      if (SetEndOfFile(file.get()) && WriteAt(file.get(), 0, content)) return {};
      error = GetLastError();
    }
  }
  DeleteFileW(wide.c_str());
  if (is_own) return SystemFailure(what, error);
  return Fail(ErrorKind::kInvalidInput, what + " (it was not a private file of the user's own)");
}

Status RemoveFile(const std::string& path) {
  if (DeleteFileW(WidePath(path).c_str())) return {};
  const DWORD error = GetLastError();
  if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) return {};
  return SystemFailure("'" + path + "' cannot be removed", error);
}

void SetFileTime(const std::string& path, std::int64_t time) {
  const Handle file(CreateFileW(WidePath(path).c_str(), FILE_WRITE_ATTRIBUTES, kShareAll, nullptr,
                                OPEN_EXISTING, 0, nullptr));
  if (!file.is_valid()) return;
  const std::uint64_t ticks = SystemTime(time);
  const FILETIME written{static_cast<DWORD>(ticks), static_cast<DWORD>(ticks >> 32U)};
  ::SetFileTime(file.get(), nullptr, nullptr, &written);
}

Result<std::shared_ptr<TemporaryFile>> TemporaryFile::Create() {
  std::wstring folder(MAX_PATH + 1, L'\0');
  folder.resize(GetTempPathW(MAX_PATH + 1, folder.data()));
  const std::wstring path = folder + Wide("s2c." + RandomName());
  PrivateSecurity security;
  // Others may remove it, as who cleans up does, and no more.
  HANDLE const file = CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE | DELETE,
                                  FILE_SHARE_DELETE, security.get(), CREATE_NEW,
                                  FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, nullptr);
  if (file == INVALID_HANDLE_VALUE)
    return SystemFailure("a temporary file cannot be made in TMP, as '" + Narrow(path) + "'",
                         GetLastError());
  return std::shared_ptr<TemporaryFile>(std::make_shared<PassingFile>(file));
}

Status MakePrivateFolder(const std::string& path) {
  const std::string what = "the folder '" + path + "' cannot be used";
  PrivateSecurity security;
  if (!security.get()) return SystemFailure(what, ERROR_ACCESS_DENIED);
  const std::wstring wide = WidePath(path);
  if (const DWORD error = MakeFolder(wide, security.get()); error != ERROR_SUCCESS)
    return SystemFailure(what, error);
  if (!IsFolder(path)) return Fail(ErrorKind::kInvalidInput, what + " (not a folder)");
  const Handle folder(CreateFileW(wide.c_str(), READ_CONTROL, kShareAll, nullptr, OPEN_EXISTING,
                                  FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  if (!folder.is_valid()) return SystemFailure(what, GetLastError());
  if (PrivacyOf(folder.get()) != FilePrivacy::kPrivate)
    return Fail(ErrorKind::kInvalidInput,
                what + " (it must be the user's own and closed to others)");
  return {};
}

std::unique_ptr<FileLock> FileLock::Acquire(const std::string& path, Clock::Duration longest,
                                            Clock& clock) {
  PrivateSecurity security;
  Handle file(CreateFileW(WidePath(path).c_str(), GENERIC_READ | GENERIC_WRITE, kShareAll,
                          security.get(), OPEN_ALWAYS,
                          FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
  BY_HANDLE_FILE_INFORMATION status{};
  if (!file.is_valid() || !IsPlainFile(file.get(), status) || IsLink(status)) return nullptr;
  const Clock::TimePoint end = clock.Now() + longest;
  for (;;) {
    OVERLAPPED place = PlaceOfLock();
    if (LockFileEx(file.get(), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
                   &place))
      return std::make_unique<HeldLock>(file.Release());
    const DWORD error = GetLastError();
    if ((error != ERROR_LOCK_VIOLATION && error != ERROR_IO_PENDING) || clock.Now() >= end)
      return nullptr;
    clock.SleepFor(kLockPoll);
  }
}

}  // namespace s2c
