// SPDX-License-Identifier: MIT
#include "vsi/directory.h"

#include <gmock/gmock.h>

#include "client/base/text.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using Kind = DirectoryEntry::Kind;

Output MakeOutput(const std::string& name, const Text& data,
                  std::optional<std::uint64_t> bytes = std::nullopt) {
  Output output;
  output.name = name;
  output.data = data;
  output.bytes = bytes;
  return output;
}

ResolvedInference With(const std::vector<Output>& outputs, const Text& project = std::nullopt) {
  ResolvedInference resolved;
  resolved.inference.id = 7;
  resolved.inference.status = "SUCCEEDED";
  resolved.inference.outputs = outputs;
  resolved.inference.qgis_project_location = project;
  return resolved;
}

std::vector<std::string> Names(const ResolvedInference& resolved) {
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : ListDirectory(resolved)) names.push_back(entry.name);
  return names;
}

// "output 1", "project", "document" or "nothing".
std::string Found(const ResolvedInference& resolved, const std::string& name) {
  const auto entry = FindEntry(resolved, name);
  if (!entry) return "nothing";
  if (entry->kind == Kind::kProject) return "project";
  if (entry->kind == Kind::kDocument) return "document";
  return "output " + std::to_string(entry->output);
}

TEST(ListDirectory, HasOutputsProjectAndDocument) {
  const auto resolved = With({MakeOutput("composite", "/output/p/o/composite_id7_3035.tiff", 99),
                              MakeOutput("series", "/output/p/o/series_id7.csv")},
                             "/output/p/o/qgis-project-id7.zip");
  const auto entries = ListDirectory(resolved);
  EXPECT_THAT(Names(resolved), ElementsAre("composite.tiff", "series.csv", "qgis-project-id7.zip",
                                           "inference.json"));
  EXPECT_EQ(entries[0].kind, Kind::kOutput);
  EXPECT_EQ(entries[0].output, 0U);
  EXPECT_EQ(entries[0].size, 99U);
  EXPECT_EQ(entries[1].output, 1U);
  EXPECT_FALSE(entries[1].size);
  EXPECT_EQ(entries[2].kind, Kind::kProject);
  EXPECT_EQ(entries[3].kind, Kind::kDocument);
}

TEST(ListDirectory, HasTheDocumentAloneWithoutValidResults) {
  auto resolved = With({MakeOutput("stale", "/output/stale.tiff")}, "/output/project.zip");
  for (const Text& status :
       {Text("CREATED"), Text("STARTED"), Text("FAILED"), Text("ABORTED"), Text()}) {
    resolved.inference.status = status;
    EXPECT_THAT(Names(resolved), ElementsAre("inference.json"));
  }
}

TEST(ListDirectory, EncodesWhatAFileNameCannotHold) {
  EXPECT_THAT(
      Names(With({MakeOutput("a/b: 50% \"x\"?", "/output/a.tiff"), MakeOutput("..", "/output/b"),
                  MakeOutput("Gr\xC3\xBCn", "/o/c.csv")})),
      ElementsAre("a%2Fb%3A 50%25 %22x%22%3F.tiff", "%2E%2E", "Gr\xC3\xBCn.csv", "inference.json"));
}

TEST(ListDirectory, EncodesTheServersExtensionAndProjectToo) {
  const auto names =
      Names(With({MakeOutput("a", "/output/a.t%2Ff")}, "/output/qgis%2F..%2F%00x.zip"));
  EXPECT_THAT(names, ElementsAre("a.t%2Ff", "qgis%2F..%2F%00x.zip", "inference.json"));
}

TEST(ListDirectory, LeavesOutWhatHasNoFile) {
  const auto resolved = With({MakeOutput("a", std::nullopt), MakeOutput("a", "/o/2.tiff")});
  EXPECT_THAT(Names(resolved), ElementsAre("a.tiff", "inference.json"));
  EXPECT_EQ(Found(resolved, "a.tiff"), "output 1");
}

TEST(ListDirectory, FindsWhatHasNoFileSoThatItsOpeningSaysWhy) {
  EXPECT_EQ(Found(With({MakeOutput("series", std::nullopt)}), "series"), "output 0");
}

TEST(ListDirectory, GivesNoNameTwice) {
  EXPECT_THAT(Names(With({MakeOutput("a", "/o/1.tiff"), MakeOutput("a", "/o/2.tiff"),
                          MakeOutput("a", "/o/3.csv"), MakeOutput("a", "/o/4.tiff")})),
              ElementsAre("a.tiff", "a (2).tiff", "a.csv", "a (3).tiff", "inference.json"));
}

