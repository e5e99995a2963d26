// SPDX-License-Identifier: MIT
#include "client/api/resources.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/unit/support/documents.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing_support::MakeJson;
using testing_support::Resource;

std::vector<Output> OutputsOf(const std::string& json) { return ReadOutputs(*MakeJson(json)); }

// The only output of an array that holds this object.
Output OutputOf(const std::string& object) {
  const auto outputs = OutputsOf("[" + object + "]");
  EXPECT_THAT(outputs, SizeIs(1)) << object;
  return outputs.empty() ? Output() : outputs.front();
}

TEST(ReadOutputs, OfNothingInAnyFormIsNothing) {
  for (const char* json : {"null", R"("")", R"("[]")", "[]", R"("null")", R"(" ")"})
    EXPECT_THAT(OutputsOf(json), IsEmpty()) << json;
}

TEST(ReadOutputs, TakesAnArrayAndAStringThatHoldsOne) {
  for (const char* json :
       {R"([{"name": "a"}, {"name": "b"}])", R"("[{\"name\": \"a\"}, {\"name\": \"b\"}]")"}) {
    const auto outputs = OutputsOf(json);
    ASSERT_THAT(outputs, SizeIs(2)) << json;
    EXPECT_EQ(outputs[0].name, "a");
    EXPECT_EQ(outputs[1].name, "b");
  }
}

TEST(ReadOutputs, LeavesOutWhatIsNoOutput) {
  for (const char* json : {"{}", R"({"name": "a"})", "5", "true", R"("x")", R"("{}")", R"("[")",
                           R"([null, 1, "a", [], {}])", R"([{"name": ""}, {"name": null}])",
                           R"([{"name": {"a": 1}}])", R"("\"[]\"")"})
    EXPECT_THAT(OutputsOf(json), IsEmpty()) << json;
}

TEST(ReadOutputs, SurvivesAnArrayThatIsNestedForEver) {
  std::string deep = "[{\"name\":\"a\",\"x\":";
  for (int i = 0; i < 100000; ++i) deep += "[";
  EXPECT_THAT(OutputsOf("\"" + std::string(100000, '[') + "\""), IsEmpty());
  std::string quoted;
  for (const char c : deep) quoted += c == '"' ? "\\\"" : std::string(1, c);
  EXPECT_THAT(OutputsOf("\"" + quoted + "\""), IsEmpty());
}

TEST(ReadOutputs, ReadsAGeotiffAsTheServiceDescribesIt) {
  const Output output = OutputOf(
      R"({"name": "Cloud_free_composite", "inference_id": 8343, "value_type": "numerical",
          "value_range": [330.0, 2611.5], "band_value_ranges": [[330, 1000], [400, 2000]],
          "dims": ["band", "y", "x"], "file_type": "geotiff", "vis_type": "composite",
          "data": "/output/sen2cube/me/Cloud_free_composite_id8343_4326.tiff",
          "bytes": 2037934})");
  EXPECT_EQ(output.name, "Cloud_free_composite");
  EXPECT_EQ(output.value_type, "numerical");
  EXPECT_EQ(output.file_type, "geotiff");
  EXPECT_EQ(output.vis_type, "composite");
  EXPECT_EQ(output.data, "/output/sen2cube/me/Cloud_free_composite_id8343_4326.tiff");
  EXPECT_EQ(output.bytes, 2037934U);
  EXPECT_THAT(output.dims, ElementsAre("band", "y", "x"));
  EXPECT_EQ(output.value_range, ValueRange(330.0, 2611.5));
  EXPECT_THAT(output.band_value_ranges,
              ElementsAre(ValueRange(330.0, 1000.0), ValueRange(400.0, 2000.0)));
  EXPECT_THAT(output.other, ElementsAre(Pair("inference_id", "8343")));
}

TEST(ReadOutputs, HasNothingForWhatIsAbsent) {
  const Output output = OutputOf(R"({"name": "a"})");
  EXPECT_FALSE(output.value_type);
  EXPECT_FALSE(output.file_type);
  EXPECT_FALSE(output.vis_type);
  EXPECT_FALSE(output.data);
  EXPECT_FALSE(output.bytes);
  EXPECT_FALSE(output.value_range);
  EXPECT_THAT(output.dims, IsEmpty());
  EXPECT_THAT(output.band_value_ranges, IsEmpty());
  EXPECT_THAT(output.other, IsEmpty());
}

TEST(ReadOutputs, HasNothingForWhatIsOfAWrongType) {
  const Output output = OutputOf(
      R"({"name": "a", "value_type": ["x"], "file_type": {}, "vis_type": null, "data": [],
          "bytes": "many", "dims": "band", "value_range": {"min": 1}, "band_value_ranges": 7})");
  EXPECT_FALSE(output.value_type);
  EXPECT_FALSE(output.file_type);
  EXPECT_FALSE(output.vis_type);
  EXPECT_FALSE(output.data);
  EXPECT_FALSE(output.bytes);
  EXPECT_FALSE(output.value_range);
  EXPECT_THAT(output.dims, IsEmpty());
  EXPECT_THAT(output.band_value_ranges, IsEmpty());
}

TEST(ReadOutputs, TakesBytesAsNumberOrText) {
  EXPECT_EQ(OutputOf(R"({"name": "a", "bytes": 0})").bytes, 0U);
  EXPECT_EQ(OutputOf(R"({"name": "a", "bytes": "2037934"})").bytes, 2037934U);
  EXPECT_EQ(OutputOf(R"({"name": "a", "bytes": 2037934.0})").bytes, 2037934U);
  EXPECT_EQ(OutputOf(R"({"name": "a", "bytes": 6000000000})").bytes, 6000000000U);
}

TEST(ReadOutputs, TakesNoImpossibleBytes) {
  for (const char* bytes : {"-1", "NaN", "Infinity", "1e30", "18446744073709551615", "null"})
    EXPECT_FALSE(OutputOf(R"({"name": "a", "bytes": )" + std::string(bytes) + "}").bytes) << bytes;
}

TEST(ReadOutputs, TakesARangeOfTwoNumbersInOrder) {
  const auto range = [](const std::string& json) {
    return OutputOf(R"({"name": "a", "value_range": )" + json + "}").value_range;
  };
  EXPECT_EQ(range("[1, 2.5]"), ValueRange(1, 2.5));
  EXPECT_EQ(range("[3, 3]"), ValueRange(3, 3));
  EXPECT_EQ(range(R"(["1", "2"])"), ValueRange(1, 2));
  for (const char* bad :
       {"[2, 1]", "[null, 1]", "[1, null]", "[null, null]", "[NaN, 1]", "[1, NaN]", "[NaN, NaN]",
        "[1]", "[1, 2, 3]", "[]", "null", "\"1,2\"", "[[1, 2]]", R"(["nan", "1"])"})
    EXPECT_FALSE(range(bad)) << bad;
}

TEST(ReadOutputs, KeepsThePlaceOfABandWhoseRangeIsUnknown) {
  const Output output =
      OutputOf(R"({"name": "a", "band_value_ranges": [[0, 1], null, [5, 2], [NaN, 1], [2, 3]]})");
  EXPECT_THAT(output.band_value_ranges, ElementsAre(ValueRange(0, 1), std::nullopt, std::nullopt,
                                                    std::nullopt, ValueRange(2, 3)));
}

TEST(ReadOutputs, KeepsUnknownKeysAsTextOrJson) {
  const Output output = OutputOf(
      R"({"name": "a", "x-axis": "time", "lines": ["a", "b"], "new": 7, "old": null, "y": true})");
  EXPECT_THAT(output.other, ElementsAre(Pair("x-axis", "time"), Pair("lines", R"(["a","b"])"),
                                        Pair("new", "7"), Pair("y", "true")));
}

TEST(ReadOutputs, TakesANumberForAName) { EXPECT_EQ(OutputOf(R"({"name": 2021})").name, "2021"); }

TEST(ReadOutputs, NamesAnOutputWithoutANameAsItsFile) {
  EXPECT_EQ(OutputOf(R"({"data": "/output/p/o/water%20count_id7.x.tiff"})").name,
            "water count_id7.x");
  EXPECT_EQ(OutputOf(R"({"name": "", "data": "/output/.hidden"})").name, ".hidden");
  EXPECT_EQ(OutputOf(R"({"name": null, "data": "plain"})").name, "plain");
}

TEST(ReadOutputs, LeavesOutAnOutputWithNeitherNameNorFile) {
  EXPECT_THAT(ReadOutputs(*MakeJson(R"([{"file_type": "csv"}, {"data": "/output/"}, {}])")),
              IsEmpty());
}

TEST(ReadOutputs, HasNoNulInAName) { EXPECT_EQ(OutputOf(R"({"name": "a\u0000b"})").name, "a?b"); }

TEST(Output, IsRasterByItsFileType) {
  Output output;
  output.data = "/output/x.csv";
  output.file_type = "GeoTIFF";
  EXPECT_TRUE(output.IsRaster());
  output.data = "/output/x.tiff";
  output.file_type = "csv";
  EXPECT_FALSE(output.IsRaster());
}

TEST(Output, IsRasterByItsExtensionWhereNoTypeIsGiven) {
  for (const char* data : {"/output/x.tif", "/output/x.TIFF"}) {
    Output output;
    output.data = data;
    EXPECT_TRUE(output.IsRaster()) << data;
  }
  for (const char* data : {"/output/x.csv", "/output/x", "/output/x.tiff.zip", "/output.tiff/x"}) {
    Output output;
    output.data = data;
    EXPECT_FALSE(output.IsRaster()) << data;
  }
  EXPECT_FALSE(Output().IsRaster());
}

TEST(Output, IsTableByItsFileTypeAndByItsExtensionWhereNoTypeIsGiven) {
  EXPECT_TRUE(OutputOf(R"({"name": "a", "file_type": "CSV", "data": "/x.tiff"})").IsTable());
  EXPECT_FALSE(OutputOf(R"({"name": "a", "file_type": "geotiff", "data": "/x.csv"})").IsTable());
  EXPECT_TRUE(OutputOf(R"({"name": "a", "data": "/x.CSV"})").IsTable());
  EXPECT_FALSE(OutputOf(R"({"name": "a", "data": "/csv"})").IsTable());
}

TEST(Output, HasTheExtensionOfTheServersFile) {
  const auto extension = [](const std::string& data) {
    Output output;
    output.data = data;
    output.file_type = "geotiff";
    return output.Extension();
  };
  EXPECT_EQ(extension("/output/x_id1_3035.tiff"), ".tiff");
  EXPECT_EQ(extension("/output/x.TIF"), ".TIF");
  EXPECT_EQ(extension("/output/x.tar.gz"), ".gz");
  EXPECT_EQ(extension("/output/x%2Ecsv"), ".csv");
  EXPECT_EQ(extension("x.csv"), ".csv");
}

TEST(Output, HasTheExtensionOfItsTypeWhereTheFileHasNone) {
  const auto extension = [](const Text& data, const Text& type) {
    Output output;
    output.data = data;
    output.file_type = type;
    return output.Extension();
  };
  for (const char* data : {"/output/x", "/output.d/x", "/output/x.", "/output/.hidden",
                           "/output/a. long sentence", "/output/"}) {
    EXPECT_EQ(extension(data, "geotiff"), ".tiff") << data;
    EXPECT_EQ(extension(data, "CSV"), ".csv") << data;
    EXPECT_EQ(extension(data, "netcdf"), "") << data;
    EXPECT_EQ(extension(data, std::nullopt), "") << data;
  }
  EXPECT_EQ(extension(std::nullopt, "csv"), ".csv");
}

TEST(Output, ServerFileNameIsTheLastPartDecoded) {
  const auto name = [](const Text& data) {
    Output output;
    output.data = data;
    return output.ServerFileName();
  };
  EXPECT_EQ(name("/output/p/o/green%20spaces_id1.csv"), "green spaces_id1.csv");
  EXPECT_EQ(name("x.tiff"), "x.tiff");
  EXPECT_EQ(name("/output/"), "");
  EXPECT_EQ(name(std::nullopt), "");
}

TEST(Output, HasAPlaceForTheNativeFileWhereACopyInEpsg4326IsNamed) {
  const auto native = [](const Text& data, const char* type) {
    Output output;
    output.data = data;
    output.file_type = type;
    return output.NativeData().value_or("(none)");
  };
  EXPECT_EQ(native("/o/a_4326_id1_4326.tiff", "geotiff"), "/o/a_4326_id1_3035.tiff");
  EXPECT_EQ(native("a_4326.TIF", "geotiff"), "a_3035.TIF");
  for (const char* other : {"/o/a_id1_3035.tiff", "/o/a_4326_id1.tiff", "/o_4326/a.tiff",
                            "4326.tiff", "/o/a_4326", ".tiff", ""})
    EXPECT_EQ(native(other, "geotiff"), "(none)") << other;
  EXPECT_EQ(native("/o/a_4326.csv", "csv"), "(none)");
  EXPECT_EQ(native(std::nullopt, "geotiff"), "(none)");
}

constexpr const char* kInference = R"({
  "type": "inference", "id": 10424,
  "attributes": {"owner": "me", "comment": " ", "status": "SUCCEEDED",
    "status_message": "The inference was successfully processed", "status_progress": null,
    "timestamp_created": "2021-07-25T20:46:20.449208+00:00",
    "timestamp_started": "2021-07-25T20:46:19.9+00:00",
    "timestamp_finished": "2021-07-25T20:47:22+00:00",
    "temp_range_start": "2020-08-01T00:00:00+00:00", "temp_range_end": "2020-08-31T23:59:59+00:00",
    "output_scale_factor": 1, "favourite": false,
    "qgis_project_location": "/output/sen2cube/me/qgis-project-id10424.zip",
    "output": "[{\"name\": \"a\"}]"},
  "relationships": {
    "factbase": {"data": {"type": "factbase", "id": "1"}},
    "knowledgebase": {"data": {"type": "knowledgebase", "id": 218}}}})";

