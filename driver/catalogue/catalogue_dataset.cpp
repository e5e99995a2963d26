// SPDX-License-Identifier: MIT
#include "driver/catalogue/catalogue_dataset.h"

#include "driver/catalogue/boolean_words.h"
#include "driver/catalogue/sql_change.h"
#include "driver/sql_statement.h"
#include "vsi/paths.h"
#include "vsi/report.h"
#include "vsi/settings.h"

namespace s2c {
namespace {

class CatalogueDataset final : public LayerDataset {
 public:
  explicit CatalogueDataset(GDALAccess access) { eAccess = access; }

  void AddTable(const CatalogueTable& table, const std::shared_ptr<Session>& session) {
    if (eAccess == GA_Update && table.writer) {
      auto layer = std::make_unique<WritableLayer>(table, session, SystemClock(), SystemRandom());
      writable_.push_back(layer.get());
      AddLayer(std::move(layer));
    } else {
      AddLayer(std::make_unique<CatalogueLayer>(table, session, SystemClock()));
    }
  }

  OGRLayer* ExecuteSQL(const char* statement, OGRGeometry* place, const char* dialect) override {
    if (!statement) return nullptr;
    const SqlKind kind = SqlKindOf(statement);
    if (kind != SqlKind::kReads && eAccess != GA_Update) {
      ReportUnsupported(std::string("the data cannot be written: ") + kOpenForUpdate);
      return nullptr;
    }
    if (kind == SqlKind::kChangesTables) return NoLayer();
    const auto execute = [&]() -> OGRLayer* {
      // OGR's own dialect alone needs that; it parses a statement before a layer sees its
      // condition.
      const bool has_booleans = dialect && EQUAL(dialect, "SQLITE");
      const std::string sql =
          has_booleans ? statement : WithoutBooleanWords(statement, BooleanFields());
      // Nor has it statements that change rows.
      if (kind == SqlKind::kChangesRows) return ChangeRows(*this, writable_, sql, place);
      return LayerDataset::ExecuteSQL(sql.c_str(), place, dialect);
    };
    return Guarded(execute, nullptr);
  }

 protected:
  bool Can(const char* capability) const override {
    return eAccess == GA_Update && EQUAL(capability, ODsCRandomLayerWrite);
  }

  std::string WhyFixed() const override {
    return "the catalogue has the layers that the service has: none is created, deleted or given "
           "other fields, only rows of inference and knowledgebase can be created, changed and "
           "deleted";
  }

 private:
  std::vector<WritableLayer*> writable_;
};

}  // namespace

GDALDataset* OpenCatalogue(GDALOpenInfo* info) {
  const auto settings = ReadSettings(kVsiPrefix, info->papszOpenOptions);
  auto session =
      settings ? Session::For(*settings) : Result<std::shared_ptr<Session>>(Pass(settings));
  // A wrong login or a dead service is told here, where programs look for it, and not as an empty
  // layer later (issue 10).
  const Status alive = session ? (*session)->CheckService() : Status(Pass(session));
  if (!alive) {
    Report(alive.error());
    return nullptr;
  }
  auto dataset = std::make_unique<CatalogueDataset>(info->eAccess);
  for (const CatalogueTable& table : CatalogueTables()) dataset->AddTable(table, *session);
  return dataset.release();
}

}  // namespace s2c
