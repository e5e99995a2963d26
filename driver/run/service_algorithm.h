// SPDX-License-Identifier: MIT
#pragma once

#include "vsi/gdal_compat.h"

#ifdef S2C_HAS_ALGORITHMS

#include <cpl_json.h>
#include <cpl_string.h>
#include <gdalalgorithm.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/base/clock.h"
#include "client/jobs/run_wait.h"
#include "client/session.h"

namespace s2c {

/// What `gdal driver s2c …` algorithms have in common (GDAL 3.11): the service's options, JSON on
/// standard output, progress.
class ServiceAlgorithm : public GDALAlgorithm {
 protected:
  ServiceAlgorithm(const char* name, const char* description);

  /// GDAL's progress, or a part of it.
  struct Progress {
    GDALProgressFunc call = nullptr;
    void* data = nullptr;
    double from = 0;
    double share = 1;

    /// False where the user has had enough.
    bool Tell(double done, const std::string& what) const {
      return !call || call(from + done * share, what.c_str(), data) != FALSE;
    }
  };

  /// Does it, and gives Answer() what is to be written, whatever has become of it. False after an
  /// error that was reported.
  virtual bool Do(const Progress& progress) = 0;

  /// The argument with the service's open options.
  GDALInConstructionAlgorithmArg& AddServiceOptions(const char* name);
  void AddWaitTimeout();
  /// Of the service, with an inference's own path-specific options.
  Result<std::shared_ptr<Session>> OpenSession(const std::string& path) const;
  Result<WaitPolicy> ReadWaitPolicy(const std::string& path) const;
  /// Waits until a run has ended, and adds to `record` what has become of it. False after an error
  /// that was reported.
  bool Wait(const std::shared_ptr<Session>& session, std::int64_t id, const Progress& progress,
            CPLJSONObject& record);
  /// Reports an error, and adds it to `record`. False.
  bool Refuse(const Error& error, CPLJSONObject& record);
  /// Tells how far it is, and hears whether to go on.
  void Tell(const Progress& progress, double done, const std::string& what) {
    goes_on_ = goes_on_ && progress.Tell(done, what);
  }

  /// Whether to do more: nobody has cancelled it, and the login was not refused.
  bool goes_on() const { return goes_on_; }
  void Answer(const std::string& json) { output_ = json + "\n"; }

 private:
  bool RunImpl(GDALProgressFunc progress, void* data) final;
  CPLStringList Options() const;

  std::vector<std::string> options_;
  std::string wait_timeout_;
  std::optional<Clock::TimePoint> wait_begun_;  ///< the timeout is that of all waits together
  bool goes_on_ = true;
  std::string output_;
};

}  // namespace s2c

#endif  // S2C_HAS_ALGORITHMS
