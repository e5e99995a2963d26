// SPDX-License-Identifier: MIT
#include "vsi/settings.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <tuple>

#include "tests/unit/support/environment_variable.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

// Open options that are lines of "NAME=value"; an option of GDAL's is a configuration option.
class SettingsTest : public testing::Test {
 protected:
  ~SettingsTest() override {
    for (const std::string& name : configured_) CPLSetConfigOption(name.c_str(), nullptr);
  }
  void Configure(const std::string& name, const std::string& value) {
    CPLSetConfigOption(name.c_str(), value.c_str());
    configured_.push_back(name);
  }
  static Result<SessionSettings> Read(const std::vector<std::pair<std::string, std::string>>& all) {
    CPLStringList options;
    for (const auto& [name, value] : all) options.SetNameValue(name.c_str(), value.c_str());
    return ReadSettings("/vsis2c/", options.List());
  }
  static SessionSettings Good(const std::vector<std::pair<std::string, std::string>>& all) {
    const auto settings = Read(all);
    EXPECT_EQ(MessageOf(settings), "");
    return settings.value_or(SessionSettings());
  }

  std::vector<std::string> configured_;
};

constexpr const char* kEvil[] = {"hidden\r\nX-Evil: 1", "hidden\nx", "hidden\rx", "hidden\tx",
                                 "hidden\x7fx"};

TEST_F(SettingsTest, RefuseALineBreakInWhatGoesIntoARequest) {
  for (const char* option :
       {"API_URL", "AUTH_URL", "CLIENT_ID", "USERNAME", "ACCESS_TOKEN", "REFRESH_TOKEN"}) {
    for (const char* evil : kEvil)
      EXPECT_THAT(ErrorOf(Read({{option, evil}})),
                  FailsWith(ErrorKind::kInvalidInput,
                            AllOf(HasSubstr(std::string("S2C_") + option + " holds"),
                                  HasSubstr("line break"), Not(HasSubstr("hidden")))));
  }
}

TEST_F(SettingsTest, RefuseALineBreakInGdalsOptionsByTheirNames) {
  for (const char* option : {"GDAL_HTTP_USERAGENT", "GDAL_HTTP_BEARER", "GDAL_HTTP_PROXY",
                             "GDAL_HTTPS_PROXY", "GDAL_HTTP_PROXYUSERPWD"}) {
    for (const char* evil : kEvil) {
      Configure(option, evil);
      EXPECT_THAT(ErrorOf(Read({})), FailsWith(ErrorKind::kInvalidInput,
                                               AllOf(HasSubstr(std::string(option) + " holds"),
                                                     Not(HasSubstr("hidden")))));
    }
    CPLSetConfigOption(option, nullptr);
  }
}

TEST_F(SettingsTest, RefuseALineBreakWithinAnExtraHeader) {
  for (const char* headers : {"\"X-Mine: hidden\nX-Evil: 1\"", "X-Mine: hidden\tx", "X\tY: hidden",
                              "Authorization: Bearer hidden\x01"}) {
    Configure("GDAL_HTTP_HEADERS", headers);
    EXPECT_THAT(ErrorOf(Read({})),
                FailsWith(ErrorKind::kInvalidInput,
                          AllOf(HasSubstr("GDAL_HTTP_HEADERS holds"), Not(HasSubstr("hidden")))))
        << headers;
  }
  Configure("GDAL_HTTP_HEADERS", "X-Mine: 1\r\nX-Yours: 2\n");
  EXPECT_EQ(Good({}).extra_headers, (Headers{{"X-Mine", "1"}, {"X-Yours", "2"}}));
}

TEST_F(SettingsTest, LeaveOutWhatIsNoHeader) {
  Configure("GDAL_HTTP_HEADERS", "Nothing,X-Mine: 1");
  EXPECT_EQ(Good({}).extra_headers, (Headers{{"X-Mine", "1"}}));
}