TEST(ReadInference, ReadsEveryAttribute) {
  const auto inference = ReadInference(*MakeJson(kInference));
  ASSERT_TRUE(inference);
  EXPECT_EQ(inference->id, 10424);
  EXPECT_EQ(inference->owner, "me");
  EXPECT_EQ(inference->comment, " ");
  EXPECT_EQ(inference->status, "SUCCEEDED");
  EXPECT_EQ(inference->status_message, "The inference was successfully processed");
  EXPECT_EQ(inference->timestamp_created, "2021-07-25T20:46:20.449208+00:00");
  EXPECT_EQ(inference->timestamp_started, "2021-07-25T20:46:19.9+00:00");
  EXPECT_EQ(inference->timestamp_finished, "2021-07-25T20:47:22+00:00");
  EXPECT_EQ(inference->temp_range_start, "2020-08-01T00:00:00+00:00");
  EXPECT_EQ(inference->temp_range_end, "2020-08-31T23:59:59+00:00");
  EXPECT_EQ(inference->output_scale_factor, "1");
  EXPECT_EQ(inference->qgis_project_location, "/output/sen2cube/me/qgis-project-id10424.zip");
  EXPECT_EQ(inference->factbase_id, 1);
  EXPECT_EQ(inference->knowledgebase_id, 218);
  ASSERT_THAT(inference->outputs, SizeIs(1));
  EXPECT_EQ(inference->outputs[0].name, "a");
}

