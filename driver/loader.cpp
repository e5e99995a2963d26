// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "driver/exported.h"
#include "driver/gdal_caller.h"

// A plugin is built for one minor version of GDAL, and one that needs a libgdal that is gone breaks
// every program of the machine. So what GDAL finds is this loader, which needs no libgdal, and the
// plugin of the GDAL that called lies beside it.

namespace s2c {
namespace {

constexpr int kWarning = 2;             // CE_Warning
constexpr int kApplicationDefined = 1;  // CPLE_AppDefined

constexpr int kMostGdals = 16;

// What a GDAL was given, for as long as the process lives: it asks again after it has taken its
// drivers down, and is told only once why there is nothing.
struct Known {
  const void* library;
  Registration registration;
};
// No lock: one that is held while a library is loaded waits for whoever loads another, and is held
// for ever in a child that is forked meanwhile.
std::atomic<Known*> known[kMostGdals];

struct Attempt {
  Opened outcome = Opened::kYes;
  Plugin plugin = {};
  char path[kLongestPath] = {};
  char why[kLongestPath] = {};
};

const Known* Find(const GdalCaller& gdal) {
  for (const auto& slot : known) {
    const Known* const found = slot.load();
    if (!found || found->library == gdal.library) return found;
  }
  return nullptr;
}

// False where another thread has been quicker: the plugin is closed again, and its own taken.
bool Remember(const GdalCaller& gdal, Plugin& plugin) {
  auto* const mine = static_cast<Known*>(std::malloc(sizeof(Known)));
  if (!mine) return true;
  *mine = {gdal.library, plugin.registration};
  for (auto& slot : known) {
    Known* other = nullptr;
    if (slot.compare_exchange_strong(other, mine)) return true;
    if (other->library != gdal.library) continue;
    if (plugin.library) ClosePlugin(plugin);
    plugin.registration = other->registration;
    std::free(mine);
    return false;
  }
  std::free(mine);
  return true;
}

bool MakePath(const char* folder, int length, const GdalCaller& gdal, char (&path)[kLongestPath]) {
  return std::snprintf(path, sizeof path, "%.*s/s2c/gdal_S2C-%d.%d%s", length, folder, gdal.major,
                       gdal.minor, kLibraryEnding) < kLongestPath;
}

// Another loader's, in a folder of GDAL_DRIVER_PATH that GDAL comes to later.
bool IsElsewhere(const GdalCaller& gdal) {
  const char* folder = gdal.option("GDAL_DRIVER_PATH", "");
  char path[kLongestPath];
  while (*folder) {
    const auto length = std::strcspn(folder, kListSeparator);
    if (MakePath(folder, static_cast<int>(length), gdal, path) && IsThere(path)) return true;
    folder += length + (folder[length] ? 1 : 0);
  }
  return false;
}

void Load(const GdalCaller& gdal, Attempt& attempt) {
  char folder[kLongestPath];
  if (!FindLoaderFolder(folder) || !MakePath(folder, kLongestPath, gdal, attempt.path)) return;
  attempt.outcome = OpenPlugin(attempt.path, gdal, attempt.plugin, attempt.why);
  if (attempt.outcome == Opened::kMissing && IsElsewhere(gdal)) attempt.outcome = Opened::kYes;
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
S2C_EXPORTED void GDALRegister_S2C() {
  s2c::GdalCaller gdal{};
  if (!s2c::FindGdalCaller(S2C_RETURN_ADDRESS(), gdal)) return;
  // From another folder of GDAL_DRIVER_PATH.
  if (gdal.find_driver("S2C")) return;
  if (const s2c::Known* const known = s2c::Find(gdal)) {
    if (known->registration) known->registration();
    return;
  }
  s2c::Attempt attempt;
  s2c::Load(gdal, attempt);
  const bool is_first = s2c::Remember(gdal, attempt.plugin);
  if (is_first && attempt.outcome != s2c::Opened::kYes) s2c::Warn(gdal, attempt);
  if (attempt.plugin.registration) attempt.plugin.registration();
}
