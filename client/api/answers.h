// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "client/http/exchange.h"

namespace s2c {

/// What an answer of the API that is no success says, for an error's sentence: "HTTP 422,
/// Validation error, temp_range_start: Not a valid datetime." A JSON:API error object
/// (https://jsonapi.org/format/1.0/#error-objects) has a title, a detail and a pointer to the
/// member that it means; other layers answer in HTML, of which the status is all that is told.
std::string ReasonOf(const Response& response);

/// What flask-rest-jsonapi answers for an unknown id when marshmallow-jsonapi is 0.23 or newer: it
/// looks for the id of the row that was not found.
bool IsNoSuchRow(const Response& response);

/// What only something on the way can have made of an answer to a GET: a success of which only the
/// beginning, or nothing, has come, and no more was announced; a 416 where no part was asked for.
bool IsSpoiled(const Response& response);

/// Of a request to the API that got no answer, with what to check.
Error WithoutAnswer(Error error);

/// Why the login does not do; `what` is what was asked for.
Error LoginRefused(const Url& api_url, const std::string& what, const Response& response);

}  // namespace s2c
