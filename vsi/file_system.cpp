// SPDX-License-Identifier: MIT
#include "vsi/file_system.h"

#include <cpl_string.h>
#include <cpl_vsi_error.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "client/base/text.h"
#include "vsi/directory.h"
#include "vsi/file_handle.h"
#include "vsi/gdal_compat.h"
#include "vsi/listing.h"
#include "vsi/location.h"
#include "vsi/options.h"
#include "vsi/report.h"

namespace s2c {
namespace {

Result<VSIVirtualHandle*> OpenDocument(const Location& location) {
  const auto text = location.session->GetRecentText(location.inference->inference.id);
  if (!text) return Pass(text);
  auto* const copy = static_cast<GByte*>(VSIMalloc(text->size() + 1));
  if (!copy) return Fail(ErrorKind::kServer, "out of memory");
  std::memcpy(copy, text->data(), text->size());
  return reinterpret_cast<VSIVirtualHandle*>(
      VSIFileFromMemBuffer(nullptr, copy, text->size(), TRUE));
}

Result<VSIVirtualHandle*> OpenPath(const char* path) {
  const auto parsed = ParseVsiPath(path);
  if (!parsed || !parsed->id || parsed->name.empty()) return NoSuchPath(path);
  const auto location = Locate(path, *parsed, Detail::kAll);
  if (!location) return Pass(location);
  if (location->entry->kind == DirectoryEntry::Kind::kDocument) return OpenDocument(*location);
  const auto file = OpenRemote(*location);
  if (!file) return Pass(file);
  // The first bytes now, so that what is wrong with the file is told where it is opened.
  const Status prepared = (*file)->Prepare();
  if (!prepared) return Pass(prepared);
  const auto size = (*file)->Size();
  if (!size) return Pass(size);
  const bool is_output = location->entry->kind == DirectoryEntry::Kind::kOutput;
  if (is_output && location->pins)
    location->pins->Set(location->output().data.value_or(""), (*file)->SeenVersion().validator);
  return new FileHandle(location->session, *file, *size, location->record,
                        is_output && location->output().IsRaster());
}

Status FillDirectory(VSIStatBufL* stat) {
  stat->st_mode = S_IFDIR | 0555;
  return {};
}

// Fills st_size from what costs least.
Status FillSize(const char* path, const VsiPath& parsed, const Location& listed,
                VSIStatBufL* stat) {
  Result<std::uint64_t> size = listed.entry->size.value_or(0);
  if (listed.entry->kind == DirectoryEntry::Kind::kDocument) {
    const auto text = listed.session->GetRecentText(*parsed.id);
    if (!text) return Pass(text);
    size = text->size();
  } else if (!listed.entry->size) {
    const auto location = Locate(path, parsed, Detail::kAll);
    if (!location) return Pass(location);
    const auto file = OpenRemote(*location);
    if (!file) return Pass(file);
    size = (*file)->Size();
    if (!size) return Pass(size);
  }
  stat->st_size = static_cast<decltype(stat->st_size)>(*size);
  return {};
}

Status StatPath(const char* path, VSIStatBufL* stat, int flags) {
  const auto parsed = ParseVsiPath(path);
  if (!parsed) return NoSuchPath(path);
  if (!parsed->id) return FillDirectory(stat);
  const auto location =
      Locate(path, *parsed, parsed->name.empty() ? Detail::kExistence : Detail::kFiles);
  if (!location) return Pass(location);
  if (const auto time = UnixTime(location->inference->inference.timestamp_finished))
    stat->st_mtime = static_cast<time_t>(*time);
  if (!location->entry) return FillDirectory(stat);
  stat->st_mode = S_IFREG | 0444;
  return flags & VSI_STAT_SIZE_FLAG ? FillSize(path, *parsed, *location, stat) : Status();
}

class S2CFileSystem final : public ReadOnlyFileSystem {
 public:
  int Stat(const char* path, VSIStatBufL* stat, int flags) override {
    std::memset(stat, 0, sizeof(*stat));
    return Guarded(
        [&] {
          const Status status = StatPath(path, stat, flags);
          if (status) return 0;
          if (flags & VSI_STAT_SET_ERROR_FLAG) {
            ReportFileError(status.error(), true);
          } else {
            errno = ENOENT;
            CPLDebug("S2C", "%s", status.error().message.c_str());
          }
          return -1;
        },
        -1);
  }

  char** ReadDirEx(const char* path, int max_files) override {
    return Guarded(
        [&]() -> char** {
          auto names = ListNames(path, max_files);
          if (names) return names->StealList();
          ReportFileError(names.error(), false);
          return nullptr;
        },
        nullptr);
  }

  VSIDIR* OpenDir(const char* path, int depth, const char* const* options) override {
    return Guarded(
        [&]() -> VSIDIR* {
          auto listing = OpenListing(path, depth, options);
          if (listing) return listing->release();
          ReportFileError(listing.error(), false);
          return nullptr;
        },
        nullptr);
  }

  // A result has no sidecar files, and every look for one would be a request.
  char** SiblingFiles(const char* path) override {
    CPLStringList names;
    names.AddString(CPLGetFilename(path));
    return names.StealList();
  }

  char** GetFileMetadata(const char* path, const char* domain, CSLConstList) override {
    if (!domain || !EQUAL(domain, "HEADERS")) return nullptr;
    return Guarded(
        [&]() -> char** {
          const auto parsed = ParseVsiPath(path);
          if (!parsed || !parsed->id || parsed->name.empty()) return nullptr;
          const auto location = Locate(path, *parsed, Detail::kAll);
          if (!location || location->entry->kind == DirectoryEntry::Kind::kDocument) return nullptr;
          const auto file = OpenRemote(*location);
          if (!file || !(*file)->Prepare()) return nullptr;
          CPLStringList list;
          for (const auto& [name, value] : (*file)->KnownHeaders())
            list.SetNameValue(name.c_str(), value.c_str());
          return list.StealList();
        },
        nullptr);
  }

  const char* GetOptions() override {
    static const auto* const xml = new std::string(OptionsXml("Options", "S2C_"));
    return xml->c_str();
  }

  int HasOptimizedReadMultiRange(const char*) override { return TRUE; }

 protected:
  VSIVirtualHandle* OpenHandle(const char* path, const char* access, bool set_error) override {
    return Guarded(
        [&]() -> VSIVirtualHandle* {
          if (std::strpbrk(access, "wa+")) {
            ReportFileError(Error{ErrorKind::kInvalidInput,
                                  "'" + UserText(WithPublicPaths(path)) +
                                      "' cannot be written: results are read-only, so copy it to a "
                                      "local file first",
                                  0},
                            set_error);
            errno = EROFS;
            return nullptr;
          }
          const auto handle = OpenPath(path);
          if (handle) return *handle;
          ReportFileError(handle.error(), set_error);
          return nullptr;
        },
        nullptr);
  }
};

}  // namespace

void InstallS2CFileSystem() { InstallFileSystem(kVsiPrefix, std::make_unique<S2CFileSystem>()); }

}  // namespace s2c
