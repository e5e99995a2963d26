// SPDX-License-Identifier: MIT
#pragma once

namespace s2c {

/// What a statement does, in whatever dialect.
enum class SqlKind { kReads, kChangesRows, kChangesTables };

/// By its first word. OGR's SQL takes what changes rows for a syntax error, and SQLite's says less
/// than a layer does (issue 10). `statement` may be null.
SqlKind SqlKindOf(const char* statement);

}  // namespace s2c
