// SPDX-License-Identifier: MIT
#include "client/auth/labels.h"

#include <cstdio>

#include "client/base/json.h"
#include "client/base/text.h"

namespace s2c {

std::string FileNameOf(const Labels& labels) {
  std::string key;
  for (const auto& [name, value] : labels) key += name + "\n" + value + "\n";
  char text[32];
  std::snprintf(text, sizeof(text), "%016llx.json",
                static_cast<unsigned long long>(Fingerprint(key)));
  return text;
}

bool HasLabels(const std::string& content, const Labels& labels) {
  const auto document = ParseJson(content);
  if (!document) return false;
  for (const auto& [name, value] : labels) {
    if (TextAt(**document, name.c_str()) != value) return false;
  }
  return true;
}

}  // namespace s2c
