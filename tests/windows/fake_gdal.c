// SPDX-License-Identifier: MIT
// What the loader asks a GDAL for, in a library of any name: VERSION_NUM is its version.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

#define EXPORTED __declspec(dllexport)

static const char* driver;

EXPORTED const char* GDALVersionInfo(const char* what) {
  return strcmp(what, "VERSION_NUM") == 0 ? VERSION_NUM : "";
}

EXPORTED const void* GDALGetDriverByName(const char* name) {
  return strcmp(name, "S2C") == 0 ? driver : NULL;
}

EXPORTED const char* CPLGetConfigOption(const char* name, const char* otherwise) {
  const char* const value = getenv(name);
  return value ? value : otherwise;
}

EXPORTED void CPLError(int level, int number, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("%s %d: ", level == 2 ? "Warning" : "ERROR", number);
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
}

// Of the plugin, which has no other way to say that it was asked.
EXPORTED void RegisterDriver(const char* name) {
  driver = name;
  printf("GDAL " VERSION_NUM " has %s\n", name);
}

// As GDALAllRegister() after GDALDestroyDriverManager().
EXPORTED void AskLoader(const wchar_t* loader) {
  const HMODULE library = LoadLibraryW(loader);
  void (*ask)(void) = (void (*)(void))(void*)GetProcAddress(library, "GDALRegister_S2C");
  driver = NULL;
  ask();
}
