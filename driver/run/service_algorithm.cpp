// SPDX-License-Identifier: MIT
#include "driver/run/service_algorithm.h"

#ifdef S2C_HAS_ALGORITHMS

#include <algorithm>

#include "client/base/terminal.h"
#include "driver/names.h"
#include "vsi/paths.h"
#include "vsi/report.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

CPLJSONArray Datasets(const Inference& inference) {
  CPLJSONArray datasets;
  for (const std::string& name : OutputNames(inference))
    datasets.Add(FormatConnectionString(inference.id, name));
  return datasets;
}

std::string ProgressText(const RunProgress& progress) {
  const std::string status = progress.status.empty() ? "" : progress.status + ", ";
  return "inference " + std::to_string(progress.id) + ": " + status +
         std::to_string(static_cast<int>(progress.seconds)) + " s" +
         (progress.trouble.empty() ? "" : " (" + progress.trouble + ")");
}

}  // namespace

ServiceAlgorithm::ServiceAlgorithm(const char* name, const char* description)
    : GDALAlgorithm(name, description, "") {
  AddOutputStringArg(&output_);
  AddProgressArg();
  // GDAL's bar goes where the JSON goes, which a program reads where nobody looks.
  m_progressBarRequested = IsTerminal(Stream::kOutput);
}

GDALInConstructionAlgorithmArg& ServiceAlgorithm::AddServiceOptions(const char* name) {
  return AddArg(name, 0, "Option of the service, as S2C: takes it", &options_)
      .SetMetaVar("<KEY>=<VALUE>")
      .SetPackedValuesAllowed(false);
}

void ServiceAlgorithm::AddWaitTimeout() {
  AddArg("wait-timeout", 0, "How long to wait, in seconds (WAIT_TIMEOUT)", &wait_timeout_)
      .SetMetaVar("<SECONDS>");
}

CPLStringList ServiceAlgorithm::Options() const {
  CPLStringList options;
  for (const std::string& option : options_) options.AddString(option.c_str());
  if (!wait_timeout_.empty()) options.SetNameValue("WAIT_TIMEOUT", wait_timeout_.c_str());
  return options;
}

Result<std::shared_ptr<Session>> ServiceAlgorithm::OpenSession(const std::string& path) const {
  const auto settings = ReadSettings(path, Options().List());
  if (!settings) return Pass(settings);
  return Session::For(*settings);
}

Result<WaitPolicy> ServiceAlgorithm::ReadWaitPolicy(const std::string& path) const {
  const auto settings = ReadWaitSettings(path, Options().List());
  if (!settings) return Pass(settings);
  return settings->policy;
}

bool ServiceAlgorithm::Wait(const std::shared_ptr<Session>& session, std::int64_t id,
                            const Progress& progress, CPLJSONObject& record) {
  auto policy = ReadWaitPolicy(kVsiPrefix + std::to_string(id));
  if (!policy) return Refuse(policy.error(), record);
  const Clock::TimePoint now = SystemClock().Now();
  const auto waited_for = std::chrono::duration<double>(now - wait_begun_.value_or(now));
  wait_begun_ = wait_begun_.value_or(now);
  policy->timeout = std::max(0.0, policy->timeout - waited_for.count());
  const auto report = [&](const RunProgress& run) {
    if (!run.status.empty()) record.Set("status", run.status);
    Tell(progress, run.share, ProgressText(run));
    return goes_on_;
  };
  const auto waited = WaitForRun(session, id, *policy, report, SystemClock());
  if (!waited) return Refuse(waited.error(), record);
  if (waited->end != RunEnd::kSucceeded) return Refuse(waited->error, record);
  const auto inference = session->GetInference(id);
  if (!inference) return Refuse(inference.error(), record);
  record.Add("datasets", Datasets((*inference)->inference));
  return true;
}

bool ServiceAlgorithm::Refuse(const Error& error, CPLJSONObject& record) {
  record.Set("error", error.message);
  Report(error);
  goes_on_ = goes_on_ && error.kind != ErrorKind::kCredentials;
  return false;
}

bool ServiceAlgorithm::RunImpl(GDALProgressFunc progress, void* data) {
  return Guarded([&] { return Do({progress, data}); }, false);
}

}  // namespace s2c

#endif  // S2C_HAS_ALGORITHMS
