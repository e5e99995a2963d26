// SPDX-License-Identifier: MIT
#include "vsi/sync.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include <optional>

#include "client/base/system.h"
#include "client/base/text.h"
#include "vsi/location.h"

namespace s2c {
namespace {

// Nothing where there is no such thing.
std::optional<VSIStatBufL> StatOf(const std::string& path) {
  VSIStatBufL found;
  if (VSIStatL(path.c_str(), &found) != 0) return std::nullopt;
  return found;
}

std::string FileAt(const std::string& target, const std::string& path) {
  const auto found = StatOf(target);
  if (!found || !VSI_ISDIR(found->st_mode)) return target;
  return CPLFormFilename(target.c_str(), CPLGetFilename(path.c_str()), nullptr);
}

// `gdal vsi sync` has a name of its own for the option of VSISync().
bool Overwrites(CSLConstList options) {
  const char* const strategy = CSLFetchNameValue(options, "SYNC_STRATEGY");
  return EQUAL(strategy ? strategy : CSLFetchNameValueDef(options, "STRATEGY", ""), "OVERWRITE");
}

bool HasSize(const VSIStatBufL& found, std::uint64_t size) {
  return static_cast<std::uint64_t>(found.st_size) == size;
}

}  // namespace

Status SyncFile(const std::string& path, const VsiPath& parsed, const std::string& target,
                CSLConstList options, const std::function<bool()>& copy) {
  const auto location = Locate(path.c_str(), parsed, Detail::kFiles);
  if (!location) return Pass(location);
  const std::string file = FileAt(target, path);
  const auto time = UnixTime(location->inference->inference.timestamp_finished);
  if (const auto found = StatOf(file)) {
    const bool is_same = time && found->st_mtime == *time &&
                         HasSize(*found, location->entry->size.value_or(found->st_size));
    if (is_same && !Overwrites(options)) return {};
    // Whoever copies would find the same size and time.
    VSIUnlink(file.c_str());
  }
  const bool is_copied = copy();
  const auto size = FileSize(path.c_str(), parsed, *location);
  if (!size) return Pass(size);
  const auto made = StatOf(file);
  if (!is_copied || !made || !HasSize(*made, *size)) {
    VSIUnlink(file.c_str());
    return Fail(ErrorKind::kInterrupted, "'" + UserText(path) + "' was not copied as a whole to '" +
                                             UserText(file) + "'; try again");
  }
  if (time) SetFileTime(file, *time);
  return {};
}

}  // namespace s2c
