// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "client/base/result.h"

namespace s2c {

/// Calls GDAL and makes a value of the error that it tells, of `kind`, or of `call` being false.
/// Warnings are said as they are.
Status TryGdal(const std::function<bool()>& call, ErrorKind kind = ErrorKind::kServer);

}  // namespace s2c
