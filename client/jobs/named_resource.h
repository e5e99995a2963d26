// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "client/session.h"

namespace s2c {

/// A resource that a user has named, with the attributes that were asked for.
struct NamedResource {
  std::int64_t id = 0;
  std::string title;
  JsonDocument document;                  ///< what `attributes` points into
  const JsonValue* attributes = nullptr;  ///< an object
};

/// The factbase or knowledgebase (`type`) that `text` means: by its id, else by its title, exactly
/// or, where one alone has it, ignoring case. One or two requests. kInvalidInput, with the
/// candidates, where there is none or more than one; `option` is what to correct.
Result<NamedResource> FindNamed(Session& session, const std::string& type, const std::string& text,
                                const char* option, std::vector<std::string> attributes);

}  // namespace s2c
