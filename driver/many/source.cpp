// SPDX-License-Identifier: MIT
#include "driver/many/source.h"

#include <algorithm>
#include <utility>

#include "client/base/per_process.h"
#include "driver/many/geo_keys.h"
#include "driver/names.h"
#include "driver/raster/raster_dataset.h"
#include "vsi/directory.h"
#include "vsi/report.h"

namespace s2c {
namespace {

// What is not larger comes whole at once. A larger one's header, tile index and often its overviews
// are in its first bytes, and who looks at a window, or at many results from afar, needs no more.
constexpr std::uint64_t kSmallResult = 64 << 10;
constexpr std::uint64_t kHeadOfResult = 32 << 10;
constexpr std::size_t kLeastCacheAhead = std::size_t{16} << 20;

}  // namespace

Source::Source(std::shared_ptr<Session> session, InferencePtr inference, std::size_t output,
               std::shared_ptr<const RasterSettings> settings)
    : session_(std::move(session)),
      inference_(std::move(inference)),
      output_(output),
      settings_(std::move(settings)),
      ahead_(session_->NewReader()) {
  if (settings_->native_crs) return;
  // Why there is none is told by who opens it.
  if (auto file = session_->OpenOutput(*inference_, this->output())) file_ = std::move(*file);
  // Hundreds of beginnings would take the place of all others.
  if (file_) file_->KeepNothing();
}

Source::~Source() {
  if (!IsOfThisProcess()) {
    LeaveToParent(std::move(file_));
    LeaveToParent(std::move(session_));
  } else if (file_) {
    file_->GiveUp(ahead_);
  }
}

std::string Source::name() const {
  return FormatConnectionString(inference().id, OutputNames(inference())[output_]);
}

std::string Source::path() const {
  return kVsiPrefix + std::to_string(inference().id) + "/" + ListedName(*inference_, output_);
}

std::uint64_t Source::BytesToOpen() const {
  const std::uint64_t size = output().bytes.value_or(kHeadOfResult);
  const std::uint64_t bytes = size <= kSmallResult ? size : kHeadOfResult;
  // Memory comes in chunks.
  return (bytes + Body::kChunk - 1) / Body::kChunk * Body::kChunk;
}

void Source::BeginToOpen() { Begin({{0, BytesToOpen()}}); }

void Source::Begin(const std::vector<ByteRange>& ranges) {
  if (!file_ || !IsOfThisProcess()) return;
  // What nobody can keep until it is read would be asked for twice.
  if (session_->settings().cache_size < kLeastCacheAhead) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  file_->Advise(ranges, UINT64_MAX, ahead_);
}

void Source::Rest(bool all) {
  if (!file_ || !IsOfThisProcess()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (all) {
    file_->GiveUp(ahead_);
  } else {
    file_->Settle();
  }
}

std::optional<std::string> Source::GeoKeys() const {
  if (!file_ || !IsOfThisProcess()) return std::nullopt;
  return GeoKeysOf([&](std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    const auto read = file_->Read(offset, size, bytes.data(), nullptr);
    bytes.resize(read.value_or(0));
    return bytes;
  });
}

// Whoever opens a file asks for all of one that is not large (RemoteFile::Prepare), unless its
// server has answered already; here who reads asks for what he needs, when it is his turn. What
// goes wrong is told by who opens it.
void Source::AwaitBeginning() const {
  if (!file_ || !IsOfThisProcess() || !output().bytes || *output().bytes == 0) return;
  char first = '\0';
  static_cast<void>(file_->ReadParts({{{0, 1}, &first}}, nullptr));
}

std::unique_ptr<GDALDataset> Source::Open() const {
  const auto open = [&]() -> std::unique_ptr<GDALDataset> {
    auto session = IsOfThisProcess() ? Result<std::shared_ptr<Session>>(session_)
                                     : Session::For(session_->settings());
    if (!session) {
      Report(session.error());
      return nullptr;
    }
    AwaitBeginning();
    auto mount = file_ && IsOfThisProcess()
                     ? std::make_unique<Mount>(std::move(*session), inference_, output_, file_)
                     : std::make_unique<Mount>(std::move(*session), inference_);
    std::unique_ptr<GDALDataset> opened(OpenRaster(std::move(mount), output_, *settings_));
    if (opened) opened->SetDescription(name().c_str());
    return opened;
  };
  return Guarded(open, nullptr);
}

}  // namespace s2c
