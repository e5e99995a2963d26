// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace s2c {

/// How a layer's field is kept at the server: what a filter may ask there.
enum class ServerKind {
  kLocal,    ///< made on this side, or changed: no filter on it goes to the server
  kText,     ///< the layer has the server's text as it is, "" and blanks included
  kWord,     ///< kText of ASCII characters only, as a status: more filters are complete
  kInteger,  ///< in the layer as Integer or Integer64
  kReal,     ///< in the layer as Real
  kBoolean,  ///< in the layer as Integer of subtype Boolean
  kTime,     ///< in the layer as DateTime in UTC, to the millisecond or better
  kDate,     ///< in the layer as Date
};

/// A field is null in the layer where it is null at the server, else it is kLocal.
struct ServerField {
  std::string name;  ///< of the attribute at the server
  ServerKind kind = ServerKind::kLocal;
};

}  // namespace s2c
