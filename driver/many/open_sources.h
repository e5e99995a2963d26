// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_error.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "driver/many/source.h"

namespace s2c {

/// A read of a source that is about to take place: these pixels of these bands, made to fit a
/// buffer of that size.
struct SourceRead {
  std::size_t source = 0;
  std::vector<int> bands;
  int x = 0, y = 0, width = 0, height = 0;
  int buffer_width = 0, buffer_height = 0;
  bool of_mask = false;  ///< of the bands' masks
};

/// The sources of a dataset, of which as few are open at a time as a process can well afford:
/// those that were used last. Thread-safe: a source is used by one thread at a time.
class OpenSources {
 public:
  static constexpr std::size_t kMostOpen = 64;
  /// Those whose pixels are asked for ahead are open, too.
  static constexpr std::size_t kPixelsAhead = 32;

  /// `most_ahead` bytes are asked for ahead of what is read.
  OpenSources(std::vector<SourcePtr> sources, std::uint64_t most_ahead)
      : sources_(std::move(sources)), most_ahead_(most_ahead) {}
  virtual ~OpenSources() = default;

  const std::vector<SourcePtr>& all() const { return sources_; }
  const Source& at(std::size_t source) const { return *sources_[source]; }

  /// Opened, until it is given back; null after an error that was reported.
  GDALDataset* Take(std::size_t source);
  void GiveBack(std::size_t source);

  /// Says what will be taken and read, in which order: what these need is asked for before anybody
  /// waits for it, as far ahead as memory allows.
  void Expect(std::vector<SourceRead> reads);

  /// What `call` reads of sources: false where one of them failed, whatever `call` says, and then
  /// the last error is the source's.
  bool Watch(const std::function<bool()>& call);
  /// A read of a source has failed just now, in this thread, and told why by CPLError.
  void AddFailure();

 protected:
  /// Opens it anew; null after an error that was reported.
  virtual std::unique_ptr<GDALDataset> OpenOne(std::size_t source) {
    return sources_[source]->Open();
  }

 private:
  struct Opened {
    std::size_t source;
    std::unique_ptr<GDALDataset> dataset;
    std::thread::id user;  ///< the thread that has taken it
    int uses = 0;
  };
  using List = std::list<Opened>;
  struct Failure {
    CPLErrorNum number;
    std::string text;
  };

  GDALDataset* Open(std::size_t source, bool may_wait);
  GDALDataset* TakeUnused(std::size_t source);
  GDALDataset* Use(List::iterator opened);
  List Surplus();
  bool IsUsedByAnother(std::size_t source);
  bool IsOpen(std::size_t source);
  void Reach(std::size_t source);
  void GoAhead(std::size_t reached);
  std::uint64_t BeginPixels(const SourceRead& read);

  const std::vector<SourcePtr> sources_;
  const std::uint64_t most_ahead_;

  std::mutex mutex_;
  std::condition_variable given_back_;
  List opened_;              ///< used last first
  std::size_t opening_ = 0;  ///< these will be among them
  std::map<std::size_t, List::iterator> places_;
  std::size_t failures_ = 0;
  Failure last_failure_{};

  std::mutex ahead_mutex_;  ///< held while what is ahead is asked for
  std::vector<SourceRead> expected_;
  std::map<std::size_t, std::size_t> positions_;  ///< of a source in expected_
  std::size_t begun_to_open_ = 0;                 ///< how many of expected_
  std::vector<std::uint64_t> begun_pixels_;       ///< bytes that were asked for, of so many
};

}  // namespace s2c
