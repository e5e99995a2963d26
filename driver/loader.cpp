// SPDX-License-Identifier: MIT
#include <cstdio>

#include "driver/gdal_caller.h"

// A plugin is built for one minor version of GDAL, and one that needs a libgdal that is gone breaks
// every program of the machine. So what GDAL finds is this loader, which needs no libgdal, and the
// plugin of the GDAL that called lies beside it.

namespace s2c {
namespace {

constexpr int kWarning = 2;             // CE_Warning
constexpr int kApplicationDefined = 1;  // CPLE_AppDefined

// What a GDAL was given: it asks again after it has taken its drivers down, and is told only once
// why there is nothing.
struct Known {
  const void* library;
  Registration registration;
};
Known known[kMostGdals];
int known_count = 0;

struct Attempt {
  Opened outcome = Opened::kYes;
  Registration registration = nullptr;
  char path[kLongestPath] = {};
  char why[kLongestPath] = {};
};

void Load(const GdalCaller& gdal, Attempt& attempt) {
  char folder[kLongestPath];
  if (!FindLoaderFolder(folder)) return;
  const int length = std::snprintf(attempt.path, sizeof attempt.path, "%s/s2c/gdal_S2C-%d.%d.so",
                                   folder, gdal.major, gdal.minor);
  if (length >= kLongestPath) return;
  attempt.outcome = OpenPlugin(attempt.path, gdal, known_count, attempt.registration, attempt.why);
}

void LoadOnce(const GdalCaller& gdal, Attempt& attempt) {
  for (int i = 0; i < known_count; ++i) {
    if (known[i].library != gdal.library) continue;
    attempt.registration = known[i].registration;
    return;
  }
  if (known_count == kMostGdals) return;
  Load(gdal, attempt);
  known[known_count++] = {gdal.library, attempt.registration};
}

void Warn(const GdalCaller& gdal, const Attempt& attempt) {
  const char* const what = attempt.outcome == Opened::kMissing      ? "is not there"
                           : attempt.outcome == Opened::kForAnother ? "is not made for its library "
                                                                    : "does not load: ";
  const char* const more = attempt.outcome == Opened::kMissing      ? ""
                           : attempt.outcome == Opened::kForAnother ? gdal.name
                                                                    : attempt.why;
  gdal.report(kWarning, kApplicationDefined,
              "No name that begins with S2C: or /vsis2c/ opens in this program: %s, the plugin for "
              "its GDAL %d.%d, %s%s; install gdal_S2C for GDAL %d.%d or build it against that.",
              attempt.path, gdal.major, gdal.minor, what, more, gdal.major, gdal.minor);
}

}  // namespace
}  // namespace s2c

// GDAL looks it up by the file's name, gdal_S2C.
extern "C" __attribute__((visibility("default"))) void GDALRegister_S2C() {
  s2c::GdalCaller gdal{};
  if (!s2c::FindGdalCaller(__builtin_return_address(0), gdal)) return;
  // From another folder of GDAL_DRIVER_PATH.
  if (gdal.find_driver("S2C")) return;
  s2c::Attempt attempt;
  s2c::EnterLoader();
  s2c::LoadOnce(gdal, attempt);
  s2c::LeaveLoader();
  // Outside: an error handler of Python's waits for its interpreter, which may be waiting here.
  if (attempt.outcome != s2c::Opened::kYes) s2c::Warn(gdal, attempt);
  if (attempt.registration) attempt.registration();
}
