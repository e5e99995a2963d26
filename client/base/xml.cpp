// SPDX-License-Identifier: MIT
#include "client/base/xml.h"

#include <expat.h>

#include <algorithm>
#include <memory>
#include <string>

namespace s2c {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 24;  // expat counts in int

struct Reading {
  XML_Parser parser;
  bool has_document_type = false;
};

std::string LineOf(XML_Parser parser) {
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
  return std::to_string(XML_GetCurrentLineNumber64(parser));
#else
  return std::to_string(XML_GetCurrentLineNumber(parser));
#endif
}

void OnDocumentType(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  auto& reading = *static_cast<Reading*>(data);
  reading.has_document_type = true;
  XML_StopParser(reading.parser, XML_FALSE);
}

}  // namespace

Status CheckXml(std::string_view text) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate(nullptr), XML_ParserFree);
  if (!parser) return Fail(ErrorKind::kServer, "no memory");
  Reading reading{parser.get()};
  XML_SetUserData(parser.get(), &reading);
  XML_SetStartDoctypeDeclHandler(parser.get(), OnDocumentType);
  for (bool is_last = false; !is_last;) {
    const std::string_view piece = text.substr(0, kPiece);
    text.remove_prefix(piece.size());
    is_last = text.empty();
    if (XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), is_last) ==
        XML_STATUS_OK)
      continue;
    const std::string what = reading.has_document_type
                                 ? "a document type is declared"
                                 : XML_ErrorString(XML_GetErrorCode(parser.get()));
    return Fail(ErrorKind::kInvalidInput, "line " + LineOf(parser.get()) + ": " + what);
  }
  return {};
}

}  // namespace s2c
