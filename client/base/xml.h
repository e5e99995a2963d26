// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "client/base/result.h"

namespace s2c {

/// Whether a text is well-formed XML (https://www.w3.org/TR/xml/#sec-well-formed) by itself: it may
/// declare no document type, since what that could name is not looked up. kInvalidInput says where
/// it is not.
Status CheckXml(std::string_view text);

}  // namespace s2c
