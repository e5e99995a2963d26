// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace s2c {

/// Reads so many bytes of a file at an offset; empty where they are not there.
using ReadBytes = std::function<std::string(std::uint64_t offset, std::size_t size)>;

/// The bytes of the tags of a TIFF that its reference system is made of (OGC 19-008r4, section
/// 7.1: GeoKeyDirectory, GeoDoubleParams, GeoAsciiParams). GDAL takes two milliseconds for making
/// one, which is most of what opening takes (issue 13): two files that have the same have the same
/// reference system. Nothing where the file is not understood, and GDAL is to be asked.
std::optional<std::string> GeoKeysOf(const ReadBytes& read);

}  // namespace s2c
