// SPDX-License-Identifier: MIT
#pragma once

namespace s2c {

/// Makes GDAL know the driver S2C and the file system /vsis2c/. No I/O, no thread, no libcurl yet.
void RegisterS2C();

}  // namespace s2c
