// SPDX-License-Identifier: MIT
#include "vsi/listing.h"

#include <sys/stat.h>

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/api/filter.h"
#include "client/base/log.h"
#include "client/base/per_process.h"
#include "client/base/text.h"
#include "client/inference_listing.h"
#include "vsi/location.h"
#include "vsi/report.h"

namespace s2c {
namespace {

constexpr std::uint64_t kMostListed = 1000;
// The API's ids are 32-bit integers.
constexpr std::uint64_t kLargestId = 0x7fffffff;

// Once, though every driver of GDAL lists a folder that it is asked about.
void WarnOfMore(const char* path, const InferenceListing& listing) {
  if (listing.is_again() || listing.count().value_or(UINT64_MAX) <= kMostListed) return;
  LogWarning(std::string(path) + " lists the newest " + std::to_string(kMostListed) +
             " inferences only; older ones open by their id");
}

// Whether any id's digits can begin with `prefix`: there is none of 0.
bool CanBeginId(std::string_view prefix) {
  const auto number = ParseUnsigned(prefix);
  return prefix.empty() || (number && *number <= kLargestId && prefix.front() != '0');
}

// flask-rest-jsonapi's filter for ids whose digits begin with those of `prefix`, which can begin
// one; empty for all.
std::string IdFilter(const std::string& prefix) {
  const auto first = ParseUnsigned(prefix);
  if (!first) return {};
  std::vector<RowFilter> ranges;
  for (std::uint64_t low = *first, width = 1; low <= kLargestId; low *= 10, width *= 10) {
    const std::uint64_t high = std::min(low + width - 1, kLargestId);
    ranges.push_back(RowFilter::Every(
        {RowFilter::Compare("id", Comparison::kGreaterOrEqual, static_cast<std::int64_t>(low)),
         RowFilter::Compare("id", Comparison::kLessOrEqual, static_cast<std::int64_t>(high))}));
  }
  return RowFilter::Any(std::move(ranges)).ToParameter(SIZE_MAX).json;
}

// VSIDIREntry with neither of its special members, which GDAL does not export: its text is freed
// here.
class EntryForGdal {
 public:
  EntryForGdal() {
    entry_.pszName = nullptr;
    entry_.papszExtra = nullptr;
    entry_.bModeKnown = entry_.bSizeKnown = entry_.bMTimeKnown = FALSE;
  }
  ~EntryForGdal() { CPLFree(entry_.pszName); }
  EntryForGdal(const EntryForGdal&) = delete;
  EntryForGdal& operator=(const EntryForGdal&) = delete;

  const VSIDIREntry* Set(const std::string& name, bool is_directory,
                         std::optional<std::uint64_t> size, std::optional<std::int64_t> time) {
    CPLFree(entry_.pszName);
    entry_.pszName = CPLStrdup(name.c_str());
    entry_.nMode = is_directory ? S_IFDIR | 0555 : S_IFREG | 0444;
    entry_.nSize = size.value_or(0);
    entry_.nMTime = time.value_or(0);
    entry_.bModeKnown = TRUE;
    entry_.bSizeKnown = is_directory || size ? TRUE : FALSE;
    entry_.bMTimeKnown = time ? TRUE : FALSE;
    return &entry_;
  }

 private:
  union {
    VSIDIREntry entry_;
  };
};

// Entries in the order in which they are read: an inference, and, if wanted, its files.
class DirectoryListing final : public VSIDIR {
 public:
  DirectoryListing(std::string path, std::string prefix)
      : path_(std::move(path)), prefix_(std::move(prefix)) {}
  ~DirectoryListing() override { LeaveOtherProcess(); }

  /// The sizes that the API does not tell are asked for when the listing gets there.
  void AskForSizes() { asks_for_sizes_ = true; }

  /// The files of an inference, each after `folder`.
  void AddFiles(const ResolvedInference& resolved, const std::string& folder) {
    const auto time = UnixTime(resolved.inference.timestamp_finished);
    for (const DirectoryEntry& entry : ListDirectory(resolved)) {
      const std::string name = folder + entry.name;
      if (StartsWith(name, prefix_)) pending_.push_back({name, false, entry.size, time});
    }
  }

  /// All inferences, `with_files` each with its own; at most `limit`, of which 0 is none.
  void AddInferences(const std::shared_ptr<Session>& session, bool with_files,
                     std::uint64_t limit) {
    const Detail detail = with_files ? Detail::kFiles : Detail::kExistence;
    with_files_ = with_files;
    limit_ = limit;
    source_ = std::make_unique<InferenceListing>(session, detail, IdFilter(prefix_), limit);
  }

  const VSIDIREntry* NextDirEntry() override {
    return Guarded([&] { return Next(); }, static_cast<const VSIDIREntry*>(nullptr));
  }

 private:
  struct Entry {
    std::string name;
    bool is_directory;
    std::optional<std::uint64_t> size;
    std::optional<std::int64_t> time;
  };

  const VSIDIREntry* Next() {
    while (pending_.empty() && source_) ReadInference();
    if (pending_.empty()) return nullptr;
    Entry entry = std::move(pending_.front());
    pending_.pop_front();
    if (asks_for_sizes_ && !entry.is_directory && !entry.size) entry.size = SizeOf(entry.name);
    return entry_.Set(entry.name, entry.is_directory, entry.size, entry.time);
  }

