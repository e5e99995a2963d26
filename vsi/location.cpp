// SPDX-License-Identifier: MIT
#include "vsi/location.h"

#include <string>
#include <utility>

#include "client/base/text.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

Result<Location> LocateInference(const char* path, const VsiPath& parsed, Detail needed) {
  Location location;
  if (parsed.mount.empty()) {
    auto session = SessionOf(path);
    if (!session) return Pass(session);
    location.session = std::move(*session);
    const auto wanted = [&](const ResolvedInference& resolved) -> const Output* {
      const auto entry = FindEntry(resolved, parsed.name);
      const bool is_output = entry && entry->kind == DirectoryEntry::Kind::kOutput;
      return is_output ? &resolved.inference.outputs[entry->output] : nullptr;
    };
    const bool is_opened = needed == Detail::kAll && !parsed.name.empty();
    auto inference = location.session->GetRecentInference(
        *parsed.id, needed, is_opened ? Session::Wanted(wanted) : nullptr);
    if (!inference) return Pass(inference);
    location.inference = std::move(*inference);
  } else {
    Mounted mounted = FindMount(parsed.mount);
    if (!mounted.session || mounted.inference->inference.id != *parsed.id) return NoSuchPath(path);
    if (parsed.name.empty() || parsed.name != ListedName(*mounted.inference, mounted.output))
      return NoSuchPath(path);
    location.session = std::move(mounted.session);
    location.inference = std::move(mounted.inference);
    location.record = std::move(mounted.record);
    location.pins = std::move(mounted.pins);
    location.file = std::move(mounted.file);
  }
  if (!parsed.name.empty()) location.entry = FindEntry(*location.inference, parsed.name);
  return location;
}

}  // namespace

tl::unexpected<Error> NoSuchPath(const char* path) {
  return Fail(ErrorKind::kNotFound,
              "'" + ShownPath(path) + "' does not exist; list /vsis2c/ID/ to see what is there");
}

std::string ShownPath(const char* path) { return UserText(WithPublicPaths(path)); }

Result<std::shared_ptr<Session>> SessionOf(const char* path) {
  const auto settings = ReadSettings(path, nullptr);
  if (!settings) return Pass(settings);
  return Session::For(*settings);
}

Result<Location> Locate(const char* path, const VsiPath& parsed, Detail needed) {
  auto location = LocateInference(path, parsed, needed);
  if (!location || parsed.name.empty() || location->entry) return location;
  if (needed != Detail::kAll) return Locate(path, parsed, Detail::kAll);
  // A name that is not listed may be that of a result of a run before.
  const Inference& inference = location->inference->inference;
  const Status finished = CheckFinished(inference);
  if (!finished && !inference.outputs.empty()) return Pass(finished);
  return NoSuchPath(path);
}

Result<std::uint64_t> FileSize(const char* path, const VsiPath& parsed, const Location& location) {
  if (location.entry->kind == DirectoryEntry::Kind::kDocument) {
    const auto text = location.session->GetInferenceText(*parsed.id);
    if (!text) return Pass(text);
    return text->size();
  }
  if (location.entry->size) return *location.entry->size;
  const auto whole = Locate(path, parsed, Detail::kAll);
  if (!whole) return Pass(whole);
  const auto file = OpenRemote(*whole);
  if (!file) return Pass(file);
  return (*file)->Size();
}

Result<std::shared_ptr<RemoteFile>> OpenRemote(const Location& location) {
  if (location.entry->kind == DirectoryEntry::Kind::kProject)
    return location.session->OpenProject(*location.inference);
  const Output& output = location.output();
  if (location.file) return location.file;
  const std::string pinned = location.pins ? location.pins->Get(output.data.value_or("")) : "";
  return location.session->OpenOutput(*location.inference, output, pinned);
}

}  // namespace s2c