TEST_F(SettingsTest, TakeWhatWasPastedWithALineBreakBehindIt) {
  const SessionSettings pasted = Good({{"API_URL", "https://a.example/v1\n"},
                                       {"AUTH_URL", " https://b.example/r\r\n"},
                                       {"CLIENT_ID", "c\n"},
                                       {"USERNAME", "u\n"},
                                       {"PASSWORD", " p \n"},
                                       {"ACCESS_TOKEN", "\ta\r\n"},
                                       {"REFRESH_TOKEN", "r\n\n"}});
  EXPECT_EQ(pasted.api_url, "https://a.example/v1");
  EXPECT_EQ(pasted.auth_url, "https://b.example/r");
  EXPECT_EQ(pasted.client_id, "c");
  EXPECT_EQ(pasted.username, "u");
  EXPECT_EQ(pasted.password, Secret(" p "));
  EXPECT_EQ(pasted.access_token, Secret("a"));
  EXPECT_EQ(pasted.refresh_token, Secret("r"));
}

TEST_F(SettingsTest, TakeATokenWithItsScheme) {
  for (const char* text : {"ey.x", "Bearer ey.x", "bearer ey.x", "BEARER   ey.x\n"}) {
    EXPECT_EQ(Good({{"ACCESS_TOKEN", text}}).access_token, Secret("ey.x")) << text;
    EXPECT_EQ(Good({{"REFRESH_TOKEN", text}}).refresh_token, Secret("ey.x")) << text;
    Configure("GDAL_HTTP_BEARER", text);
    EXPECT_EQ(Good({}).access_token, Secret("ey.x")) << text;
    CPLSetConfigOption("GDAL_HTTP_BEARER", nullptr);
  }
  EXPECT_EQ(Good({{"ACCESS_TOKEN", "Bearerish"}}).access_token, Secret("Bearerish"));
}

TEST_F(SettingsTest, TakeAPasswordThatIsGivenNearerForTheUserWhoIsNamedFartherAway) {
  Configure("S2C_USERNAME", "me");
  Configure("S2C_TOKENFILE", "/x/token.json");
  Configure("S2C_ACCESS_TOKEN", "a");
  Configure("S2C_REFRESH_TOKEN", "r");
  for (const char* option : {"PASSWORD", "PASSWORD_FILE"}) {
    const SessionSettings settings = Good({{option, "/p"}});
    EXPECT_EQ(settings.username, "me");
    EXPECT_EQ(settings.token_file, "") << "whose password did not bring that";
    EXPECT_TRUE(settings.access_token.empty());
    EXPECT_TRUE(settings.refresh_token.empty());
  }
  Configure("S2C_USERNAME", "");
  EXPECT_EQ(Good({{"PASSWORD", "p"}}).token_file, "/x/token.json") << "nobody logs in by it";
}

TEST_F(SettingsTest, GiveUpARequestAfterSomeTimeWithoutAByte) {
  const auto times = [](const SessionSettings& settings) {
    const ConnectionSettings& connection = settings.connection;
    return std::tuple(connection.timeout, connection.low_speed_limit, connection.low_speed_time);
  };
  EXPECT_EQ(times(Good({})), std::tuple(0.0, 10L, 30L));
  EXPECT_EQ(times(Good({{"TIMEOUT", "5.2"}})), std::tuple(0.0, 10L, 6L));
  EXPECT_EQ(times(Good({{"TIMEOUT", "0"}})), std::tuple(0.0, 10L, 0L)) << "never";
  Configure("GDAL_HTTP_LOW_SPEED_TIME", "90");
  EXPECT_EQ(times(Good({})), std::tuple(0.0, 10L, 90L));
  Configure("GDAL_HTTP_LOW_SPEED_LIMIT", "1000");
  EXPECT_EQ(times(Good({})), std::tuple(0.0, 1000L, 90L));
  Configure("GDAL_HTTP_TIMEOUT", "300");
  EXPECT_EQ(times(Good({})), std::tuple(300.0, 1000L, 90L)) << "the whole request";
  EXPECT_EQ(times(Good({{"TIMEOUT", "5"}})), std::tuple(0.0, 10L, 5L)) << "ours come first";
}

