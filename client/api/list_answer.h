// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/base/json.h"

namespace s2c {

/// A resource object.
struct Row {
  std::int64_t id = 0;
  const JsonValue* resource = nullptr;
};

/// One answer to a request for a list, and what it says of the rest.
class ListAnswer {
 public:
  /// Rows of `type` below an id are taken. Nothing where `document`, which must outlive this, is no
  /// list.
  static std::optional<ListAnswer> Read(const JsonValue& document, const std::string& type,
                                        std::optional<std::int64_t> below);

  std::vector<Row> rows;  ///< by falling id, each once
  std::size_t given = 0;  ///< rows that came, of whatever kind
  bool in_order = true;   ///< as they came
  bool unusable = false;  ///< some have no usable type and id
  bool has_next = false;  ///< a next page is named

  /// How many rows there are (meta.count), where that can be right: it is not less than what came,
  /// and agrees with the pages that are named. `before` rows came in the pages before, and `asked`
  /// were asked for, if that is known.
  std::optional<std::uint64_t> BelievedCount(std::uint64_t before,
                                             std::optional<std::size_t> asked) const;
  /// Whether the server says, rightly or wrongly, that there are more.
  bool NamesMore(std::uint64_t before) const {
    return has_next || (count_ && *count_ > before + given);
  }

 private:
  std::optional<std::uint64_t> count_;
  std::optional<std::uint64_t> last_page_;
};

}  // namespace s2c
