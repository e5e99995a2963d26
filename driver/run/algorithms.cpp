// SPDX-License-Identifier: MIT
#include "driver/run/algorithms.h"

#include "driver/run/inference_algorithms.h"
#include "driver/run/run_algorithm.h"
#include "vsi/report.h"

namespace s2c {

#ifdef S2C_HAS_ALGORITHMS

namespace {

constexpr const char* kNames[] = {"run", "wait", "abort", "rerun", "delete"};

std::unique_ptr<GDALAlgorithm> Named(const std::string& name) {
  if (name == "run") return std::make_unique<RunAlgorithm>();
  if (name == "wait") return std::make_unique<WaitAlgorithm>();
  if (name == "abort")
    return std::make_unique<ChangeAlgorithm>("abort", "Abort inferences of Sen2Cube.AT.",
                                             RunAction::kAbort, "aborted");
  if (name == "rerun")
    return std::make_unique<ChangeAlgorithm>("rerun", "Run inferences of Sen2Cube.AT again.",
                                             RunAction::kRerun, "rerun");
  if (name == "delete")
    return std::make_unique<ChangeAlgorithm>("delete", "Delete inferences of Sen2Cube.AT.",
                                             RunAction::kDelete, "deleted");
  return nullptr;
}

GDALAlgorithm* Instantiate(const std::vector<std::string>& path) {
  return Guarded([&] { return path.size() == 1 ? Named(path.front()).release() : nullptr; },
                 nullptr);
}

}  // namespace

void DeclareAlgorithms(GDALDriver& driver) {
  driver.pfnInstantiateAlgorithm = Instantiate;
  for (const char* name : kNames) driver.DeclareAlgorithm({name});
}

#else

void DeclareAlgorithms(GDALDriver&) {}

#endif  // S2C_HAS_ALGORITHMS

}  // namespace s2c
