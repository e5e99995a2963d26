// SPDX-License-Identifier: MIT
#include "apps/download.h"

#include <filesystem>

#include "apps/progress_bar.h"
#include "client/base/system.h"
#include "vsi/location.h"

namespace s2c {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr const char* kPartEnding = ".part";

}  // namespace

Download::Download(std::shared_ptr<Session> session, InferencePtr inference, std::string folder,
                   bool overwrite)
    : session_(std::move(session)),
      inference_(std::move(inference)),
      folder_(std::move(folder)),
      overwrite_(overwrite) {}

std::string Download::PathOf(const DirectoryEntry& entry) const {
  if (folder_ == ".") return entry.name;
  return (std::filesystem::u8path(folder_) / std::filesystem::u8path(entry.name)).u8string();
}

// As for `gdal vsi sync`: a copy has the time when its run finished (vsi/sync.h).
std::optional<std::uint64_t> Download::SizeThere(const DirectoryEntry& entry) const {
  const auto finished = UnixTime(inference_->inference.timestamp_finished);
  const auto found = StampOf(PathOf(entry));
  if (overwrite_ || !finished || !found) return std::nullopt;
  if (found->time != *finished || found->size != entry.size.value_or(found->size))
    return std::nullopt;
  return found->size;
}

Result<FetchedFile> Download::Fetch(const DirectoryEntry& entry) {
  std::error_code failure;
  std::filesystem::create_directories(std::filesystem::u8path(folder_), failure);
  if (!IsFolder(folder_))
    return Fail(ErrorKind::kInvalidInput,
                "the folder '" + folder_ + "' cannot be made: give another one (-o)");
  return entry.kind == DirectoryEntry::Kind::kDocument ? FetchDocument(entry) : FetchRemote(entry);
}

Result<FetchedFile> Download::FetchDocument(const DirectoryEntry& entry) {
  const auto text = session_->GetInferenceText(inference_->inference.id);
  if (!text) return Pass(text);
  const Status written = WriteWhole(PathOf(entry), *text);
  if (!written) return Pass(written);
  return FetchedFile{Fetched::kWhole, text->size()};
}

Result<std::shared_ptr<RemoteFile>> Download::Open(const DirectoryEntry& entry) const {
  Location location;
  location.session = session_;
  location.inference = inference_;
  location.entry = entry;
  return OpenRemote(location);
}

Result<FetchedFile> Download::FetchRemote(const DirectoryEntry& entry) {
  if (const auto size = SizeThere(entry)) return FetchedFile{Fetched::kThere, *size};
  const std::string path = PathOf(entry);
  auto opened = Open(entry);
  if (!opened) return Pass(opened);
  auto part = PartFile::Open(path + kPartEnding);
  if (!part) return Pass(part);
  // Another program may have been at it until now.
  if (const auto size = SizeThere(entry)) {
    if ((*part)->size() == 0) static_cast<void>(RemoveFile(path + kPartEnding));
    return FetchedFile{Fetched::kThere, *size};
  }
  const PartState state(path + kPartEnding);
  const auto file = Begin(*opened, state, **part);
  const std::uint64_t begin = (*part)->size();
  Status done = file ? Append(**file, **part, entry.name) : Status(Pass(file));
  if (!done && (*part)->size() == 0) {
    state.Remove();
    static_cast<void>(RemoveFile(path + kPartEnding));
  }
  if (done) done = Finish(**part, path);
  if (!done) return Pass(done);
  state.Remove();
  return FetchedFile{begin > 0 ? Fetched::kRest : Fetched::kWhole, (*part)->size()};
}

// The version that the part is of, if the server still has it; else the part begins anew.
Result<std::shared_ptr<RemoteFile>> Download::Begin(const std::shared_ptr<RemoteFile>& file,
                                                    const PartState& state, PartFile& part) const {
  if (const auto validator = state.ValidatorOf(file->version()); validator && part.size() > 0) {
    FileVersion version = file->version();
    version.validator = *validator;
    auto same = session_->OpenVersion(version);
    const Status prepared = same->Prepare();
    if (!prepared && prepared.error().kind != ErrorKind::kChanged) return Pass(prepared);
    const auto size = prepared ? same->Size() : Result<std::uint64_t>(0U);
    if (size && part.size() <= *size) return same;
  }
  const Status cleared = part.Clear();
  if (!cleared) return Pass(cleared);
  const Status prepared = file->Prepare();
  if (!prepared) return Pass(prepared);
  const Status kept = state.Keep(file->SeenVersion());
  if (!kept) return Pass(kept);
  return file;
}

Status Download::Append(RemoteFile& file, PartFile& part, const std::string& label) const {
  const auto size = file.Size();
  if (!size) return Pass(size);
  ReadAhead ahead = session_->NewReader();
  ProgressBar progress(label, part.size(), *size, SystemClock());
  std::string piece(kPiece, '\0');
  while (part.size() < *size) {
    const auto read = file.Read(part.size(), piece.size(), piece.data(), &ahead);
    if (!read) return Pass(read);
    const Status written = part.Append({piece.data(), *read});
    if (!written) return written;
    progress.Update(part.size());
  }
  return {};
}

Status Download::Finish(PartFile& part, const std::string& path) const {
  const auto finished = UnixTime(inference_->inference.timestamp_finished);
  const Status renamed = part.RenameTo(path);
  if (renamed && finished) SetFileTime(path, *finished);
  return renamed;
}

Status WriteWhole(const std::string& path, const std::string& text) {
  const auto part = PartFile::Open(path + kPartEnding);
  if (!part) return Pass(part);
  Status written = (*part)->Clear();
  if (written) written = (*part)->Append(text);
  if (written) written = (*part)->RenameTo(path);
  if (!written) static_cast<void>(RemoveFile(path + kPartEnding));
  return written;
}

}  // namespace s2c
