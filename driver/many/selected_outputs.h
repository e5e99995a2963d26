// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "driver/many/source.h"
#include "driver/names.h"

namespace s2c {

/// The rasters of one name that the inferences of a selection have. The first requests of their
/// files go out as the rows come.
class SelectedOutputs {
 public:
  SelectedOutputs(std::shared_ptr<Session> session, const Selection& selection, std::string name,
                  std::shared_ptr<const RasterSettings> settings);

  /// An error, too, where there is none: with the names that there are.
  Status Find();

  /// In the order in which they are laid over or behind each other.
  const std::vector<SourcePtr>& sources() const { return sources_; }

 private:
  void Take(InferencePtr inference);
  void WarnOfMissing() const;
  tl::unexpected<Error> NoneOfThem() const;
  void Sort();

  const std::shared_ptr<Session> session_;
  const Selection& selection_;
  const std::string name_;
  const std::shared_ptr<const RasterSettings> settings_;

  std::vector<SourcePtr> sources_;
  std::set<std::string> other_names_;  ///< of rasters
  std::set<std::int64_t> found_;       ///< inferences
  std::size_t succeeded_ = 0;
};

}  // namespace s2c
