// SPDX-License-Identifier: MIT
#include "client/base/windows_security.h"

#include <aclapi.h>
#include <sddl.h>

#include <string>
#include <vector>

#include "client/base/windows_file.h"

namespace s2c {
namespace {

// Every right to get at what is in a file or folder, or to give oneself that right.
constexpr DWORD kTelling = FILE_READ_DATA | FILE_WRITE_DATA | FILE_APPEND_DATA | WRITE_DAC |
                           WRITE_OWNER | GENERIC_READ | GENERIC_WRITE | GENERIC_ALL;

// The user's security identifier; empty where it cannot be had.
std::vector<char> UserSid() {
  HANDLE raw = nullptr;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw)) return {};
  const Handle token(raw);
  DWORD size = 0;
  GetTokenInformation(token.get(), TokenUser, nullptr, 0, &size);
  std::vector<char> buffer(size);
  if (!GetTokenInformation(token.get(), TokenUser, buffer.data(), size, &size)) return {};
  PSID const sid = reinterpret_cast<TOKEN_USER*>(buffer.data())->User.Sid;
  const char* const begin = static_cast<const char*>(sid);
  return {begin, begin + GetLengthSid(sid)};
}

// The system and its administrators get at everything anyway.
bool IsOfTheSystem(PSID sid) {
  return IsWellKnownSid(sid, WinLocalSystemSid) || IsWellKnownSid(sid, WinBuiltinAdministratorsSid);
}

// Whether the list lets nobody in but the user and the system.
bool IsClosed(PACL list, PSID user) {
  // None at all lets everybody in.
  if (!list) return false;
  for (DWORD i = 0; i < list->AceCount; ++i) {
    void* raw = nullptr;
    if (!GetAce(list, i, &raw)) return false;
    const auto* const entry = static_cast<const ACCESS_ALLOWED_ACE*>(raw);
    const BYTE type = entry->Header.AceType;
    if (type == ACCESS_DENIED_ACE_TYPE || type == ACCESS_DENIED_OBJECT_ACE_TYPE ||
        type == ACCESS_DENIED_CALLBACK_ACE_TYPE)
      continue;
    // One of a kind that is laid out otherwise could be anybody's.
    if (type != ACCESS_ALLOWED_ACE_TYPE) return false;
    if ((entry->Mask & kTelling) == 0) continue;
    PSID const sid = const_cast<DWORD*>(&entry->SidStart);
    if (EqualSid(sid, user) || IsOfTheSystem(sid) || IsWellKnownSid(sid, WinCreatorOwnerSid) ||
        IsWellKnownSid(sid, WinCreatorOwnerRightsSid))
      continue;
    return false;
  }
  return true;
}

}  // namespace

// In the security descriptor definition language: protected (P), full access (FA) that files and
// folders in it inherit (OICI), for the user, the system (SY) and its administrators (BA).
PrivateSecurity::PrivateSecurity() {
  std::vector<char> sid = UserSid();
  wchar_t* text = nullptr;
  if (sid.empty() || !ConvertSidToStringSidW(sid.data(), &text)) return;
  const std::wstring user(text);
  LocalFree(text);
  const std::wstring rights =
      L"O:" + user + L"D:P(A;OICI;FA;;;" + user + L")(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(rights.c_str(), SDDL_REVISION_1,
                                                            &descriptor_, nullptr))
    descriptor_ = nullptr;
  attributes_.nLength = sizeof(attributes_);
  attributes_.lpSecurityDescriptor = descriptor_;
}

PrivateSecurity::~PrivateSecurity() { LocalFree(descriptor_); }

FilePrivacy PrivacyOf(HANDLE file) {
  PSID owner = nullptr;
  PACL list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (GetSecurityInfo(file, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                      &owner, nullptr, &list, nullptr, &descriptor) != ERROR_SUCCESS)
    return FilePrivacy::kForeign;
  std::vector<char> user = UserSid();
  FilePrivacy privacy = FilePrivacy::kForeign;
  // What an administrator makes may belong to them all.
  if (!user.empty() &&
      (EqualSid(owner, user.data()) || IsWellKnownSid(owner, WinBuiltinAdministratorsSid)))
    privacy = IsClosed(list, user.data()) ? FilePrivacy::kPrivate : FilePrivacy::kReadable;
  LocalFree(descriptor);
  return privacy;
}

}  // namespace s2c
