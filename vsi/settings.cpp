// SPDX-License-Identifier: MIT
#include "vsi/settings.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "client/auth/password.h"
#include "client/base/environment.h"
#include "client/base/text.h"
#include "vsi/options.h"
#include "vsi/user_folders.h"

namespace s2c {
namespace {

// RFC 7235, section 2.1: the scheme's name is case-insensitive.
std::string WithoutScheme(const std::string& token) {
  static constexpr std::string_view kBearer = "bearer";
  const std::string_view text = token;
  if (!EqualIgnoringCase(text.substr(0, kBearer.size()), kBearer)) return token;
  const std::string_view rest = text.substr(kBearer.size());
  return rest.empty() || rest[0] != ' ' ? token : std::string(Trim(rest));
}

// Looks settings up and remembers the first value that cannot be used.
class Lookup {
 public:
  Lookup(const std::string& path, CSLConstList open_options)
      : path_(path), open_options_(open_options) {}

  std::string Text(const char* name) const {
    const OptionSpec& option = Spec(name);
    const char* const given = CSLFetchNameValue(open_options_, name);
    if (given) return given;
    const std::string full = std::string("S2C_") + name;
    for (const char* key : {full.c_str(), option.gdal_option}) {
      if (const char* const value = key ? Gdal(key) : nullptr) return ValueOfVariable(key, value);
    }
    return option.default_value ? option.default_value : "";
  }

  /// Text() for what becomes part of a request. Pasting leaves blanks around it; a control
  /// character within could end a header and begin another (issue 9).
  std::string RequestText(const char* name) {
    return Sendable(IsGdals(name) ? Spec(name).gdal_option : std::string("S2C_") + name,
                    Text(name));
  }
  std::string GdalRequestText(const char* name) { return Sendable(name, GdalText(name)); }

  /// A token, also where it is given as a header has it.
  Secret Token(const char* name) { return Secret(WithoutScheme(RequestText(name))); }

  /// The value of an option, which is not repeated in a message: it may be secret.
  std::string Sendable(const std::string& option, const std::string& text) {
    std::string trimmed(Trim(text));
    if (HasControl(trimmed))
      Refuse(option + " holds a line break or another control character: remove it");
    return trimmed;
  }

