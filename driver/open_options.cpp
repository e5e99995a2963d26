// SPDX-License-Identifier: MIT
#include "driver/open_options.h"

#include <cpl_string.h>

#include <atomic>
#include <string>

#include "vsi/options.h"

namespace s2c {
namespace {

// The list is protected, and a driver sets it in datasets of whatever class.
struct Access : GDALDataset {
  static auto List() { return &Access::papszOpenOptions; }
};

// Also under the name of the configuration option, which is no open option, but easily taken for
// it.
bool HoldsSecret(const char* option) {
  char* key = nullptr;
  CPLParseNameValue(option, &key);
  const std::string name(key ? key : "");
  CPLFree(key);
  for (const OptionSpec& spec : AllOptions()) {
    const std::string full = std::string("S2C_") + spec.name;
    if (spec.is_secret && (EQUAL(name.c_str(), spec.name) || EQUAL(name.c_str(), full.c_str())))
      return true;
  }
  return false;
}

// Shared datasets are told apart by name and options. Another user may not get this one for
// leaving the password out, hence an option that nobody else gives; '@' is for options that a
// driver need not know.
std::string Unshared() {
  static std::atomic<std::uint64_t> next{1};
  return "@LOGIN=" + std::to_string(next++);
}

}  // namespace

void KeepOpenOptions(GDALDataset& dataset, const GDALOpenInfo& info) {
  CPLStringList kept;
  bool has_secret = false;
  for (CSLConstList option = info.papszOpenOptions; option && *option; ++option) {
    if (HoldsSecret(*option)) {
      has_secret = true;
    } else {
      kept.AddString(*option);
    }
  }
  if (!has_secret) return;
  if (info.nOpenFlags & GDAL_OF_SHARED) kept.AddString(Unshared().c_str());
  char**& list = dataset.*Access::List();
  CSLDestroy(list);
  list = kept.StealList();
  // Without a list of the driver's GDAL takes the caller's.
  if (!list) list = static_cast<char**>(CPLCalloc(1, sizeof(char*)));
}

}  // namespace s2c
