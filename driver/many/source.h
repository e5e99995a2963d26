// SPDX-License-Identifier: MIT
#pragma once

#include <gdal_priv.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/session.h"
#include "vsi/settings.h"

namespace s2c {

/// One output of one inference, of which a mosaic or a stack is made. Its bytes can be asked for
/// before it is opened. Thread-safe.
class Source {
 public:
  /// Opening one of a stack, of which most programs want a window through all, fetches its
  /// beginning alone; of a mosaic all of it where that is not large. `settings` were read once:
  /// what is opened in another thread asks for none.
  Source(std::shared_ptr<Session> session, InferencePtr inference, std::size_t output,
         std::shared_ptr<const RasterSettings> settings);
  ~Source();

  const Inference& inference() const { return inference_->inference; }
  const Output& output() const { return inference_->inference.outputs[output_]; }
  /// The plain S2C:ID:NAME, by which anybody opens it who may see it.
  std::string name() const;
  /// Its /vsis2c/ID/NAME.EXT.
  std::string path() const;

  /// Begins to fetch what opening reads: a small file whole, of others the beginning. Waits for
  /// nothing, and asks for nothing that is there or on its way.
  void BeginToOpen();
  /// The same for ranges of the file.
  void Begin(const std::vector<ByteRange>& ranges);
  /// Nothing more is wanted of what was begun: what has come goes to the cache, the rest is given
  /// up where `all`.
  void Rest(bool all);
  /// How much memory opening takes of the cache.
  std::uint64_t BytesToOpen() const;

  /// See GeoKeysOf(); waits for what it reads.
  std::optional<std::string> GeoKeys() const;

  /// The raster, as S2C:ID:NAME gives it; null after an error that was reported.
  std::unique_ptr<GDALDataset> Open() const;

 private:
  void AwaitBeginning() const;
  bool IsOfThisProcess() const { return session_->IsOfThisProcess(); }

  std::shared_ptr<Session> session_;
  const InferencePtr inference_;
  const std::size_t output_;
  const std::shared_ptr<const RasterSettings> settings_;
  /// Null where there is none, or where NATIVE_CRS may find another beside it.
  std::shared_ptr<RemoteFile> file_;
  std::mutex mutex_;
  ReadAhead ahead_;
};

using SourcePtr = std::shared_ptr<Source>;

}  // namespace s2c
