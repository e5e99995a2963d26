/* SPDX-License-Identifier: MIT */
/* with_variables NAME=VALUE... -- PROGRAM ARGUMENT...
   Runs a program with variables that wine takes from its registry and not from who starts it, such
   as USERPROFILE. No argument has a quotation mark in it or ends with a backslash. */
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static wchar_t line[32768];

int wmain(int count, wchar_t** words) {
  int next = 1;
  for (; next < count && wcscmp(words[next], L"--") != 0; ++next) {
    wchar_t* const value = wcschr(words[next], L'=');
    if (!value) return 120;
    *value = 0;
    SetEnvironmentVariableW(words[next], value[1] ? value + 1 : NULL);
  }
  for (++next; next < count; ++next) {
    wcscat(line, line[0] ? L" \"" : L"\"");
    wcscat(line, words[next]);
    wcscat(line, L"\"");
  }
  STARTUPINFOW start = {.cb = sizeof(start)};
  PROCESS_INFORMATION made;
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &made)) return 121;
  DWORD code = 122;
  WaitForSingleObject(made.hProcess, INFINITE);
  GetExitCodeProcess(made.hProcess, &code);
  return (int)code;
}