TEST(ListDirectory, GivesNoNameThatDiffersInCaseOnly) {
  EXPECT_THAT(Names(With({MakeOutput("Water", "/o/1.tiff"), MakeOutput("water", "/o/2.TIFF")})),
              ElementsAre("Water.tiff", "water (2).TIFF", "inference.json"));
}

TEST(ListDirectory, GivesNoNameThatACopyHasAlready) {
  const auto names = Names(With({MakeOutput("a", "/o/1.tiff"), MakeOutput("a (2)", "/o/2.tiff"),
                                 MakeOutput("a", "/o/3.tiff")}));
  EXPECT_THAT(names, ElementsAre("a.tiff", "a (2).tiff", "a (3).tiff", "inference.json"));
}

TEST(ListDirectory, KeepsTheNameOfTheDocument) {
  const auto resolved = With({MakeOutput("inference", "/o/1.json")}, "/output/Inference.JSON");
  EXPECT_THAT(Names(resolved),
              ElementsAre("inference (2).json", "Inference (3).JSON", "inference.json"));
  EXPECT_EQ(Found(resolved, "inference.json"), "document");
}

TEST(FindEntry, TakesEveryListedName) {
  const auto resolved = With({MakeOutput("a/b", "/o/1.tiff"), MakeOutput("a", "/o/2.tiff"),
                              MakeOutput("a", "/o/3.tiff"), MakeOutput("A", "/o/4.tiff")},
                             "/o/qgis.zip");
  for (const DirectoryEntry& entry : ListDirectory(resolved)) {
    const auto found = FindEntry(resolved, entry.name);
    ASSERT_TRUE(found) << entry.name;
    EXPECT_EQ(found->kind, entry.kind);
    EXPECT_EQ(found->output, entry.output);
  }
}

TEST(FindEntry, TakesTheNameWithItsExtensionNotEncoded) {
  EXPECT_EQ(Found(With({MakeOutput("x", "/o/1.tiff"), MakeOutput("50% a:b", "/o/2.tiff")}),
                  "50% a:b.tiff"),
            "output 1");
}

TEST(FindEntry, TakesTheServersOwnName) {
  const auto resolved = With({MakeOutput("x", "/output/p/o/x_id7_3035.tiff"),
                              MakeOutput("green spaces", "/output/green%20spaces_id7.csv")});
  EXPECT_EQ(Found(resolved, "x_id7_3035.tiff"), "output 0");
  EXPECT_EQ(Found(resolved, "green spaces_id7.csv"), "output 1");
}

TEST(FindEntry, TakesTheNameWithoutAnExtension) {
  const auto resolved = With({MakeOutput("x", "/o/1.tiff"), MakeOutput("a:b", "/o/2.csv")});
  EXPECT_EQ(Found(resolved, "x"), "output 0");
  EXPECT_EQ(Found(resolved, "a:b"), "output 1");
  EXPECT_EQ(Found(resolved, "a%3Ab"), "output 1");
}

TEST(FindEntry, TakesNoServersNameThatFitsTwice) {
  const auto resolved =
      With({MakeOutput("x", "/one/same.tiff"), MakeOutput("y", "/two/same.tiff")});
  EXPECT_EQ(Found(resolved, "same.tiff"), "nothing");
  EXPECT_EQ(Found(resolved, "x.tiff"), "output 0");
}

TEST(FindEntry, TakesNoNameWithoutExtensionThatFitsTwice) {
  const auto resolved = With({MakeOutput("x", "/o/1.tiff"), MakeOutput("x", "/o/2.csv")});
  EXPECT_EQ(Found(resolved, "x"), "nothing");
  EXPECT_EQ(Found(resolved, "x.csv"), "output 1");
}

TEST(FindEntry, PrefersAListedName) {
  // The server's file of the first output is called as the second is listed.
  const auto resolved = With({MakeOutput("a", "/o/b.tiff"), MakeOutput("b", "/o/c.tiff")});
  EXPECT_EQ(Found(resolved, "b.tiff"), "output 1");
}

TEST(FindEntry, TellsCaseApart) {
  EXPECT_EQ(Found(With({MakeOutput("x", "/o/1.tiff")}), "X.tiff"), "nothing");
}

TEST(FindEntry, IsNothingForWhatIsNotThere) {
  const auto resolved = With({MakeOutput("x", "/o/1.tiff")}, "/o/qgis.zip");
  for (const char* name : {"", "y", "x.tif", "x.tiff.aux.xml", "x.tiff.ovr", "qgis", ".", ".."})
    EXPECT_EQ(Found(resolved, name), "nothing") << name;
}

