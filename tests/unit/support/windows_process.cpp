// SPDX-License-Identifier: MIT
#include "tests/unit/support/windows_process.h"

#include <gtest/gtest.h>
#include <windows.h>

#include <filesystem>

namespace s2c::testing_support {
namespace {

constexpr std::chrono::seconds kLongestSilence{20};

// Both ends of a pipe, of which a child inherits the one that is written to.
bool MakePipe(HANDLE* read_end, HANDLE* write_end) {
  SECURITY_ATTRIBUTES inherited{};
  inherited.nLength = sizeof(inherited);
  inherited.bInheritHandle = TRUE;
  return CreatePipe(read_end, write_end, &inherited, 0) &&
         SetHandleInformation(*read_end, HANDLE_FLAG_INHERIT, 0);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : command) line += (line.empty() ? "\"" : " \"") + word + "\"";
  std::wstring wide = std::filesystem::u8path(line).wstring();
  HANDLE write_end = nullptr;
  if (!MakePipe(&output_, &write_end)) ADD_FAILURE() << "no pipe can be made";
  STARTUPINFOW start{};
  start.cb = sizeof(start);
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdOutput = write_end;
  start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  PROCESS_INFORMATION made{};
  if (CreateProcessW(nullptr, wide.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start,
                     &made)) {
    CloseHandle(made.hThread);
    process_ = made.hProcess;
  } else {
    ADD_FAILURE() << line << " cannot be started";
  }
  // Its end is the child's alone: that there is no more to read shows that the child has ended.
  CloseHandle(write_end);
}

ChildProcess::~ChildProcess() {
  Kill();
  CloseHandle(output_);
}

std::string ChildProcess::ReadLine() {
  const auto end = std::chrono::steady_clock::now() + kLongestSilence;
  std::string line;
  for (DWORD there = 0; PeekNamedPipe(output_, nullptr, 0, nullptr, &there, nullptr);) {
    char next = 0;
    DWORD got = 0;
    if (there == 0) {
      if (std::chrono::steady_clock::now() > end) return line;
      Sleep(1);
    } else if (ReadFile(output_, &next, 1, &got, nullptr) && next == '\n') {
      return line;
    } else if (next != '\r') {
      line += next;
    }
  }
  return line;
}

std::optional<unsigned> ChildProcess::AwaitEnd(std::chrono::milliseconds longest) {
  DWORD code = 0;
  if (!process_ ||
      WaitForSingleObject(process_, static_cast<DWORD>(longest.count())) != WAIT_OBJECT_0 ||
      !GetExitCodeProcess(process_, &code))
    return std::nullopt;
  return code;
}

void ChildProcess::Kill() {
  if (!process_) return;
  TerminateProcess(process_, 99);
  WaitForSingleObject(process_, INFINITE);
  CloseHandle(process_);
  process_ = nullptr;
}

std::string BesideThisProgram(const std::string& name) {
  wchar_t path[4096];
  const DWORD size = GetModuleFileNameW(nullptr, path, 4096);
  return (std::filesystem::path(std::wstring(path, size)).parent_path() / name).u8string();
}

}  // namespace s2c::testing_support