TEST_F(SettingsTest, CountOfGdalsTimeoutTheWholeRequestAlone) {
  Configure("GDAL_HTTP_TIMEOUT", "300");
  EXPECT_EQ(Good({}).connection.timeout, 300);
  EXPECT_EQ(Good({}).connection.low_speed_time, 0);
}

TEST_F(SettingsTest, TrustTheSystemsAuthoritiesWhereGdalsOptionSaysSo) {
  EXPECT_FALSE(Good({}).connection.native_ca);
  Configure("GDAL_HTTP_USE_CAPI_STORE", "YES");
  EXPECT_TRUE(Good({}).connection.native_ca);
  Configure("GDAL_HTTP_USE_CAPI_STORE", "NO");
  EXPECT_FALSE(Good({}).connection.native_ca);
}

TEST_F(SettingsTest, TellAnEmptyPasswordFromNone) {
  EXPECT_EQ(Good({{"USERNAME", "me"}}).password, std::nullopt);
  EXPECT_EQ(Good({{"USERNAME", "me"}, {"PASSWORD", ""}}).password, Secret());
}

TEST_F(SettingsTest, FindFilesBelowTheHomeFolder) {
  const TemporaryFolder home;
  const EnvironmentVariable variable(kHomeVariable, home.path());
  const SessionSettings settings = Good({{"TOKENFILE", "~/t.json"},
                                         {"USERNAME", "u"},
                                         {"PASSWORD_FILE", "~/p"},
                                         {"TOKEN_CACHE", "~/c"}});
  EXPECT_EQ(settings.token_file, home / "t.json");
  EXPECT_EQ(settings.password_file, home / "p");
  EXPECT_EQ(settings.token_cache,
            std::filesystem::absolute(std::filesystem::u8path(home / "c")).u8string());
  const EnvironmentVariable nowhere(kHomeVariable, ".");
  EXPECT_THAT(ErrorOf(Read({{"TOKENFILE", "~/t.json"}})),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("S2C_TOKENFILE is '~/t.json'")));
  EXPECT_THAT(ErrorOf(Read({{"USERNAME", "u"}, {"PASSWORD_FILE", "~/p"}})),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("S2C_PASSWORD_FILE is '~/p'")));
  EXPECT_EQ(Good({{"TOKEN_CACHE", "~/c"}}).token_cache, "");
}

TEST_F(SettingsTest, OfARasterAreLookedUpAsTheOthers) {
  const auto read = [](const char* option) {
    CPLStringList options;
    if (option) options.AddString(option);
    return ReadRasterSettings("/vsis2c/7/", options.List());
  };
  EXPECT_FALSE(read(nullptr)->native_crs);
  EXPECT_EQ(read(nullptr)->gtiff_options.size(), 0);
  for (const char* yes : {"NATIVE_CRS=YES", "NATIVE_CRS=true", "NATIVE_CRS= on ", "NATIVE_CRS=1"})
    EXPECT_TRUE(read(yes)->native_crs) << yes;
  for (const char* no : {"NATIVE_CRS=NO", "NATIVE_CRS=False", "NATIVE_CRS=0"})
    EXPECT_FALSE(read(no)->native_crs) << no;
  EXPECT_THAT(ErrorOf(read("NATIVE_CRS=3035")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("S2C_NATIVE_CRS is '3035'")));
  Configure("S2C_NATIVE_CRS", "YES");
  EXPECT_TRUE(read(nullptr)->native_crs);
  EXPECT_FALSE(read("NATIVE_CRS=NO")->native_crs);
}

TEST_F(SettingsTest, HandOnGtiffsOptionsWhichLooksUpGdalsItself) {
  Configure("GDAL_NUM_THREADS", "3");
  Configure("S2C_GEOREF_SOURCES", "NONE");
  const auto settings = ReadRasterSettings("/vsis2c/7/", nullptr);
  ASSERT_EQ(MessageOf(settings), "");
  EXPECT_EQ(settings->gtiff_options.size(), 1);
  EXPECT_STREQ(settings->gtiff_options.FetchNameValue("GEOREF_SOURCES"), "NONE");
}

}  // namespace
}  // namespace s2c
