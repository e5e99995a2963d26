// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "client/http/exchange.h"

namespace s2c {

/// A file up to this size comes whole with the first request: its few round trips would cost more.
constexpr std::uint64_t kWholeFile = 1 << 20;
/// Of a larger file, so much first: a GeoTIFF's header and its tile index.
constexpr std::uint64_t kFirstBytes = 32 << 10;

/// The first bytes of a file as they came once: all of a small one, the header of a larger one.
/// They are the file's as long as its server says so.
struct KeptBeginning {
  std::string validator;  ///< Validator::text
  Headers headers;        ///< VersionCheck::headers
  std::string bytes;
};

}  // namespace s2c