TEST(ReadInference, TakesIdsAsNumberOrText) {
  EXPECT_EQ(ReadInference(*MakeJson(Resource("inference", "7", "{}")))->id, 7);
  EXPECT_EQ(ReadInference(*MakeJson(Resource("inference", "\"7\"", "{}")))->id, 7);
}

TEST(ReadInference, NeedsNoAttribute) {
  const auto inference = ReadInference(*MakeJson(Resource("inference", "7", "{}")));
  ASSERT_TRUE(inference);
  EXPECT_FALSE(inference->owner || inference->status || inference->timestamp_finished ||
               inference->factbase_id || inference->knowledgebase_id);
  EXPECT_THAT(inference->outputs, IsEmpty());
  EXPECT_FALSE(inference->Succeeded());
}

TEST(ReadInference, LeavesOutAttributesOfAWrongType) {
  const auto inference = ReadInference(*MakeJson(Resource(
      "inference", "7", R"({"owner": ["x"], "status": {}, "comment": null, "output": 5})")));
  ASSERT_TRUE(inference);
  EXPECT_FALSE(inference->owner || inference->status || inference->comment);
  EXPECT_THAT(inference->outputs, IsEmpty());
}

TEST(ReadInference, IsNothingForAnotherResourceOrNone) {
  for (const std::string& json :
       {Resource("factbase", "7", "{}"), Resource("inference", "-7", "{}"),
        Resource("inference", "\"x\"", "{}"), Resource("inference", "null", "{}"),
        std::string(R"({"type": "inference", "id": 7})"), std::string(R"({"id": 7})"),
        std::string(R"({"type": "inference", "attributes": {}})"), std::string("{}"),
        std::string("[]"), std::string("null"), std::string("\"inference\"")})
    EXPECT_FALSE(ReadInference(*MakeJson(json))) << json;
}

