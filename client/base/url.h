// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/base/result.h"

namespace s2c {

/// An absolute http or https URL, taken apart strictly (RFC 3986): no user, no control character,
/// no backslash, a plain host name or address. What parses here is written out again from its
/// parts, so that no other parser can read another host into it.
class Url {
 public:
  Url() = default;

  static Result<Url> Parse(std::string_view text);

  const std::string& scheme() const { return scheme_; }  ///< "http" or "https"
  const std::string& host() const { return host_; }      ///< lower case; IPv6 with its brackets
  int port() const { return port_; }                     ///< always set, the scheme's if not given
  const std::string& path() const { return path_; }      ///< percent-encoded, begins with '/'
  const std::string& query() const { return query_; }    ///< without '?', may be empty

  bool IsHttps() const { return scheme_ == "https"; }
  bool IsLoopback() const;
  std::string ToString() const;
  /// `https://host:port`, which stands for the server.
  std::string Origin() const;

  /// This URL with another path (percent-encoded already) and query.
  Url With(std::string path, std::string query) const;
  /// This URL with more path, joined by exactly one slash.
  Url Below(std::string_view more_path) const;

  friend bool operator==(const Url& a, const Url& b) { return a.ToString() == b.ToString(); }

 private:
  std::string scheme_;
  std::string host_;
  int port_ = 0;
  std::string path_;
  std::string query_;
};

/// The target of a redirect's Location (RFC 9110, section 10.2.2): absolute, or relative to `base`.
Result<Url> ResolveReference(const Url& base, std::string_view reference);

/// The address of a result: the factbase's uri and the output's `data`, a path as the server's file
/// system has it. A `data` that names another host, climbs out of its folder or is no path is
/// refused: the token would go where it points.
Result<Url> ResultUrl(const Url& factbase_uri, std::string_view data);

/// Keeps RFC 3986's unreserved characters and those in `keep`.
std::string PercentEncode(std::string_view text, std::string_view keep = "");
/// Leaves a '%' that no two hexadecimal digits follow as it is.
std::string PercentDecode(std::string_view text);

using Parameters = std::vector<std::pair<std::string, std::string>>;
/// `a=1&b=2`, names and values percent-encoded; serves as a query and as a form
/// (application/x-www-form-urlencoded allows %20 for a blank).
std::string EncodeParameters(const Parameters& parameters);

}  // namespace s2c
