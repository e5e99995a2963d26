// SPDX-License-Identifier: MIT
#pragma once

namespace s2c {

/// Makes GDAL know /vsis2c/. Does no I/O; may be called again after GDAL was taken down.
void InstallS2CFileSystem();

}  // namespace s2c