TEST(FindEntry, FindsNoStaleOutput) {
  auto resolved = With({MakeOutput("x", "/o/1.tiff")});
  resolved.inference.status = "STARTED";
  EXPECT_EQ(Found(resolved, "x.tiff"), "nothing");
  EXPECT_EQ(Found(resolved, "inference.json"), "document");
}

TEST(ListedName, IsThatOfTheOutput) {
  const auto resolved = With({MakeOutput("a", "/o/1.tiff"), MakeOutput("a", "/o/2.tiff")});
  EXPECT_EQ(ListedName(resolved, 0), "a.tiff");
  EXPECT_EQ(ListedName(resolved, 1), "a (2).tiff");
  EXPECT_EQ(ListedName(resolved, 2), "");
}

TEST(ProjectFileName, IsTheLastPartDecoded) {
  Inference inference;
  EXPECT_EQ(ProjectFileName(inference), "");
  inference.qgis_project_location = "/output/p/an%20owner/qgis%20project.zip";
  EXPECT_EQ(ProjectFileName(inference), "qgis project.zip");
  inference.qgis_project_location = "qgis.zip";
  EXPECT_EQ(ProjectFileName(inference), "qgis.zip");
}

TEST(UnixTime, TakesUtcAndOffsets) {
  EXPECT_EQ(UnixTime("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(UnixTime("2021-07-25T20:46:20+00:00"), 1627245980);
  EXPECT_EQ(UnixTime("2021-07-25T22:46:20+02:00"), 1627245980);
  EXPECT_EQ(UnixTime("2021-07-25T15:16:20-05:30"), 1627245980);
  EXPECT_EQ(UnixTime("2021-07-25T20:16:20-00:30"), 1627245980);
  EXPECT_EQ(UnixTime("2021-07-25 20:46:20"), 1627245980) << "without an offset it is UTC";
}

TEST(UnixTime, TakesAnOffsetInEveryForm) {
  EXPECT_EQ(UnixTime("2021-07-26T02:16:20+0530"), 1627245980);
  EXPECT_EQ(UnixTime("2021-07-25T22:46:20+02"), 1627245980);
}

TEST(UnixTime, DropsFractionsOfASecond) {
  EXPECT_EQ(UnixTime("2021-07-25T20:46:20.999999+00:00"), 1627245980);
  EXPECT_EQ(UnixTime("2021-07-25T22:46:20.4+02:00"), 1627245980);
  EXPECT_EQ(UnixTime("2021-07-25T22:46:20,4+02:00"), 1627245980);
}

TEST(UnixTime, SurvivesAFractionWithoutEnd) {
  // Whichever it makes of it: libstdc++'s std::regex recurses for every character.
  const auto time = UnixTime("2021-07-25T20:46:20." + std::string(1000000, '9') + "Z");
  EXPECT_TRUE(!time || *time == 1627245980);
}

TEST(UnixTime, KnowsLeapYearsAndTimesBefore1970) {
  EXPECT_EQ(UnixTime("2000-02-29T00:00:00Z"), 951782400);
  EXPECT_EQ(UnixTime("2024-03-01T00:00:00Z"), 1709251200);
  EXPECT_EQ(UnixTime("2100-03-01T00:00:00Z"), 4107542400);
  EXPECT_EQ(UnixTime("1969-12-31T23:59:59Z"), -1);
}

TEST(UnixTime, IsNothingForWhatIsNoTime) {
  EXPECT_FALSE(UnixTime(std::nullopt));
  for (const char* text : {"", "yesterday", "2021-07-25", "2021-07-25T", "2021-13-01T00:00:00Z",
                           "2021-00-01T00:00:00Z", "2021-01-00T00:00:00Z", "2021-01-32T00:00:00Z",
                           "2021-07-25X20:46:20Z", "20210725T204620Z", "null"})
    EXPECT_FALSE(UnixTime(text)) << text;
}

TEST(UnixTime, IsNothingForHoursThatAreNone) {
  for (const char* text : {"2021-07-25T25:00:00Z", "2021-07-25T20:60:00Z", "2021-07-25T20:46:61Z",
                           "2021-07-25T20:-6:00Z", "2021-07-25T20:46:20+99:00"})
    EXPECT_FALSE(UnixTime(text)) << text;
}

TEST(UnixTime, IsNothingForATimeWithMoreBehindIt) {
  for (const char* text : {"2021-07-25T20:46:20 nonsense", "2021-07-25T20:46:20+02:00x",
                           "2021-07-25T20:46:20.1.2Z", "2021-07-25T20:46:20Zx"})
    EXPECT_FALSE(UnixTime(text)) << text;
}

}  // namespace
}  // namespace s2c
