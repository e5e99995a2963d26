// SPDX-License-Identifier: MIT
#include "vsi/file_system.h"

#include <cpl_string.h>
#include <cpl_vsi_error.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "vsi/directory.h"
#include "vsi/file_handle.h"
#include "vsi/gdal_compat.h"
#include "vsi/listing.h"
#include "vsi/location.h"
#include "vsi/options.h"
#include "vsi/report.h"
#include "vsi/sync.h"

namespace s2c {
namespace {

tl::unexpected<Error> IsAFolder(const char* path) {
  return Fail(ErrorKind::kNotFound,
              "'" + ShownPath(path) +
                  "' is a folder: list it to see what is there, and open S2C:ID or S2C:ID:NAME");
}

Result<VSIVirtualHandle*> OpenDocument(const Location& location) {
  const auto text = location.session->GetInferenceText(location.inference->inference.id);
  if (!text) return Pass(text);
  auto* const copy = static_cast<GByte*>(VSIMalloc(text->size() + 1));
  if (!copy) return Fail(ErrorKind::kServer, "out of memory");
  std::memcpy(copy, text->data(), text->size());
  return reinterpret_cast<VSIVirtualHandle*>(
      VSIFileFromMemBuffer(nullptr, copy, text->size(), TRUE));
}

Result<VSIVirtualHandle*> OpenPath(const char* path) {
  const auto parsed = ParseVsiPath(path);
  if (!parsed || (!parsed->id && !parsed->mount.empty())) return NoSuchPath(path);
  if (!parsed->id) return IsAFolder(path);
  const auto location =
      Locate(path, *parsed, parsed->name.empty() ? Detail::kExistence : Detail::kAll);
  if (!location) return Pass(location);
  if (!location->entry) return IsAFolder(path);
  if (location->entry->kind == DirectoryEntry::Kind::kDocument) return OpenDocument(*location);
  const auto file = OpenRemote(*location);
  if (!file) return Pass(file);
  // The first bytes now, so that what is wrong with the file is told where it is opened.
  const Status prepared = (*file)->Prepare();
  if (!prepared) return Pass(prepared);
  const auto size = (*file)->Size();
  if (!size) return Pass(size);
  location->session->KeepBeginning(*file);
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

// What is needed to tell what a path is.
Detail DetailOf(const VsiPath& parsed) {
  return parsed.name.empty() || parsed.name == kDocumentName ? Detail::kExistence : Detail::kFiles;
}

// Said here, since the caller would find nothing to say but "unknown error" (issue 10).
int RefuseChange(const char* path, const char* what) {
  Report(Error{ErrorKind::kInvalidInput, "'" + ShownPath(path) + "' cannot be " + what, 0});
  errno = EROFS;
  return -1;
}

constexpr const char* kDeleted =
    "deleted: results are read-only, and go with their inference, which is deleted in the web "
    "application";
constexpr const char* kMade = "made: /vsis2c/ is read-only, so use a local folder";

Status StatPath(const char* path, VSIStatBufL* stat, int flags) {
  const auto parsed = ParseVsiPath(path);
  if (!parsed) return NoSuchPath(path);
  if (!parsed->id) return FillDirectory(stat);
  const auto location = Locate(path, *parsed, DetailOf(*parsed));
  if (!location) return Pass(location);
  if (const auto time = UnixTime(location->inference->inference.timestamp_finished))
    stat->st_mtime = static_cast<time_t>(*time);
  if (!location->entry) return FillDirectory(stat);
  stat->st_mode = S_IFREG | 0444;
  if (!(flags & VSI_STAT_SIZE_FLAG)) return {};
  const auto size = FileSize(path, *parsed, *location);
  if (!size) return Pass(size);
  stat->st_size = static_cast<decltype(stat->st_size)>(*size);
  return {};
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
            Debug(status.error().message);
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

  int Unlink(const char* path) override { return RefuseChange(path, kDeleted); }
  int Rmdir(const char* path) override { return RefuseChange(path, kDeleted); }
  int RmdirRecursive(const char* path) override { return RefuseChange(path, kDeleted); }
  int Mkdir(const char* path, long) override { return RefuseChange(path, kMade); }

  bool Sync(const char* source, const char* target, const char* const* options,
            GDALProgressFunc progress, void* data, char*** outputs) override {
    const auto copy = [&] {
      return VSIFilesystemHandler::Sync(source, target, options, progress, data, outputs);
    };
    return Guarded(
        [&] {
          // GDAL appends a slash to whatever it finds in a folder.
          std::string path = source;
          if (path.size() > 1 && path.back() == '/') path.pop_back();
          const auto parsed = ParseVsiPath(path);
          if (!parsed || parsed->name.empty()) return copy();
          const Status synced = SyncFile(path, *parsed, target, options, copy);
          if (!synced) Report(synced.error());
          return synced.has_value();
        },
        false);
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
  int RefuseRename(const char* path) override {
    return RefuseChange(path, "renamed: results are read-only, so copy it to a local file");
  }

  VSIVirtualHandle* OpenHandle(const char* path, const char* access, bool set_error) override {
    return Guarded(
        [&]() -> VSIVirtualHandle* {
          if (std::strpbrk(access, "wa+")) {
            ReportFileError(
                Error{ErrorKind::kInvalidInput, "'" + ShownPath(path) + "'" + kCannotBeWritten, 0},
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
