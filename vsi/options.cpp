// SPDX-License-Identifier: MIT
#include "vsi/options.h"

#include <cpl_conv.h>
#include <cpl_string.h>

#include <iterator>

namespace s2c {
namespace {

constexpr OptionSpec kOptions[] = {
    {"API_URL", "string", "https://api.sen2cube.at/v1", nullptr, "Base address of the JSON:API"},
    {"AUTH_URL", "string", "https://auth.sen2cube.at/realms/sen2cube-at/protocol/openid-connect",
     nullptr,
     "Base address of the OpenID Connect endpoints; the realm's address (issuer), the token's "
     "and that of the discovery document serve too"},
    {"CLIENT_ID", "string", "iq-web-client", nullptr, "OAuth2 client"},
    {"USERNAME", "string", nullptr, nullptr, "User name for the login"},
    {"PASSWORD", "string", nullptr, nullptr, "Password for the login", true},
    {"PASSWORD_FILE", "string", nullptr, nullptr, "File that holds the password"},
    {"ACCESS_TOKEN", "string", nullptr, "GDAL_HTTP_BEARER",
     "An access token that the caller has; used as it is, in place of a login", true},
    {"REFRESH_TOKEN", "string", nullptr, nullptr,
     "A refresh token that the caller has; it works once, so the token cache keeps what follows",
     true},
    {"TOKENFILE", "string", nullptr, nullptr,
     "A token file in sen2cli's format, read and, after a refresh, written; without any other "
     "credential ~/.sen2cli/token.json, where nobody has logged in by s2c login"},
    {"TOKEN_CACHE", "string", "YES", nullptr,
     "Keep tokens between processes: YES (in ~/.cache/gdal_S2C), NO, or a folder; they open for "
     "the password that brought them"},
    {"ANSWER_CACHE", "string", "YES", nullptr,
     "Keep between processes where results are and what they begin with: YES (in TOKEN_CACHE's "
     "folder, and not at all without one), NO, or a folder; nothing of it is used before the "
     "servers have said that it is true"},
    {"TRUSTED_HOSTS", "string", nullptr, nullptr,
     "Further hosts that may get the token, also after a redirect, separated by commas; one with a "
     "port means that port alone"},
    {"NATIVE_CRS", "boolean", "NO", nullptr,
     "Where the API names a copy of a raster in EPSG:4326 (..._4326.tiff), take the file in the "
     "data cube's own reference system beside it (..._3035.tiff), if there is one"},
    {"SKIP_FAILED", "boolean", "NO", nullptr,
     "Of a mosaic or a stack: a result that cannot be opened is left out with a warning, and "
     "listed in the metadata item SKIPPED"},
    {"STRICT", "boolean", "NO", nullptr,
     "Of a mosaic or a stack: results of several reference systems are refused, not warped"},
    {"GEOREF_SOURCES", "string", nullptr, "GDAL_GEOREF_SOURCES",
     "As the GTiff driver's open option: where a raster's georeferencing comes from"},
    {"NUM_THREADS", "string", nullptr, "GDAL_NUM_THREADS",
     "As the GTiff driver's open option: how many threads decode a raster, or ALL_CPUS"},
    {"WAIT", "boolean", "NO", nullptr,
     "Opening an inference that has not ended waits until it has"},
    {"WAIT_TIMEOUT", "float", "3600", nullptr, "Seconds after which that is given up"},
    {"POLL_INTERVAL", "float", "5", nullptr,
     "Longest time, in seconds, between two looks at an inference that is waited for"},
    {"PAGE_SIZE", "int", "100", nullptr,
     "Rows of the first API request of a list; later ones grow to ten times as many"},
    {"CACHE_SIZE", "string", "64 MB", nullptr,
     "Memory for file blocks, all files of the process together; a plain number below 100000 "
     "counts megabytes"},
    {"MAX_CONNECTIONS", "int", "8", nullptr, "Parallel connections per host"},
    {"MAX_RETRY", "int", "3", "GDAL_HTTP_MAX_RETRY", "How often a failed request is repeated"},
    {"RETRY_DELAY", "float", "0.5", "GDAL_HTTP_RETRY_DELAY",
     "Seconds before the first repetition, doubled for each next one"},
    {"CONNECTTIMEOUT", "float", "10", "GDAL_HTTP_CONNECTTIMEOUT",
     "Seconds in which a connection must be made"},
    {"TIMEOUT", "float", "30", "GDAL_HTTP_TIMEOUT",
     "Seconds without a byte, or with less than ten in each, after which a request is given up; 0 "
     "for no limit; GDAL's option "
     "counts the whole request"},
};

}  // namespace

const std::vector<OptionSpec>& AllOptions() {
  static const auto* const options =
      new std::vector<OptionSpec>(std::begin(kOptions), std::end(kOptions));
  return *options;
}

std::string OptionsXml(const char* root, const char* prefix) {
  const auto escaped = [](const char* text) {
    char* const xml = CPLEscapeString(text, -1, CPLES_XML);
    std::string copy(xml);
    CPLFree(xml);
    return copy;
  };
  const auto attribute = [&](const char* name, const std::string& value) {
    // In double quotes: CPLES_XML leaves an apostrophe as it is.
    return std::string(" ") + name + "=\"" + escaped(value.c_str()) + "\"";
  };
  std::string xml = std::string("<") + root + ">";
  for (const OptionSpec& option : AllOptions()) {
    std::string meaning = option.meaning;
    if (option.gdal_option) meaning += std::string(" (or by ") + option.gdal_option + ")";
    xml += "<Option" + attribute("name", std::string(prefix) + option.name) +
           attribute("type", option.type) + attribute("description", meaning);
    if (option.default_value) xml += attribute("default", option.default_value);
    // QGIS offers what has no scope, or that of rasters or vectors, and makes it part of a layer's
    // name; GDAL takes an option of any scope.
    if (option.is_secret) xml += attribute("scope", "secret");
    xml += "/>";
  }
  return xml + "</" + root + ">";
}

}  // namespace s2c
