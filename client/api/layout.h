// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/base/json.h"

namespace s2c {

using ClassNames = std::map<std::int64_t, std::string>;  ///< by id

/// What a factbase's `layout` says of one categorical measurement of one of its products. One whose
/// classes belong to several groups (SIAM's colour types are appearance, clouds atmosphere) is
/// there once for each.
struct Measurement {
  std::string name, label;
  ClassNames classes;
};

using Layout = std::vector<Measurement>;

/// The categorical ones. `layout` comes as an object, or a string that holds one; whatever is odd
/// is left out.
Layout ReadLayout(const JsonValue& layout);

/// The classes of the measurement whose name or label `output` is, whatever the case, the spelling
/// of colour and what stands between the words ("color_type" is "Color type"). A result has the
/// classes of its model and not the factbase's, unless its name says so: a wrong name is worse than
/// none. Empty where no name fits, or two that fit do not agree.
ClassNames ClassesOf(const Layout& layout, std::string_view output);

}  // namespace s2c
