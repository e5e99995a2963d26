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
#include "vsi/options.h"
#include "vsi/paths.h"
#include "vsi/report.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

constexpr std::size_t kMostListed = 1000;

// What a path below an inference leads to.
struct Location {
  std::shared_ptr<Session> session;
  InferencePtr inference;
  std::optional<DirectoryEntry> entry;  // absent: the directory
};

tl::unexpected<Error> NoSuchPath(const char* path) {
  return Fail(ErrorKind::kNotFound,
              std::string("'") + path + "' does not exist; list /vsis2c/ID/ to see what is there");
}

Result<std::shared_ptr<Session>> SessionOf(const char* path) {
  const auto settings = ReadSettings(path, nullptr);
  if (!settings) return Pass(settings);
  return Session::For(*settings);
}

Result<Location> Locate(const char* path, const VsiPath& parsed) {
  Location location;
  if (parsed.mount.empty()) {
    auto session = SessionOf(path);
    if (!session) return Pass(session);
    location.session = std::move(*session);
    auto inference = location.session->GetRecentInference(*parsed.id);
    if (!inference) return Pass(inference);
    location.inference = std::move(*inference);
  } else {
    Mounted mounted = FindMount(parsed.mount);
    if (!mounted.session || mounted.inference->inference.id != *parsed.id) return NoSuchPath(path);
    location.session = std::move(mounted.session);
    location.inference = std::move(mounted.inference);
  }
  if (parsed.name.empty()) return location;
  location.entry = FindEntry(*location.inference, parsed.name);
  if (location.entry) return location;
  // A name that is not listed may be that of a result of a run before.
  const Status finished = CheckFinished(location.inference->inference);
  if (!finished && !location.inference->inference.outputs.empty()) return Pass(finished);
  return NoSuchPath(path);
}

Result<std::shared_ptr<RemoteFile>> OpenRemote(const Location& location) {
  if (location.entry->kind == DirectoryEntry::Kind::kProject)
    return location.session->OpenProject(*location.inference);
  return location.session->OpenOutput(
      *location.inference, location.inference->inference.outputs[location.entry->output]);
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
  if (!parsed || !parsed->id || parsed->name.empty()) return NoSuchPath(path);
  const auto location = Locate(path, *parsed);
  if (!location) return Pass(location);
  if (location->entry->kind == DirectoryEntry::Kind::kDocument) return OpenDocument(*location);
  const auto file = OpenRemote(*location);
  if (!file) return Pass(file);
  // The first bytes now, so that what is wrong with the file is told where it is opened.
  const Status prepared = (*file)->Prepare();
  if (!prepared) return Pass(prepared);
  const auto size = (*file)->Size();
  if (!size) return Pass(size);
  return new FileHandle(location->session, *file, *size);
}

Status FillDirectory(VSIStatBufL* stat) {
  stat->st_mode = S_IFDIR | 0555;
  return {};
}

Status StatPath(const char* path, VSIStatBufL* stat, int flags) {
  const auto parsed = ParseVsiPath(path);
  if (!parsed) return NoSuchPath(path);
  if (!parsed->id) return FillDirectory(stat);
  const auto location = Locate(path, *parsed);
  if (!location) return Pass(location);
  if (const auto time = UnixTime(location->inference->inference.timestamp_finished))
    stat->st_mtime = static_cast<time_t>(*time);
  if (!location->entry) return FillDirectory(stat);
  stat->st_mode = S_IFREG | 0444;
  if (!(flags & VSI_STAT_SIZE_FLAG)) return {};
  if (location->entry->size) {
    stat->st_size = static_cast<decltype(stat->st_size)>(*location->entry->size);
    return {};
  }
  Result<std::uint64_t> size = 0;
  if (location->entry->kind == DirectoryEntry::Kind::kDocument) {
    const auto text = location->session->GetInferenceText(*parsed->id);
    if (!text) return Pass(text);
    size = text->size();
  } else {
    const auto file = OpenRemote(*location);
    if (!file) return Pass(file);
    size = (*file)->Size();
    if (!size) return Pass(size);
  }
  stat->st_size = static_cast<decltype(stat->st_size)>(*size);
  return {};
}

Result<CPLStringList> ListPath(const char* path, int max_files) {
  const auto parsed = ParseVsiPath(path);
  if (!parsed) return NoSuchPath(path);
  CPLStringList names;
  if (parsed->id) {
    const auto location = Locate(path, *parsed);
    if (!location) return Pass(location);
    if (location->entry) return NoSuchPath(path);
    for (const DirectoryEntry& entry : ListDirectory(*location->inference))
      names.AddString(entry.name.c_str());
    return names;
  }
  const auto session = SessionOf(path);
  if (!session) return Pass(session);
  const std::size_t limit =
      max_files > 0 ? std::min(kMostListed, static_cast<std::size_t>(max_files) + 1) : kMostListed;
  const auto entries = (*session)->ListInferences(limit);
  if (!entries) return Pass(entries);
  for (const InferenceEntry& entry : *entries) names.AddString(std::to_string(entry.id).c_str());
  if (entries->size() == kMostListed && max_files <= 0)
    CPLError(CE_Warning, CPLE_AppDefined,
             "S2C: %s lists the newest %d inferences only; older ones open by their id", path,
             static_cast<int>(kMostListed));
  return names;
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
          auto names = ListPath(path, max_files);
          if (names) return names->StealList();
          ReportFileError(names.error(), false);
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
          const auto location = Locate(path, *parsed);
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
                                  std::string("'") + path +
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
