// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/base/json.h"
#include "client/http/exchange.h"

namespace s2c::testing_support {

/// The document that `text` must be.
JsonDocument MakeJson(const std::string& text);

/// The decoded value of a query's parameter; "(absent)" where it has none of that name.
std::string QueryValue(const Url& url, const std::string& name);

/// `{"type": TYPE, "id": ID, "attributes": ATTRIBUTES}`, both given as JSON.
std::string Resource(const std::string& type, const std::string& id, const std::string& attributes);

}  // namespace s2c::testing_support
