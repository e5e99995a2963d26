// SPDX-License-Identifier: MIT
#include "client/base/url.h"

#include <algorithm>

#include "client/base/text.h"

namespace s2c {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";
constexpr std::size_t kMaxLength = 8192;

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool IsUnreserved(char c) { return IsAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsEscape(std::string_view text, std::size_t at) {
  return text[at] == '%' && at + 2 < text.size() && HexDigit(text[at + 1]) >= 0 &&
         HexDigit(text[at + 2]) >= 0;
}

bool IsHostName(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.front() == '-') return false;
  if (host.find("..") != std::string_view::npos) return false;
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return IsAlnum(c) || c == '.' || c == '-' || c == '_'; });
}

bool IsIpv6Literal(std::string_view host) {
  if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
  const std::string_view inside = host.substr(1, host.size() - 2);
  return std::all_of(inside.begin(), inside.end(),
                     [](char c) { return HexDigit(c) >= 0 || c == ':' || c == '.'; });
}

void AppendEscape(std::string& out, char c) {
  out += '%';
  out += kHex[static_cast<unsigned char>(c) >> 4];
  out += kHex[static_cast<unsigned char>(c) & 15];
}

// Escapes what a URL cannot hold and keeps escapes that are already there.
std::string Normalise(std::string_view text, std::string_view keep) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (IsUnreserved(c) || keep.find(c) != std::string_view::npos || IsEscape(text, i)) {
      out += c;
    } else {
      AppendEscape(out, c);
    }
  }
  return out;
}

constexpr std::string_view kPathCharacters = "/:@!$&'()*+,;=";
constexpr std::string_view kQueryCharacters = "/:@!$&'()*+,;=?";

std::string RemoveDotSegments(const std::string& path) {
  std::vector<std::string_view> kept;
  const std::string_view all = path;
  std::size_t start = 1;
  bool open_end = false;
  while (start <= all.size()) {
    const std::size_t slash = std::min(all.find('/', start), all.size());
    const std::string_view segment = all.substr(start, slash - start);
    open_end = segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    start = slash + 1;
  }
  std::string clean;
  for (const std::string_view segment : kept) clean.append("/").append(segment);
  if (open_end || clean.empty()) clean += '/';
  return clean;
}

Error Refused(std::string_view text, const char* why) {
  // What stands before an '@' may be a password, in what is no address as well.
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos && text.find("://") == std::string_view::npos)
    text.remove_prefix(at);
  return Error{ErrorKind::kInvalidInput,
               "'" + UserText(text, 200) + "' is not a usable URL: " + why, 0};
}

bool HasDotSegment(std::string_view path) {
  const std::string decoded = PercentDecode(path);
  std::size_t start = 0;
  while (start <= decoded.size()) {
    const std::size_t slash = std::min(decoded.find('/', start), decoded.size());
    const std::string segment = decoded.substr(start, slash - start);
    if (segment == "." || segment == "..") return true;
    start = slash + 1;
  }
  return false;
}

}  // namespace