  std::string Path(const char* name) {
    Result<std::string> path = ExpandHome(std::string(Trim(Text(name))), name);
    if (path) return std::move(*path);
    Refuse(path.error().message);
    return {};
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

  bool Flag(const char* name) {
    const std::string text(Trim(Text(name)));
    for (const char* yes : {"YES", "TRUE", "ON", "1"}) {
      if (EQUAL(text.c_str(), yes)) return true;
    }
    for (const char* no : {"NO", "FALSE", "OFF", "0"}) {
      if (EQUAL(text.c_str(), no)) return false;
    }
    Refuse(name, text, "YES or NO");
    return false;
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

  std::vector<std::string> List(const char* name) const {
    const CPLStringList tokens(
        CSLTokenizeString2(Text(name).c_str(), ", ", CSLT_STRIPLEADSPACES | CSLT_STRIPENDSPACES));
    return {tokens.List(), tokens.List() + tokens.size()};
  }

  /// Set for the driver that is meant; not where GDAL's own option is, which it looks up itself.
  bool IsSet(const char* name) const { return !IsGdals(name) && !Text(name).empty(); }

  /// A path-specific or configuration option under its full name; null where it is not set.
  const char* Gdal(const char* name) const {
    return VSIGetPathSpecificOption(path_.c_str(), name, nullptr);
  }
  std::string GdalText(const char* name) const {
    const char* const value = Gdal(name);
    return value ? ValueOfVariable(name, value) : "";
  }

  /// Whether the caller gives it as ours.
  bool IsGiven(const char* name) const {
    return CSLFetchNameValue(open_options_, name) || Gdal((std::string("S2C_") + name).c_str());
  }
  /// Whether the value comes from GDAL's option that serves in its place.
  bool IsGdals(const char* name) const {
    const char* const option = Spec(name).gdal_option;
    return !IsGiven(name) && option && Gdal(option);
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
    Refuse(std::string("S2C_") + name + " is '" + OneLine(text) + "', but must be " + expected);
  }
  void Refuse(const std::string& message) {
    if (status_) status_ = Fail(ErrorKind::kInvalidInput, message);
  }

  const std::string& path_;
  CSLConstList open_options_;
  Status status_;
};

// As GDAL reads it: lines, or, without any line break, a list with commas.
Headers ExtraHeaders(Lookup& lookup) {
  const char* const option = "GDAL_HTTP_HEADERS";
  const std::string text = lookup.GdalText(option);
  const bool lines = text.find_first_of("\r\n") != std::string::npos;
  const CPLStringList tokens(
      CSLTokenizeString2(text.c_str(), lines ? "\r\n" : ",", CSLT_HONOURSTRINGS));
  Headers headers;
  for (int i = 0; i < tokens.size(); ++i) {
    const std::string_view line = tokens[i];
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    // Within quotes, a line break is still there.
    headers.emplace_back(lookup.Sendable(option, std::string(line.substr(0, colon))),
                         lookup.Sendable(option, std::string(line.substr(colon + 1))));
  }
  return headers;
}

long WholeNumber(const Lookup& lookup, const char* name) {
  return std::strtol(lookup.GdalText(name).c_str(), nullptr, 10);
}

// A way in that is given nearer hides those given farther away: they may be of other accounts.
void ReadCredentials(Lookup& lookup, SessionSettings& settings) {
  const char* const ways[] = {"ACCESS_TOKEN", "TOKENFILE", "REFRESH_TOKEN", "USERNAME"};
  int nearest = 3;
  for (const char* way : ways) nearest = std::min(nearest, lookup.Distance(way));
  const int password = lookup.Distance("PASSWORD");
  const int password_file = lookup.Distance("PASSWORD_FILE");
  // A password that is given nearer is for the user who is named farther away.
  const bool has_user = !lookup.Text("USERNAME").empty();
  const bool logs_in = has_user && std::min(password, password_file) < nearest;
  if (logs_in) nearest = std::min(password, password_file);
  const auto is_hidden = [&](const char* way) { return lookup.Distance(way) > nearest; };
  if (!is_hidden("ACCESS_TOKEN")) settings.access_token = lookup.Token("ACCESS_TOKEN");
  if (!is_hidden("TOKENFILE")) settings.token_file = lookup.Path("TOKENFILE");
  if (!is_hidden("REFRESH_TOKEN")) settings.refresh_token = lookup.Token("REFRESH_TOKEN");
  if (logs_in || !is_hidden("USERNAME")) settings.username = lookup.RequestText("USERNAME");
  if (password <= password_file && password < 3)
    settings.password = TidyPassword(lookup.Text("PASSWORD"));
  if (password_file <= password) settings.password_file = lookup.Path("PASSWORD_FILE");
  // The header that users of /vsicurl/ know is a bearer as well, and there can be only one.
  const auto is_authorization = [](const auto& header) {
    return EqualIgnoringCase(header.first, "Authorization");
  };
  auto& headers = settings.extra_headers;
  const auto found = std::find_if(headers.begin(), headers.end(), is_authorization);
  if (found == headers.end()) return;
  if (std::string token = WithoutScheme(found->second); nearest == 3 && token != found->second)
    settings.access_token = Secret(std::move(token));
  headers.erase(std::remove_if(headers.begin(), headers.end(), is_authorization), headers.end());
}

// S2C_TIMEOUT counts the seconds with hardly a byte; GDAL's option of that name the request's.
void ReadTimeouts(Lookup& lookup, ConnectionSettings& connection) {
  connection.connect_timeout = lookup.Number("CONNECTTIMEOUT", 0, 86400);
  const double timeout = lookup.Number("TIMEOUT", 0, 86400);
  if (lookup.IsGdals("TIMEOUT")) {
    connection.timeout = timeout;
    connection.low_speed_time = 0;
  } else {
    connection.low_speed_time = std::lround(std::ceil(timeout));
  }
  if (lookup.IsGiven("TIMEOUT")) return;
  const long limit = WholeNumber(lookup, "GDAL_HTTP_LOW_SPEED_LIMIT");
  const long time = WholeNumber(lookup, "GDAL_HTTP_LOW_SPEED_TIME");
  if (limit > 0) connection.low_speed_limit = limit;
  if (time > 0) connection.low_speed_time = time;
}

ConnectionSettings ReadConnection(Lookup& lookup) {
  ConnectionSettings connection;
  ReadTimeouts(lookup, connection);
  connection.max_connections = static_cast<int>(lookup.Number("MAX_CONNECTIONS", 1, 64));
  connection.http_version = lookup.GdalText("GDAL_HTTP_VERSION");
  connection.user_agent = lookup.GdalRequestText("GDAL_HTTP_USERAGENT");
  if (connection.user_agent.empty())
    connection.user_agent =
        std::string("gdal_S2C/" S2C_VERSION " GDAL/") + GDALVersionInfo("RELEASE_NAME");
  connection.proxy = lookup.GdalRequestText("GDAL_HTTP_PROXY");
  connection.https_proxy = lookup.GdalRequestText("GDAL_HTTPS_PROXY");
  connection.proxy_user_password = Secret(lookup.GdalRequestText("GDAL_HTTP_PROXYUSERPWD"));
  connection.proxy_auth = lookup.GdalText("GDAL_PROXY_AUTH");
  for (const char* name : {"GDAL_CURL_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (connection.ca_bundle.empty()) connection.ca_bundle = lookup.GdalText(name);
  }
  connection.ca_path = lookup.GdalText("GDAL_HTTP_CAPATH");
  const char* const native = lookup.Gdal("GDAL_HTTP_USE_CAPI_STORE");
  connection.native_ca = native && CPLTestBool(native);
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
  settings.api_url = lookup.RequestText("API_URL");
  settings.auth_url = lookup.RequestText("AUTH_URL");
  settings.client_id = lookup.RequestText("CLIENT_ID");
  settings.token_cache = TokenCacheFolder(std::string(Trim(lookup.Text("TOKEN_CACHE"))));
  settings.answer_cache =
      AnswerCacheFolder(std::string(Trim(lookup.Text("ANSWER_CACHE"))), settings.token_cache);
  settings.trusted_hosts = lookup.List("TRUSTED_HOSTS");
  settings.page_size = static_cast<std::size_t>(lookup.Number("PAGE_SIZE", 1, 100000));
  settings.cache_size = lookup.MemorySize("CACHE_SIZE");
  const char* const merge = lookup.Gdal("GDAL_HTTP_MERGE_CONSECUTIVE_RANGES");
  settings.merge_ranges = !merge || CPLTestBool(merge);
  settings.max_retry = static_cast<int>(lookup.Number("MAX_RETRY", 0, 100));
  settings.retry_delay = lookup.Number("RETRY_DELAY", 0, 3600);
  settings.extra_headers = ExtraHeaders(lookup);
  ReadCredentials(lookup, settings);
  settings.connection = ReadConnection(lookup);
  if (!lookup.status()) return Pass(lookup.status());
  return settings;
}

Result<RasterSettings> ReadRasterSettings(const std::string& path, CSLConstList open_options) {
  Lookup lookup(path, open_options);
  RasterSettings settings;
  settings.native_crs = lookup.Flag("NATIVE_CRS");
  for (const char* name : {"GEOREF_SOURCES", "NUM_THREADS"}) {
    if (lookup.IsSet(name)) settings.gtiff_options.SetNameValue(name, lookup.Text(name).c_str());
  }
  if (!lookup.status()) return Pass(lookup.status());
  return settings;
}

Result<ManySettings> ReadManySettings(const std::string& path, CSLConstList open_options) {
  Lookup lookup(path, open_options);
  ManySettings settings;
  settings.skip_failed = lookup.Flag("SKIP_FAILED");
  settings.strict = lookup.Flag("STRICT");
  if (!lookup.status()) return Pass(lookup.status());
  return settings;
}

Result<WaitSettings> ReadWaitSettings(const std::string& path, CSLConstList open_options) {
  Lookup lookup(path, open_options);
  WaitSettings settings;
  settings.wait = lookup.Flag("WAIT");
  settings.policy.timeout = lookup.Number("WAIT_TIMEOUT", 0, 1e8);
  settings.policy.poll_interval = lookup.Number("POLL_INTERVAL", 0.1, 86400);
  if (!lookup.status()) return Pass(lookup.status());
  return settings;
}

}  // namespace s2c
