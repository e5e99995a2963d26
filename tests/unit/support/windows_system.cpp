// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <windows.h>
// After it.
#include <aclapi.h>
#include <sddl.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>

#include "tests/unit/support/system.h"

namespace s2c::testing_support {
namespace {

std::wstring Wide(const std::string& text) { return std::filesystem::u8path(text).wstring(); }

std::string Narrow(const std::wstring& text) { return std::filesystem::path(text).u8string(); }

std::wstring UserSid() {
  HANDLE token = nullptr;
  OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token);
  alignas(TOKEN_USER) char buffer[512];
  DWORD size = sizeof(buffer);
  wchar_t* text = nullptr;
  const bool found = GetTokenInformation(token, TokenUser, buffer, size, &size) != 0 &&
                     ConvertSidToStringSidW(reinterpret_cast<TOKEN_USER*>(buffer)->User.Sid, &text);
  CloseHandle(token);
  EXPECT_TRUE(found);
  const std::wstring sid = found ? text : L"";
  LocalFree(text);
  return sid;
}

// What the access list allows all that are neither the user nor the system's own accounts.
DWORD AllowedToOthers(const std::string& path) {
  PACL list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (GetNamedSecurityInfoW(Wide(path).data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
                            nullptr, &list, nullptr, &descriptor) != ERROR_SUCCESS) {
    ADD_FAILURE() << path << " has no access list that can be read";
    return 0;
  }
  DWORD allowed = list ? 0 : FILE_ALL_ACCESS;
  const std::wstring user = UserSid();
  for (DWORD i = 0; list && i < list->AceCount; ++i) {
    void* raw = nullptr;
    wchar_t* text = nullptr;
    if (!GetAce(list, i, &raw)) continue;
    auto* const entry = static_cast<ACCESS_ALLOWED_ACE*>(raw);
    if (entry->Header.AceType != ACCESS_ALLOWED_ACE_TYPE) continue;
    if (!ConvertSidToStringSidW(&entry->SidStart, &text)) continue;
    const std::wstring sid = text;
    LocalFree(text);
    const bool is_ours = sid == user || sid == L"S-1-5-18" || sid == L"S-1-5-32-544" ||
                         sid == L"S-1-3-0" || sid == L"S-1-3-4";
    if (!is_ours) allowed |= entry->Mask;
  }
  LocalFree(descriptor);
  return allowed;
}

std::string ReasonOf(DWORD error) {
  wchar_t text[1024];
  const DWORD size =
      FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, error, 0,
                     text, sizeof(text) / sizeof(text[0]), nullptr);
  std::wstring reason(text, size);
  reason.erase(reason.find_last_not_of(L".\r\n ") + 1);
  return Narrow(reason);
}

}  // namespace

std::string MakeUniqueFolder(const std::string& start) {
  static std::atomic<unsigned> count{0};
  const std::string path = start + std::to_string(GetCurrentProcessId()) + "-" +
                           std::to_string(++count) + "-" + std::to_string(std::random_device()());
  if (!CreateDirectoryW(Wide(path).c_str(), nullptr)) return {};
  SetMode(path, 0700);
  return path;
}

const char* const kHomeVariable = "USERPROFILE";
const char* const kTemporaryFolderVariable = "TMP";
const char* const kCacheBelowHome = "\\AppData\\Local";

std::optional<std::string> GetVariable(const std::string& name) {
  const wchar_t* const value = _wgetenv(Wide(name).c_str());
  return value ? std::optional<std::string>(Narrow(value)) : std::nullopt;
}

// Of the C library, which tells the system: libcurl asks the one, and the client the other.
void SetVariable(const std::string& name, const std::string& value) {
  _wputenv_s(Wide(name).c_str(), Wide(value).c_str());
}

void UnsetVariable(const std::string& name) { SetVariable(name, ""); }

unsigned ModeOf(const std::string& path) {
  const DWORD attributes = GetFileAttributesW(Wide(path).c_str());
  EXPECT_NE(attributes, INVALID_FILE_ATTRIBUTES) << path;
  const DWORD others = AllowedToOthers(path);
  unsigned mode = (attributes & FILE_ATTRIBUTE_DIRECTORY) ? 0700 : 0600;
  if (others & (FILE_READ_DATA | GENERIC_READ | GENERIC_ALL)) mode |= 044;
  if (others & (FILE_WRITE_DATA | GENERIC_WRITE | GENERIC_ALL)) mode |= 022;
  if ((attributes & FILE_ATTRIBUTE_DIRECTORY) && (others & FILE_TRAVERSE)) mode |= 011;
  return mode;
}

void SetMode(const std::string& path, unsigned mode) {
  std::wstring text = L"D:P(A;OICI;FA;;;" + UserSid() + L")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
  if (mode & 044) text += L"(A;OICI;FR;;;WD)";
  if (mode & 022) text += L"(A;OICI;FW;;;WD)";
  if (mode & 011) text += L"(A;OICI;FX;;;WD)";
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  ASSERT_TRUE(ConvertStringSecurityDescriptorToSecurityDescriptorW(text.c_str(), SDDL_REVISION_1,
                                                                   &descriptor, nullptr));
  // Not SetNamedSecurityInfo(), which has a file inherit rights.
  EXPECT_TRUE(SetFileSecurityW(Wide(path).c_str(),
                               DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                               descriptor))
      << path;
  LocalFree(descriptor);
}

// It would take a right that nobody has without asking for it (SeRestorePrivilege).
bool CanGiveAway() { return false; }
bool GiveAway(const std::string& /*path*/) { return false; }

std::string NoSuchFileReason() { return ReasonOf(ERROR_FILE_NOT_FOUND); }
std::string FullDiskReason() { return ReasonOf(ERROR_DISK_FULL); }

std::string PasswordWithoutDigest() { return std::string("x\0y", 3); }

}  // namespace s2c::testing_support
