// SPDX-License-Identifier: MIT
#include "client/second_look.h"

#include <gmock/gmock.h>

#include "tests/unit/support/base64.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::Pair;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

const std::string kUser = SecondLook::UserOf(Secret(MakeJwt(R"({"iss": "i", "sub": "s"})")));

class LookingAgain : public testing::Test {
 protected:
  static ResolvedInference Result() {
    ResolvedInference resolved;
    resolved.inference.id = 7;
    resolved.inference.status = "SUCCEEDED";
    resolved.inference.timestamp_finished = "2021-09-27T12:31:32";
    resolved.factbase = Factbase{1, "Austria", "https://demo.example/files", {}};
    Output map;
    map.name = std::string("m\"a\np \xC3\xBC");
    map.file_type = "geotiff";
    map.data = "/output/map.tiff";
    map.bytes = (std::uint64_t{1} << 53) + 1;
    Output table;
    table.name = "table";
    table.data = std::string("/output/a\0b.csv", 15);
    resolved.inference.outputs = {map, table};
    return resolved;
  }
  static FileVersion Version() {
    return {MakeUrl("https://demo.example/output/map.tiff"), 5, "2021", "it"};
  }

  SecondLook Another(const std::string& api) { return {folder_ / "answers", MakeUrl(api)}; }

  TemporaryFolder folder_;
  SecondLook look_{folder_ / "answers", MakeUrl("https://api.demo.example/v1")};
};

TEST(UserOfAToken, IsItsIssuerAndItsSubject) {
  EXPECT_EQ(kUser, R"("i","s")");
  const auto of = [](const char* claims) { return SecondLook::UserOf(Secret(MakeJwt(claims))); };
  EXPECT_NE(of(R"({"iss": "i\",\"s", "sub": "t"})"), of(R"({"iss": "i", "sub": "s\",\"t"})"));
  EXPECT_EQ(of(R"({"iss": "i", "sub": "s", "preferred_username": "me"})"), kUser);
}

TEST(UserOfAToken, IsNobodyWhereItDoesNotSay) {
  for (const char* claims : {"{}", R"({"sub": "s"})", R"({"iss": "i"})", R"({"iss": 1, "sub": ""})",
                             R"({"iss": "i", "preferred_username": "me"})"})
    EXPECT_EQ(SecondLook::UserOf(Secret(MakeJwt(claims))), "") << claims;
  EXPECT_EQ(SecondLook::UserOf(Secret("opaque")), "");
  EXPECT_EQ(SecondLook::UserOf(Secret()), "");
}

TEST_F(LookingAgain, KnowsWhereTheFilesOfAnInferenceAre) {
  look_.KeepInference(kUser, Result());
  const auto found = look_.FindInference(kUser, 7);
  ASSERT_TRUE(found);
  const auto& expected = Result().inference;
  EXPECT_TRUE(found->inference.Succeeded());
  EXPECT_EQ(found->inference.timestamp_finished, expected.timestamp_finished);
  EXPECT_EQ(found->factbase->uri, "https://demo.example/files");
  ASSERT_EQ(found->inference.outputs.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(found->inference.outputs[i].name, expected.outputs[i].name);
    EXPECT_EQ(found->inference.outputs[i].file_type, expected.outputs[i].file_type);
    EXPECT_EQ(found->inference.outputs[i].data, expected.outputs[i].data);
  }
  EXPECT_EQ(found->inference.outputs[1].bytes, std::nullopt);
  EXPECT_EQ(look_.FindFileServer(kUser)->Origin(), "https://demo.example:443");
}

// Where a key leads to is chance: one service in two hundred would have had no second look.
TEST_F(LookingAgain, NothingTakesThePlaceOfWhatIsUsedTogetherWithIt) {
  for (int service = 0; service < 1000; ++service) {
    const SecondLook look = Another("https://demo.example/v" + std::to_string(service));
    look.KeepInference(kUser, Result());
    look.KeepBeginning(kUser, Version(), {"\"v1\"", {}, "II*"});
    std::string last;
    look.UseLastBeginning(kUser, [&](const std::string& bytes) { last = bytes; });
    EXPECT_TRUE(look.FindInference(kUser, 7)) << service;
    EXPECT_TRUE(look.FindBeginning(kUser, Version())) << service;
    EXPECT_TRUE(look.FindFileServer(kUser)) << service;
    EXPECT_EQ(last, "II*") << service;
  }
}

TEST_F(LookingAgain, TellsNobodyElse) {
  look_.KeepInference(kUser, Result());
  look_.KeepBeginning(kUser, Version(), {"\"v1\"", {}, "bytes"});
  const std::string other = SecondLook::UserOf(Secret(MakeJwt(R"({"iss": "i", "sub": "t"})")));
  for (const std::string& user : {other, std::string()}) {
    EXPECT_FALSE(look_.FindInference(user, 7)) << user;
    EXPECT_FALSE(look_.FindBeginning(user, Version())) << user;
    EXPECT_FALSE(look_.FindFileServer(user)) << user;
  }
  const SecondLook elsewhere = Another("https://api.other.example/v1");
  EXPECT_FALSE(elsewhere.FindInference(kUser, 7));
  EXPECT_FALSE(elsewhere.FindBeginning(kUser, Version()));
  EXPECT_FALSE(look_.FindInference(kUser, 8));
  EXPECT_TRUE(Another("https://api.demo.example/v1").FindInference(kUser, 7));
}

TEST_F(LookingAgain, KeepsNothingOfNobody) {
  look_.KeepInference("", Result());
  look_.KeepBeginning("", Version(), {"\"v1\"", {}, "bytes"});
  EXPECT_FALSE(look_.FindInference("", 7));
  EXPECT_EQ(folder_.Names(), "");
}

TEST_F(LookingAgain, ForgetsAnInferenceThatIsRunAgain) {
  look_.KeepInference(kUser, Result());
  ResolvedInference again = Result();
  again.inference.status = "STARTED";
  look_.KeepInference(kUser, again);
  EXPECT_FALSE(look_.FindInference(kUser, 7));
}

TEST_F(LookingAgain, GivesTheFirstBytesOfOneVersionAlone) {
  const KeptBeginning kept{"\"v1\"\nThu, 01 Jul 2021 10:00:00 GMT",
                           {{"etag", "W/\"v1\""}, {"content-type", "image/tiff"}},
                           std::string("a\n\0\xFF\n", 5)};
  look_.KeepBeginning(kUser, Version(), kept);
  const auto found = look_.FindBeginning(kUser, Version());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->validator, kept.validator);
  EXPECT_EQ(found->bytes, kept.bytes);
  EXPECT_THAT(found->headers,
              ElementsAre(Pair("etag", "W/\"v1\""), Pair("content-type", "image/tiff")));
  FileVersion other = Version();
  other.size = 6;
  EXPECT_FALSE(look_.FindBeginning(kUser, other));
  other = Version();
  other.stamp = "2022";
  EXPECT_FALSE(look_.FindBeginning(kUser, other));
  look_.DropBeginning(kUser, Version());
  EXPECT_FALSE(look_.FindBeginning(kUser, Version()));
}

TEST_F(LookingAgain, KeepsNoBytesOfAVersionThatTheApiDoesNotTell) {
  FileVersion without_size = Version();
  without_size.size.reset();
  FileVersion without_stamp = Version();
  without_stamp.stamp.clear();
  for (const FileVersion& version : {without_size, without_stamp}) {
    look_.KeepBeginning(kUser, version, {"\"v1\"", {}, "bytes"});
    EXPECT_FALSE(look_.FindBeginning(kUser, version));
  }
}

}  // namespace
}  // namespace s2c
