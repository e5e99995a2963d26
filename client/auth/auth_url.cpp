// SPDX-License-Identifier: MIT
#include "client/auth/auth_url.h"

#include <algorithm>

namespace s2c {
namespace {

// Of a path in Keycloak's form, all up to the realm's name; empty for any other.
std::string RealmPath(const std::string& path) {
  static constexpr std::string_view kRealms = "/realms/";
  const std::size_t realms = path.find(kRealms);
  if (realms == std::string::npos) return {};
  const std::size_t name = realms + kRealms.size();
  const std::size_t end = std::min(path.find('/', name), path.size());
  return end == name ? std::string() : path.substr(0, end);
}

void RemoveEnd(std::string& path, std::string_view end) {
  if (path.size() < end.size()) return;
  if (path.compare(path.size() - end.size(), end.size(), end) == 0)
    path.resize(path.size() - end.size());
}

}  // namespace

Url AuthBase(const Url& given) {
  // Whatever of a realm it is: a realm may have the name of an endpoint.
  std::string path = RealmPath(given.path());
  if (!path.empty()) return given.With(path + "/protocol/openid-connect", "");
  path = given.path();
  while (!path.empty() && path.back() == '/') path.pop_back();
  for (const char* end : {"/.well-known/openid-configuration", "/token"}) RemoveEnd(path, end);
  return given.With(path.empty() ? "/" : path, "");
}

}  // namespace s2c
