// SPDX-License-Identifier: MIT
#include "driver/raster/first_reference.h"

#include <gdal_priv.h>

#include <array>
#include <atomic>
#include <memory>

#include "driver/kept_messages.h"
#include "driver/memory_file.h"

namespace s2c {
namespace {

std::atomic<bool> is_found{false};

}  // namespace

bool IsFirstReferenceFound() { return is_found; }

void FindFirstReference(const std::string& beginning) {
  if (is_found.exchange(true)) return;
  KeepMessages([&] {
    const MemoryFile file(beginning, ".tif");
    const std::array<const char*, 2> drivers{"GTiff", nullptr};
    const std::array<const char*, 1> no_siblings{nullptr};
    const std::unique_ptr<GDALDataset> opened(
        GDALDataset::Open(file.path(), GDAL_OF_RASTER | GDAL_OF_INTERNAL, drivers.data(), nullptr,
                          no_siblings.data()));
    if (opened) opened->GetSpatialRef();
  });
}

}  // namespace s2c
