// SPDX-License-Identifier: MIT
// The first bytes of a CSV file, or all of it.
#include "driver/tables/table_head.h"
#include "tests/fuzz/fuzzing.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = s2c::fuzzing::TextOf(data, size);
  s2c::Output output;
  output.name = "table";
  output.dims = {"space", "time"};
  for (const bool is_whole : {false, true}) {
    const auto head = s2c::ReadTableHead(text, is_whole, output);
    if (!head) continue;
    s2c::fuzzing::Require(head->space < static_cast<int>(head->columns.size()),
                          "the column of the space is one");
  }
  return 0;
}
