// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "client/session.h"

namespace s2c {

/// Attributes by name, each value as JSON.
using JsonAttributes = std::vector<std::pair<std::string, std::string>>;

/// Relations that are named as the type that they lead to, with the id there.
using Linkages = std::vector<std::pair<std::string, std::int64_t>>;

/// The JSON:API document of a new resource, or, with an id, of a change to one.
std::string ResourceDocument(const std::string& type, std::optional<std::int64_t> id,
                             const JsonAttributes& attributes, const Linkages& linkages = {});

/// What the service has named a new resource; nothing where its answer does not say. It may be
/// null.
std::optional<std::int64_t> CreatedId(const JsonDocument& answer);

/// Whether a resource's attributes say that a change has been made.
using HasHappened = std::function<bool(const JsonValue& attributes)>;

/// Sets attributes. Where the answer is lost it is looked whether that has happened, and asked for
/// once more where it has not.
Status ChangeResource(Session& session, const std::string& type, std::int64_t id,
                      const JsonAttributes& attributes, const HasHappened& has_happened);

/// The same for a deletion: what is not there any more was deleted.
Status DeleteResource(Session& session, const std::string& type, std::int64_t id);

}  // namespace s2c