TEST(ReadInference, TakesRelationsFromAttributesWhereNothingIsLinked) {
  const auto plain = ReadInference(
      *MakeJson(Resource("inference", "7", R"({"factbase_id": 3, "knowledgebase_id": "218"})")));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->factbase_id, 3);
  EXPECT_EQ(plain->knowledgebase_id, 218);
  // Without `include` flask-rest-jsonapi gives links only.
  const auto links = ReadInference(*MakeJson(
      R"({"type": "inference", "id": 7, "attributes": {},
          "relationships": {"factbase": {"links": {"self": "/x"}}, "knowledgebase": null}})"));
  ASSERT_TRUE(links);
  EXPECT_FALSE(links->factbase_id || links->knowledgebase_id);
}

TEST(Inference, HasSucceededInOneStateOnly) {
  Inference inference;
  for (const char* status : {"CREATED", "SCHEDULED", "STARTED", "FAILED", "ABORTED", "OFFLINE", "",
                             "succeeded", "SUCCESS"}) {
    inference.status = status;
    EXPECT_FALSE(inference.Succeeded()) << status;
  }
  inference.status = "SUCCEEDED";
  EXPECT_TRUE(inference.Succeeded());
}

TEST(ReadFactbase, ReadsWhatIsNeeded) {
  const auto factbase = ReadFactbase(
      *MakeJson(Resource("factbase", "1", R"({"title": "Austria", "uri": "https://demo.sen2cube.at",
                           "sensor": "sentinel-2", "layout": {}, "resolution": [10.0, 10.0]})")));
  ASSERT_TRUE(factbase);
  EXPECT_EQ(factbase->id, 1);
  EXPECT_EQ(factbase->title, "Austria");
  EXPECT_EQ(factbase->uri, "https://demo.sen2cube.at");
  EXPECT_EQ(factbase->sensor, "sentinel-2");
  EXPECT_FALSE(ReadFactbase(*MakeJson(Resource("factbase", "1", "{}")))->uri);
  EXPECT_FALSE(ReadFactbase(*MakeJson(Resource("inference", "1", "{}"))));
  EXPECT_FALSE(ReadFactbase(*MakeJson(Resource("factbase", "null", "{}"))));
}

TEST(ReadKnowledgebase, ReadsWhatIsNeeded) {
  const auto knowledgebase =
      ReadKnowledgebase(*MakeJson(Resource("knowledgebase", "\"218\"", R"({"title": "Water"})")));
  ASSERT_TRUE(knowledgebase);
  EXPECT_EQ(knowledgebase->id, 218);
  EXPECT_EQ(knowledgebase->title, "Water");
  EXPECT_FALSE(ReadKnowledgebase(*MakeJson(Resource("factbase", "1", "{}"))));
}

}  // namespace
}  // namespace s2c
