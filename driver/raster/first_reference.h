// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace s2c {

/// Has GDAL find the reference system of a GeoTIFF that begins so, and says nothing of it. The
/// first one of a process takes some 30 ms, in which PROJ opens its database; GDAL remembers it for
/// this thread, so that whoever waits for the service may use the time. Does nothing from the
/// second call on. Thread-safe.
void FindFirstReference(const std::string& beginning);
/// Whether that has been done.
bool IsFirstReferenceFound();

}  // namespace s2c
