// SPDX-License-Identifier: MIT
#include "driver/sql_statement.h"

#include <gtest/gtest.h>

namespace s2c {
namespace {

TEST(SqlStatement, IsKnownByItsFirstWord) {
  for (const char* statement : {"UPDATE a SET b = 1", "\n delete from a", "Insert into a values(1)",
                                "REPLACE INTO a VALUES (1)"})
    EXPECT_EQ(SqlKindOf(statement), SqlKind::kChangesRows) << statement;
  for (const char* statement : {"CREATE TABLE a (b)", "drop table a", "ALTER TABLE a ADD b"})
    EXPECT_EQ(SqlKindOf(statement), SqlKind::kChangesTables) << statement;
  for (const char* statement : {"SELECT 'UPDATE '", "", "UPDATED", "PRAGMA x"})
    EXPECT_EQ(SqlKindOf(statement), SqlKind::kReads) << statement;
  EXPECT_EQ(SqlKindOf(nullptr), SqlKind::kReads);
}

}  // namespace
}  // namespace s2c
