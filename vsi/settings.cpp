// SPDX-License-Identifier: MIT
#include "vsi/settings.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "client/base/posix.h"
#include "client/base/text.h"
#include "vsi/options.h"

namespace s2c {
namespace {

// Looks settings up and remembers the first value that cannot be used.
class Lookup {
 public:
  Lookup(const std::string& path, CSLConstList open_options)
      : path_(path), open_options_(open_options) {}

  std::string Text(const char* name) {
    const OptionSpec& option = Spec(name);
    const char* value = CSLFetchNameValue(open_options_, name);
    if (!value) value = Gdal((std::string("S2C_") + name).c_str());
    if (!value && option.gdal_option) value = Gdal(option.gdal_option);
    if (!value) value = option.default_value;
    return value ? value : "";
  }

  /// How near an option is given: 0 with the dataset, 1 for its path, 2 anywhere, 3 not at all.
  int Distance(const char* name) const {
    if (CSLFetchNameValue(open_options_, name)) return 0;
    const OptionSpec& option = Spec(name);
    const std::string full = std::string("S2C_") + name;
    for (const char* key : {full.c_str(), option.gdal_option}) {
      const char* const value = key ? Gdal(key) : nullptr;
      if (!value) continue;
      const char* const anywhere = CPLGetConfigOption(key, nullptr);
      return anywhere && std::strcmp(value, anywhere) == 0 ? 2 : 1;
    }
    return 3;
  }

  double Number(const char* name, double low, double high) {
    const std::string text(Trim(Text(name)));
    char* end = nullptr;
    const double value = CPLStrtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(value >= low) || !(value <= high)) {
      Refuse(name, text, "a number from " + Shown(low) + " to " + Shown(high));
      return low;
    }
    return value;
  }

  std::size_t MemorySize(const char* name) {
    const std::string text = Text(name);
    char* end = nullptr;
    double value = CPLStrtod(text.c_str(), &end);
    const std::string unit = LowerCase(Trim(end));
    if (unit == "kb") {
      value *= 1024;
    } else if (unit == "mb" || (unit.empty() && value < 100000)) {
      value *= 1024 * 1024;
    } else if (unit == "gb") {
      value *= 1024.0 * 1024 * 1024;
    } else if (!unit.empty()) {
      value = -1;
    }
    if (end == text.c_str() || !(value >= 0) || !(value <= 1e15)) {
      Refuse(name, text, "a size such as 64 MB");
      return 0;
    }
    return static_cast<std::size_t>(value);
  }

  std::vector<std::string> List(const char* name) {
    const CPLStringList tokens(
        CSLTokenizeString2(Text(name).c_str(), ", ", CSLT_STRIPLEADSPACES | CSLT_STRIPENDSPACES));
    return {tokens.List(), tokens.List() + tokens.size()};
  }

  /// A path-specific or configuration option under its full name; null where it is not set.
  const char* Gdal(const char* name) const {
    return VSIGetPathSpecificOption(path_.c_str(), name, nullptr);
  }
  std::string GdalText(const char* name) const {
    const char* const value = Gdal(name);
    return value ? value : "";
  }

  const Status& status() const { return status_; }

 private:
  static const OptionSpec& Spec(const char* name) {
    for (const OptionSpec& option : AllOptions()) {
      if (std::strcmp(option.name, name) == 0) return option;
    }
    static const OptionSpec kUnknown{"", "", nullptr, nullptr, ""};
    return kUnknown;
  }

  static std::string Shown(double number) { return CPLSPrintf("%.15g", number); }

  void Refuse(const char* name, const std::string& text, const std::string& expected) {
    if (!status_) return;
    status_ = Fail(ErrorKind::kInvalidInput, std::string("S2C_") + name + " is '" + OneLine(text) +
                                                 "', but must be " + expected);
  }

