// SPDX-License-Identifier: MIT
#pragma once

class GDALDriver;

namespace s2c {

/// Declares `gdal driver s2c run`, `wait`, `abort`, `rerun` and `delete`; nothing before GDAL 3.11,
/// where the program s2c does the same.
void DeclareAlgorithms(GDALDriver& driver);

}  // namespace s2c
