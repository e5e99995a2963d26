// SPDX-License-Identifier: MIT
#include "client/http/exchange.h"

namespace s2c {

std::string_view Response::Header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

}  // namespace s2c
