// SPDX-License-Identifier: MIT
#pragma once

namespace s2c {

// What the plugin's one door is called with, and what it answers: nothing (GDAL's AutoLoadDrivers).
using Registration = void (*)();

constexpr int kMostCopies = 64;
constexpr int kLongestPath = 4096;
constexpr int kLongestName = 128;

// A GDAL that has asked for drivers. A process can hold several: the one of the system and those
// that Python wheels bring.
struct GdalCaller {
  // Where its library begins in memory; no other library begins there as long as it is loaded,
  // and GDAL never unloads itself.
  const void* library;
  // By which other libraries name the one they need; empty where it has no name of its own.
  char name[kLongestName];
  int major;
  int minor;
  // Its GDALGetDriverByName(), CPLGetConfigOption() and CPLError().
  void* (*find_driver)(const char* name);
  const char* (*option)(const char* name, const char* otherwise);
  void (*report)(int error_class, int error_number, const char* format, ...);
};

// What the system ends the name of a library with, and puts between the folders of a list.
extern const char* const kLibraryEnding;
extern const char* const kListSeparator;

// Everything here is for the loader: it uses neither libgdal nor the C++ library, takes no lock,
// throws nothing, and is safe to call from several threads.

// The GDAL whose code lies at `address`; false where there is none.
bool FindGdalCaller(const void* address, GdalCaller& caller);

// The folder of this loader, without a separator at its end; false where it cannot be told.
bool FindLoaderFolder(char (&folder)[kLongestPath]);

bool IsThere(const char* path);

enum class Opened { kYes, kMissing, kForAnother, kRefused };

// A plugin's library, and its GDALRegister_S2C().
struct Plugin {
  void* library;
  Registration registration;
};

// Loads the plugin in the file `path` so that it uses that GDAL and no other. A plugin built for
// whichever GDAL calls (there is none on Windows) is loaded as a copy that no file system shows and
// nobody else can write, at most kMostCopies times in a process. `why` is what the system says of a
// kRefused.
Opened OpenPlugin(const char* path, const GdalCaller& caller, Plugin& plugin,
                  char (&why)[kLongestPath]);

// Of a plugin whose registration was not called.
void ClosePlugin(const Plugin& plugin);

}  // namespace s2c
