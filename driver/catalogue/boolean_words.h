// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace s2c {

/// OGR SQL has no TRUE and FALSE, and takes 'true' for no value of a boolean field, which it keeps
/// as 1 or 0: the condition or statement with these in their place (issue 10). `fields` are the
/// names of the boolean fields, for a text means a boolean only where it is compared with one.
std::string WithoutBooleanWords(std::string_view sql, const std::vector<std::string>& fields);

}  // namespace s2c
