// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "client/session.h"

namespace s2c {

/// What of a model (a knowledgebase) its owner gives; what is not given stays as it is, or, of a
/// new one, is empty.
struct ModelChange {
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<std::string> blockdefs;  ///< XML of the web application's editor
  std::optional<bool> favourite;
};

/// Makes a model with the caller as its owner and this moment as its date, and gives its id.
/// kInvalidInput where it has no title, or blockdefs that are no well-formed XML. Where the answer
/// is lost it is not sent again: the error says so.
Result<std::int64_t> CreateModel(Session& session, const ModelChange& model, const Clock& clock);
/// The same of a model that is there; its date becomes this moment.
Status ChangeModel(Session& session, std::int64_t id, const ModelChange& change,
                   const Clock& clock);
/// kInvalidInput where inferences use it (the service's error 2408).
Status DeleteModel(Session& session, std::int64_t id);

}  // namespace s2c
