// SPDX-License-Identifier: MIT
#pragma once

#include "driver/run/service_algorithm.h"

#ifdef S2C_HAS_ALGORITHMS

#include "client/jobs/run_change.h"

namespace s2c {

/// An algorithm that does the same to each of some inferences. One that fails does not keep it from
/// the others; a login that is refused does.
class InferencesAlgorithm : public ServiceAlgorithm {
 protected:
  InferencesAlgorithm(const char* name, const char* description);

  bool Do(const Progress& progress) final;
  /// Adds to `record` what has become of it. False after an error that was reported.
  virtual bool DoOne(const std::shared_ptr<Session>& session, std::int64_t id,
                     const Progress& progress, CPLJSONObject& record) = 0;

 private:
  std::vector<std::string> ids_;
};

/// `gdal driver s2c wait`
class WaitAlgorithm final : public InferencesAlgorithm {
 public:
  WaitAlgorithm();

 protected:
  bool DoOne(const std::shared_ptr<Session>& session, std::int64_t id, const Progress& progress,
             CPLJSONObject& record) override;
};

/// `gdal driver s2c abort`, `rerun` and `delete`
class ChangeAlgorithm final : public InferencesAlgorithm {
 public:
  ChangeAlgorithm(const char* name, const char* description, RunAction action, const char* done);

 protected:
  bool DoOne(const std::shared_ptr<Session>& session, std::int64_t id, const Progress& progress,
             CPLJSONObject& record) override;

 private:
  const RunAction action_;
  const std::string done_;  ///< as in "would be DONE"
  bool dry_run_ = false;
};

}  // namespace s2c

#endif  // S2C_HAS_ALGORITHMS
