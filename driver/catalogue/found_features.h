// SPDX-License-Identifier: MIT
#pragma once

#include <ogr_feature.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace s2c {

/// The features that filters done on this side have let through, as far as they are few: who counts
/// and measures them and then reads them has the list read once (issue 10).
class FoundFeatures {
 public:
  /// Forgets all. What is added from here on is found by `key`, which says what the filters are.
  void Begin(std::string key);
  void Add(const OGRFeature& feature);
  /// All were added.
  void End() { whole_ = !too_many_; }

  bool Hold(const std::string& key) const { return whole_ && key_ == key; }
  /// A copy of the one at `place`; null behind the last.
  std::unique_ptr<OGRFeature> At(std::size_t place) const;

 private:
  std::string key_;
  std::vector<std::unique_ptr<OGRFeature>> features_;
  std::size_t size_ = 0;  ///< bytes, roughly
  bool too_many_ = false;
  bool whole_ = false;
};

}  // namespace s2c
