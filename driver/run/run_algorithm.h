// SPDX-License-Identifier: MIT
#pragma once

#include "driver/run/service_algorithm.h"

#ifdef S2C_HAS_ALGORITHMS

#include "client/jobs/run_request.h"
#include "driver/run_area.h"

namespace s2c {

/// `gdal driver s2c run`: starts an inference on the features of a vector dataset.
class RunAlgorithm final : public ServiceAlgorithm {
 public:
  RunAlgorithm();

 protected:
  bool Do(const Progress& progress) override;

 private:
  void AddAreaArguments();
  void AddOrderArguments();
  bool Start(const RunArea& area, const Progress& progress, CPLJSONObject& record);

  GDALArgDatasetValue area_;
  std::vector<std::string> area_formats_, area_options_;
  AreaChoice choice_;
  RunOrder order_;
  bool wait_ = false;
  bool dry_run_ = false;
};

}  // namespace s2c

#endif  // S2C_HAS_ALGORITHMS