  // Nothing where the file is not to be had: whoever reads it is told why.
  std::optional<std::uint64_t> SizeOf(const std::string& name) const {
    const std::string path = path_ + (path_.back() == '/' ? "" : "/") + name;
    VSIStatBufL found;
    if (VSIStatL(path.c_str(), &found) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(found.st_size);
  }

  void ReadInference() {
    if (LeaveOtherProcess()) {
      Report(Error{ErrorKind::kInvalidInput,
                   "the listing of '" + UserText(path_) +
                       "' was begun by the process that forked this one: open it anew here",
                   0});
      return;
    }
    if (limit_ > 0 && read_ == limit_) {
      WarnOfMore(path_.c_str(), *source_);
      source_.reset();
      return;
    }
    const auto inference = source_->Next();
    if (!inference) Report(inference.error());
    if (!inference || !*inference) {
      source_.reset();
      return;
    }
    ++read_;
    const std::string name = std::to_string((*inference)->inference.id);
    if (!StartsWith(name, prefix_)) return;
    pending_.push_back(
        {name, true, std::nullopt, UnixTime((*inference)->inference.timestamp_finished)});
    if (with_files_) AddFiles(**inference, name + "/");
  }

  // Whether the source was another process's (Session::IsOfThisProcess); it is given up then.
  bool LeaveOtherProcess() {
    if (!source_ || source_->session()->IsOfThisProcess()) return false;
    LeaveToParent(std::move(source_));
    source_ = nullptr;
    return true;
  }

  const std::string path_;
  const std::string prefix_;
  std::deque<Entry> pending_;
  std::unique_ptr<InferenceListing> source_;  ///< absent where nothing more is to be asked for
  bool with_files_ = false;
  bool asks_for_sizes_ = false;
  std::uint64_t limit_ = 0;
  std::uint64_t read_ = 0;
  EntryForGdal entry_;
};

// The root where the prefix names one inference and a part of a file's name.
Status AddOne(DirectoryListing& listing, const char* path, const std::string& folder) {
  const std::string inside = std::string(kVsiPrefix) + folder;
  const auto parsed = ParseVsiPath(inside);
  if (!parsed || !parsed->id || !CanBeginId(folder)) return {};
  const auto location = Locate(path, *parsed, Detail::kFiles);
  if (location) listing.AddFiles(*location->inference, folder + "/");
  if (location || location.error().kind == ErrorKind::kNotFound) return {};
  return Pass(location);
}

}  // namespace

Result<CPLStringList> ListNames(const char* path, int max_files) {
  const auto parsed = ParseVsiPath(path);
  if (!parsed || (!parsed->id && !parsed->mount.empty())) return NoSuchPath(path);
  CPLStringList names;
  if (parsed->id) {
    const auto location = Locate(path, *parsed, Detail::kFiles);
    if (!location) return Pass(location);
    if (location->entry) return NoSuchPath(path);
    for (const DirectoryEntry& entry : ListDirectory(*location->inference))
      names.AddString(entry.name.c_str());
    return names;
  }
  const auto session = SessionOf(path);
  if (!session) return Pass(session);
  // One more than asked for tells that there are more (VSIReadDirEx).
  const std::uint64_t limit =
      max_files > 0 ? static_cast<std::uint64_t>(max_files) + 1 : kMostListed;
  InferenceListing listing(*session, Detail::kExistence, "", limit);
  for (std::uint64_t read = 0; read < limit; ++read) {
    const auto inference = listing.Next();
    if (!inference) return Pass(inference);
    if (!*inference) return names;
    names.AddString(std::to_string((*inference)->inference.id).c_str());
  }
  if (max_files <= 0) WarnOfMore(path, listing);
  return names;
}

Result<std::unique_ptr<VSIDIR>> OpenListing(const char* path, int depth, CSLConstList options) {
  const auto parsed = ParseVsiPath(path);
  if (!parsed || (!parsed->id && !parsed->mount.empty())) return NoSuchPath(path);
  const std::string prefix = CSLFetchNameValueDef(options, "PREFIX", "");
  auto listing = std::make_unique<DirectoryListing>(path, prefix);
  const bool names_only = CPLTestBool(CSLFetchNameValueDef(options, "NAME_AND_TYPE_ONLY", "NO"));
  const std::size_t slash = prefix.find('/');
  // Of one inference alone: to copy or to look at its files.
  if (!names_only && (parsed->id || slash != std::string::npos)) listing->AskForSizes();
  if (parsed->id) {
    const auto location = Locate(path, *parsed, Detail::kFiles);
    if (!location) return Pass(location);
    if (location->entry) return NoSuchPath(path);
    listing->AddFiles(*location->inference, "");
    return listing;
  }
  if (slash != std::string::npos) {
    const Status added = depth == 0 ? Status() : AddOne(*listing, path, prefix.substr(0, slash));
    if (!added) return Pass(added);
  } else if (CanBeginId(prefix)) {
    auto session = SessionOf(path);
    if (!session) return Pass(session);
    // Who wants names alone is VSIReadDirRecursive(), which keeps all of them and can't be stopped.
    listing->AddInferences(*session, depth != 0, depth != 0 && names_only ? kMostListed : 0);
  }
  return listing;
}

}  // namespace s2c
