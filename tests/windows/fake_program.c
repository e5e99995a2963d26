// SPDX-License-Identifier: MIT
// LOADER GDAL...: has each GDAL, which are loaded first, ask the loader for drivers, twice.
#include <stdio.h>
#include <windows.h>

int wmain(int count, wchar_t** words) {
  HMODULE gdals[8];
  for (int i = 2; i < count; ++i) {
    gdals[i] = LoadLibraryExW(words[i], NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!gdals[i]) return 2;
  }
  for (int i = 2; i < count; ++i) {
    void (*ask)(const wchar_t*) =
        (void (*)(const wchar_t*))(void*)GetProcAddress(gdals[i], "AskLoader");
    ask(words[1]);
    ask(words[1]);
  }
  fflush(stdout);
  return 0;
}