Result<Url> Url::Parse(std::string_view text) {
  const auto refuse = [&](const char* why) { return tl::unexpected<Error>(Refused(text, why)); };
  if (text.size() > kMaxLength) return refuse("it is too long");
  if (std::any_of(text.begin(), text.end(), [](char c) { return IsControl(c) || c == '\\'; }))
    return refuse("it holds a control character or a backslash");
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return refuse("it does not begin with https:// or http://");
  Url url;
  url.scheme_ = LowerCase(text.substr(0, colon));
  if (url.scheme_ != "http" && url.scheme_ != "https")
    return refuse("only https and http are supported");
  std::string_view rest = text.substr(colon + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  rest.remove_prefix(authority_end);
  if (authority.find('@') != std::string_view::npos)
    return refuse("it holds a user name; give that by the option USERNAME");

  const std::size_t bracket = authority.rfind(']');
  const std::size_t port_colon = authority.rfind(':');
  url.port_ = url.scheme_ == "https" ? 443 : 80;
  if (port_colon != std::string_view::npos &&
      (bracket == std::string_view::npos || port_colon > bracket)) {
    const auto port = ParseUnsigned(authority.substr(port_colon + 1));
    if (!port || *port == 0 || *port > 65535) return refuse("its port is not a number up to 65535");
    url.port_ = static_cast<int>(*port);
    authority = authority.substr(0, port_colon);
  }
  if (!IsHostName(authority) && !IsIpv6Literal(authority))
    return refuse("its host is not a plain name or address");
  url.host_ = LowerCase(authority);

  rest = rest.substr(0, std::min(rest.find('#'), rest.size()));
  const std::size_t question = std::min(rest.find('?'), rest.size());
  url.path_ = Normalise(rest.substr(0, question), kPathCharacters);
  if (url.path_.empty()) url.path_ = "/";
  url.path_ = RemoveDotSegments(url.path_);
  if (question < rest.size()) url.query_ = Normalise(rest.substr(question + 1), kQueryCharacters);
  // An escape takes three times the byte's room: what is written must be read again.
  if (url.ToString().size() > kMaxLength) return refuse("it is too long");
  return url;
}

bool Url::IsLoopback() const {
  static constexpr std::string_view kLocal = ".localhost";
  const bool below_localhost =
      host_.size() > kLocal.size() &&
      std::string_view(host_).substr(host_.size() - kLocal.size()) == kLocal;
  if (host_ == "localhost" || host_ == "[::1]" || below_localhost) return true;
  // 127.0.0.0/8 as an address, and no name such as 127.evil.example.
  return host_.compare(0, 4, "127.") == 0 &&
         host_.find_first_not_of("0123456789.") == std::string::npos;
}

std::string Url::Origin() const { return scheme_ + "://" + host_ + ":" + std::to_string(port_); }

std::string Url::ToString() const {
  std::string text = scheme_ + "://" + host_;
  if (port_ != (IsHttps() ? 443 : 80)) text += ":" + std::to_string(port_);
  text += path_;
  if (!query_.empty()) text += "?" + query_;
  return text;
}

Url Url::With(std::string path, std::string query) const {
  Url url = *this;
  url.path_ = std::move(path);
  url.query_ = std::move(query);
  return url;
}

Url Url::Below(std::string_view more_path) const {
  std::string path = path_;
  while (!path.empty() && path.back() == '/') path.pop_back();
  while (!more_path.empty() && more_path.front() == '/') more_path.remove_prefix(1);
  return With(path + "/" + std::string(more_path), "");
}

Result<Url> ResolveReference(const Url& base, std::string_view reference) {
  const std::size_t special = std::min(reference.find_first_of(":/?#"), reference.size());
  if (special < reference.size() && reference[special] == ':') return Url::Parse(reference);
  if (reference.substr(0, 2) == "//")
    return Url::Parse(base.scheme() + ":" + std::string(reference));
  const std::string root = base.scheme() + "://" + base.host() + ":" + std::to_string(base.port());
  if (reference.substr(0, 1) == "/") return Url::Parse(root + std::string(reference));
  if (reference.substr(0, 1) == "?") return Url::Parse(root + base.path() + std::string(reference));
  const std::string folder = base.path().substr(0, base.path().rfind('/') + 1);
  return Url::Parse(root + folder + std::string(reference));
}

Result<Url> ResultUrl(const Url& factbase_uri, std::string_view data) {
  const auto refuse = [&](const char* why) {
    return Fail(ErrorKind::kProtocol, "the result's path '" + OneLine(data, 200) +
                                          "' is refused: " + why +
                                          "; tell the service's operators");
  };
  if (data.empty()) return refuse("it is empty");
  const bool rooted = data.front() == '/';
  if (!rooted && !IsAlnum(data.front()) && data.front() != '_' && data.front() != '%')
    return refuse("it would change the host");
  if (data.substr(0, 2) == "//") return refuse("it would change the host");
  if (data.substr(0, data.find('/')).find(':') != std::string_view::npos)
    return refuse("it would change the host");
  if (std::any_of(data.begin(), data.end(), [](char c) { return IsControl(c) || c == '\\'; }))
    return refuse("it holds a control character or a backslash");
  if (data.size() > kMaxLength) return refuse("it is too long");
  if (HasDotSegment(data)) return refuse("it climbs out of its folder");
  const Url url = factbase_uri.Below(Normalise(data, kPathCharacters));
  if (url.ToString().size() > kMaxLength) return refuse("it is too long");
  return url;
}

std::string PercentEncode(std::string_view text, std::string_view keep) {
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c) || (keep.find(c) != std::string_view::npos)) {
      out += c;
    } else {
      AppendEscape(out, c);
    }
  }
  return out;
}

std::string PercentDecode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (IsEscape(text, i)) {
      out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string EncodeParameters(const Parameters& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += PercentEncode(name) + "=" + PercentEncode(value);
  }
  return out;
}

}  // namespace s2c