  const std::string& path_;
  CSLConstList open_options_;
  Status status_;
};

// As GDAL reads it: lines, or, without any line break, a list with commas.
Headers ExtraHeaders(const std::string& text) {
  const bool lines = text.find_first_of("\r\n") != std::string::npos;
  const CPLStringList tokens(
      CSLTokenizeString2(text.c_str(), lines ? "\r\n" : ",", CSLT_HONOURSTRINGS));
  Headers headers;
  for (int i = 0; i < tokens.size(); ++i) {
    const std::string_view line = tokens[i];
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    headers.emplace_back(std::string(Trim(line.substr(0, colon))),
                         std::string(Trim(line.substr(colon + 1))));
  }
  return headers;
}

long WholeNumber(const Lookup& lookup, const char* name) {
  return std::strtol(lookup.GdalText(name).c_str(), nullptr, 10);
}

// Where the XDG base directory specification puts what can be had again; empty for none.
std::string TokenCacheFolder(const std::string& option) {
  for (const char* no : {"NO", "FALSE", "OFF", "0", ""}) {
    if (EQUAL(option.c_str(), no)) return {};
  }
  bool is_default = false;
  for (const char* yes : {"YES", "TRUE", "ON", "1"})
    is_default = is_default || EQUAL(option.c_str(), yes);
  if (!is_default) return option;
  const char* const cache = CPLGetConfigOption("XDG_CACHE_HOME", nullptr);
  if (cache && cache[0] == '/') return std::string(cache) + "/gdal_S2C";
  const std::string home = HomeFolder();
  return home.empty() ? std::string() : home + "/.cache/gdal_S2C";
}

// A way in that is given nearer hides those given farther away: they may be of other accounts.
void ReadCredentials(Lookup& lookup, SessionSettings& settings) {
  const char* const ways[] = {"ACCESS_TOKEN", "TOKENFILE", "REFRESH_TOKEN", "USERNAME"};
  int nearest = 3;
  for (const char* way : ways) nearest = std::min(nearest, lookup.Distance(way));
  const auto text = [&](const char* way) {
    return lookup.Distance(way) <= nearest ? std::string(Trim(lookup.Text(way))) : std::string();
  };
  settings.access_token = Secret(text("ACCESS_TOKEN"));
  settings.token_file = text("TOKENFILE");
  settings.refresh_token = Secret(text("REFRESH_TOKEN"));
  settings.username = text("USERNAME");
  const int password = lookup.Distance("PASSWORD");
  const int password_file = lookup.Distance("PASSWORD_FILE");
  if (password <= password_file) settings.password = Secret(lookup.Text("PASSWORD"));
  if (password_file <= password) settings.password_file = lookup.Text("PASSWORD_FILE");
  // The header that users of /vsicurl/ know is a bearer as well, and there can be only one.
  const auto is_authorization = [](const auto& header) {
    return EqualIgnoringCase(header.first, "Authorization");
  };
  auto& headers = settings.extra_headers;
  const auto found = std::find_if(headers.begin(), headers.end(), is_authorization);
  if (found == headers.end()) return;
  if (nearest == 3 && EqualIgnoringCase(found->second.substr(0, 7), "Bearer "))
    settings.access_token = Secret(std::string(Trim(found->second.substr(7))));
  headers.erase(std::remove_if(headers.begin(), headers.end(), is_authorization), headers.end());
}

ConnectionSettings ReadConnection(Lookup& lookup) {
  ConnectionSettings connection;
  connection.connect_timeout = lookup.Number("CONNECTTIMEOUT", 0, 86400);
  connection.timeout = lookup.Number("TIMEOUT", 0, 86400);
  connection.max_connections = static_cast<int>(lookup.Number("MAX_CONNECTIONS", 1, 64));
  connection.low_speed_limit = WholeNumber(lookup, "GDAL_HTTP_LOW_SPEED_LIMIT");
  connection.low_speed_time = WholeNumber(lookup, "GDAL_HTTP_LOW_SPEED_TIME");
  connection.http_version = lookup.GdalText("GDAL_HTTP_VERSION");
  connection.user_agent = lookup.GdalText("GDAL_HTTP_USERAGENT");
  if (connection.user_agent.empty())
    connection.user_agent =
        std::string("gdal_S2C/" S2C_VERSION " GDAL/") + GDALVersionInfo("RELEASE_NAME");
  connection.proxy = lookup.GdalText("GDAL_HTTP_PROXY");
  connection.https_proxy = lookup.GdalText("GDAL_HTTPS_PROXY");
  connection.proxy_user_password = Secret(lookup.GdalText("GDAL_HTTP_PROXYUSERPWD"));
  connection.proxy_auth = lookup.GdalText("GDAL_PROXY_AUTH");
  for (const char* name : {"GDAL_CURL_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (connection.ca_bundle.empty()) connection.ca_bundle = lookup.GdalText(name);
  }
  connection.ca_path = lookup.GdalText("GDAL_HTTP_CAPATH");
  connection.client_certificate = lookup.GdalText("GDAL_HTTP_SSLCERT");
  connection.client_certificate_type = lookup.GdalText("GDAL_HTTP_SSLCERTTYPE");
  connection.client_key = lookup.GdalText("GDAL_HTTP_SSLKEY");
  connection.client_key_password = Secret(lookup.GdalText("GDAL_HTTP_KEYPASSWD"));
  const char* const unsafe = lookup.Gdal("GDAL_HTTP_UNSAFESSL");
  connection.verify_tls = !(unsafe && CPLTestBool(unsafe));
  const char* const keepalive = lookup.Gdal("GDAL_HTTP_TCP_KEEPALIVE");
  connection.tcp_keepalive = keepalive && CPLTestBool(keepalive);
  return connection;
}

}  // namespace

Result<SessionSettings> ReadSettings(const std::string& path, CSLConstList open_options) {
  Lookup lookup(path, open_options);
  SessionSettings settings;
  settings.api_url = lookup.Text("API_URL");
  settings.auth_url = lookup.Text("AUTH_URL");
  settings.client_id = lookup.Text("CLIENT_ID");
  settings.token_cache = TokenCacheFolder(lookup.Text("TOKEN_CACHE"));
  settings.trusted_hosts = lookup.List("TRUSTED_HOSTS");
  settings.page_size = static_cast<std::size_t>(lookup.Number("PAGE_SIZE", 1, 100000));
  settings.cache_size = lookup.MemorySize("CACHE_SIZE");
  const char* const merge = lookup.Gdal("GDAL_HTTP_MERGE_CONSECUTIVE_RANGES");
  settings.merge_ranges = !merge || CPLTestBool(merge);
  settings.max_retry = static_cast<int>(lookup.Number("MAX_RETRY", 0, 100));
  settings.retry_delay = lookup.Number("RETRY_DELAY", 0, 3600);
  settings.extra_headers = ExtraHeaders(lookup.GdalText("GDAL_HTTP_HEADERS"));
  ReadCredentials(lookup, settings);
  settings.connection = ReadConnection(lookup);
  if (!lookup.status()) return Pass(lookup.status());
  return settings;
}

}  // namespace s2c
