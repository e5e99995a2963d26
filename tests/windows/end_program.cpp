// SPDX-License-Identifier: MIT
// Loads a library and calls what it is told to, function and address by function and address, and
// ends: end_program LIBRARY return|exit|free|again [FUNCTION URL]...
// Before it ends it writes a line, and one more after the library is freed.
#include <windows.h>

#include <cstdio>
#include <cstring>

namespace {

void Say(const char* line) {
  std::puts(line);
  std::fflush(stdout);
}

// Whether all of them are there and, where they tell, succeed.
bool CallAll(HMODULE library, int count, char** words) {
  for (int i = 0; i + 1 < count; i += 2) {
    const auto found = reinterpret_cast<void*>(GetProcAddress(library, words[i]));
    if (!found) return false;
    if (std::strcmp(words[i], "Ask") == 0) {
      if (!reinterpret_cast<bool (*)(const char*)>(found)(words[i + 1])) return false;
    } else {
      reinterpret_cast<void (*)(const char*)>(found)(words[i + 1]);
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  HMODULE library = LoadLibraryA(argv[1]);
  if (!library || !CallAll(library, argc - 3, argv + 3)) return 3;
  Say("ends");
  if (std::strcmp(argv[2], "exit") == 0) ExitProcess(0);
  if (std::strcmp(argv[2], "return") == 0) return 0;
  FreeLibrary(library);
  Say("freed");
  if (std::strcmp(argv[2], "free") == 0) return 0;
  library = LoadLibraryA(argv[1]);
  if (!library || !CallAll(library, argc - 3, argv + 3)) return 4;
  Say("called again");
  return 0;
}
