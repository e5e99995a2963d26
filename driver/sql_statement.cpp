// SPDX-License-Identifier: MIT
#include "driver/sql_statement.h"

#include <cpl_string.h>

#include <cstring>

namespace s2c {

SqlKind SqlKindOf(const char* statement) {
  if (!statement) return SqlKind::kReads;
  const char* const first = statement + std::strspn(statement, " \t\r\n");
  for (const char* word : {"DELETE ", "UPDATE ", "INSERT ", "REPLACE "})
    if (STARTS_WITH_CI(first, word)) return SqlKind::kChangesRows;
  for (const char* word : {"CREATE ", "DROP ", "ALTER "})
    if (STARTS_WITH_CI(first, word)) return SqlKind::kChangesTables;
  return SqlKind::kReads;
}

}  // namespace s2c
