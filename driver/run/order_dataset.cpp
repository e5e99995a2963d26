// SPDX-License-Identifier: MIT
#include "driver/run/order_dataset.h"

#include <memory>
#include <string>

#include "client/base/log.h"
#include "client/base/text.h"
#include "client/jobs/run_start.h"
#include "client/jobs/run_wait.h"
#include "driver/names.h"
#include "driver/run/order_layer.h"
#include "driver/run/order_options.h"
#include "vsi/paths.h"
#include "vsi/report.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

bool Refuse(const Error& error) {
  Report(error);
  return false;
}

class OrderDataset final : public NewDataset {
 public:
  OrderDataset(std::shared_ptr<Session> session, const WaitSettings& waiting)
      : session_(std::move(session)), waiting_(waiting) {}
  ~OrderDataset() override { FinishOnce(); }

 protected:
  bool Can(const char* capability) const override {
    return EQUAL(capability, ODsCCreateLayer) && !layer_;
  }

  OGRLayer* NewLayer(const char* name, const OGRSpatialReference* srs, OGRwkbGeometryType type,
                     CSLConstList options) override {
    return Guarded([&] { return Begin(name, srs, type, options); }, nullptr);
  }

  bool Finish() override {
    if (!layer_) return true;
    return Guarded([&] { return Run(); }, false);
  }

 private:
  OGRLayer* Begin(const char* name, const OGRSpatialReference* srs, OGRwkbGeometryType type,
                  CSLConstList options) {
    if (layer_) {
      Refuse({ErrorKind::kInvalidInput,
              "a run has one area of interest: name one layer of the source", 0});
      return nullptr;
    }
    auto read = ReadOrderOptions(options);
    if (!read) {
      Refuse(read.error());
      return nullptr;
    }
    options_ = std::move(*read);
    auto layer = std::make_unique<OrderLayer>(name, srs, type, options_.name_field,
                                              [this] { return FinishOnce(); });
    layer_ = layer.get();
    AddLayer(std::move(layer));
    return layer_;
  }

  // A source that broke off, or a feature that was refused, would leave a smaller area, and nobody
  // would see that in its result.
  bool Run() {
    if (layer_->was_refused() || CPLGetLastErrorType() == CE_Failure)
      return Refuse({ErrorKind::kInvalidInput,
                     "nothing was run, since the area of interest is not complete: mend what the "
                     "error before this one names, or leave it out with -where",
                     0});
    const auto area = layer_->Area();
    if (!area) return Refuse(area.error());
    const auto request =
        MakeRunRequest(*session_, options_.order, *area, SystemClock(), SystemRandom());
    if (!request) return Refuse(request.error());
    for (const std::string& warning : request->warnings) LogWarning(warning);
    const auto id = StartRun(*session_, *request, SystemClock());
    if (!id) return Refuse(id.error());
    Tell(*id);
    if (!options_.wait && !waiting_.wait) return true;
    const auto waited = WaitForRun(session_, *id, waiting_.policy, nullptr, SystemClock());
    if (!waited) return Refuse(waited.error());
    return waited->end == RunEnd::kSucceeded || Refuse(waited->error);
  }

  // As a warning: no other message is shown by every program.
  void Tell(std::int64_t id) {
    const std::string number = std::to_string(id);
    SetMetadataItem("INFERENCE_ID", number.c_str());
    SetMetadataItem("CONNECTION_STRING", ("S2C:" + number).c_str());
    LogWarning(StartedSentence(id));
  }

  const std::shared_ptr<Session> session_;
  const WaitSettings waiting_;
  OrderOptions options_;
  OrderLayer* layer_ = nullptr;
};

}  // namespace

GDALDataset* CreateOrder(const char* name, int, int, int bands, GDALDataType, OptionList options) {
  return Guarded(
      [&]() -> GDALDataset* {
        const auto parsed = ParseConnectionString(name);
        if (bands > 0 || !parsed || !parsed->IsCatalogue()) {
          Refuse({ErrorKind::kInvalidInput,
                  "'" + UserText(name) +
                      "' cannot be written: what can be is S2C:, where an area of interest starts "
                      "an inference (ogr2ogr -f S2C S2C: AOI -lco KNOWLEDGEBASE=…)",
                  0});
          return nullptr;
        }
        const auto settings = ReadSettings(kVsiPrefix, options);
        auto session =
            settings ? Session::For(*settings) : Result<std::shared_ptr<Session>>(Pass(settings));
        const auto waiting = ReadWaitSettings(kVsiPrefix, options);
        if (!session || !waiting) {
          Refuse(session ? waiting.error() : session.error());
          return nullptr;
        }
        return new OrderDataset(std::move(*session), *waiting);
      },
      nullptr);
}

}  // namespace s2c
