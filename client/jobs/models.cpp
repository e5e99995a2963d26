// SPDX-License-Identifier: MIT
#include "client/jobs/models.h"

#include "client/api/document_sink.h"
#include "client/base/iso_time.h"
#include "client/base/text.h"
#include "client/base/xml.h"
#include "client/jobs/resource_change.h"

namespace s2c {
namespace {

constexpr const char* kType = "knowledgebase";

Status CheckBlocks(const ModelChange& model) {
  if (!model.blockdefs) return {};
  const Status well_formed = CheckXml(*model.blockdefs);
  if (well_formed) return {};
  return Fail(ErrorKind::kInvalidInput,
              "blockdefs of the model are no well-formed XML (" + well_formed.error().message +
                  "): give what the web application exports, or what s2c model get writes");
}

JsonAttributes AttributesOf(const ModelChange& model, const Clock& clock) {
  JsonAttributes attributes;
  if (model.title) attributes.emplace_back("title", JsonText(*model.title));
  if (model.description) attributes.emplace_back("description", JsonText(*model.description));
  if (model.blockdefs) attributes.emplace_back("blockdefs", JsonText(*model.blockdefs));
  if (model.favourite) attributes.emplace_back("favourite", *model.favourite ? "true" : "false");
  const auto now = static_cast<std::int64_t>(clock.EpochSeconds() * 1000);
  attributes.emplace_back("date", JsonText(IsoMillisecondsText(now)));
  return attributes;
}

// The database refuses to let go of what other rows point to, which the server hands on as it is.
bool IsInUse(const Error& error) {
  for (const char* sign : {"ForeignKeyViolation", "foreign key", "2408"})
    if (error.message.find(sign) != std::string::npos) return true;
  return false;
}

}  // namespace

Result<std::int64_t> CreateModel(Session& session, const ModelChange& model, const Clock& clock) {
  if (!model.title || Trim(*model.title).empty())
    return Fail(ErrorKind::kInvalidInput, "a new model has no title: give one");
  const Status blocks = CheckBlocks(model);
  if (!blocks) return Pass(blocks);
  const auto owner = session.GetUserName();
  if (!owner) return Pass(owner);
  ModelChange whole = model;
  whole.description = model.description.value_or("");
  whole.blockdefs = model.blockdefs.value_or("");
  whole.favourite = model.favourite.value_or(false);
  JsonAttributes attributes = AttributesOf(whole, clock);
  attributes.emplace_back("owner", JsonText(*owner));
  const auto created = session.Create(kType, ResourceDocument(kType, std::nullopt, attributes));
  if (!created && !DocumentSink::IsInDoubt(created.error())) return Pass(created);
  if (const auto id = created ? CreatedId(*created) : std::nullopt) return *id;
  return Fail(ErrorKind::kInterrupted,
              (created ? std::string("the answer to a new model does not name it")
                       : created.error().message) +
                  "; whether it was created is not known: look at the newest models (ogrinfo S2C: "
                  "knowledgebase, or s2c models)",
              created ? 0 : created.error().http_status);
}

Status ChangeModel(Session& session, std::int64_t id, const ModelChange& change,
                   const Clock& clock) {
  if (change.title && Trim(*change.title).empty())
    return Fail(ErrorKind::kInvalidInput,
                "model " + std::to_string(id) + " cannot lose its title: give one");
  const Status blocks = CheckBlocks(change);
  if (!blocks) return blocks;
  return ChangeResource(
      session, kType, id, AttributesOf(change, clock), [&](const JsonValue& found) {
        const auto is = [&](const char* name, const std::optional<std::string>& value) {
          return !value || TextAt(found, name) == *value;
        };
        const std::string favourite = change.favourite.value_or(false) ? "true" : "false";
        return is("title", change.title) && is("description", change.description) &&
               is("blockdefs", change.blockdefs) &&
               (!change.favourite || is("favourite", favourite));
      });
}

Status DeleteModel(Session& session, std::int64_t id) {
  const Status deleted = DeleteResource(session, kType, id);
  if (deleted || !IsInUse(deleted.error())) return deleted;
  return Fail(ErrorKind::kInvalidInput,
              "model " + std::to_string(id) +
                  " cannot be deleted: inferences use it, so delete those first "
                  "(https://manual.sen2cube.at/error-codes.html#ERROR:2408)",
              deleted.error().http_status);
}

}  // namespace s2c
