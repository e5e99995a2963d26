// SPDX-License-Identifier: MIT
#include "driver/result_metadata.h"

#include <gmock/gmock.h>

namespace s2c {
namespace {

// The item's value; "(absent)" where there is none.
std::string Item(const CPLStringList& list, const char* name) {
  const char* const value = list.FetchNameValue(name);
  return value ? value : "(absent)";
}

ResolvedInference Whole() {
  ResolvedInference resolved;
  Inference& inference = resolved.inference;
  inference.id = 10424;
  inference.status = "SUCCEEDED";
  inference.owner = "me";
  inference.comment = "Gr\xC3\xBCn = green";
  inference.timestamp_created = "c";
  inference.timestamp_started = "s";
  inference.timestamp_finished = "f";
  inference.temp_range_start = "rs";
  inference.temp_range_end = "re";
  inference.output_scale_factor = "10";
  inference.factbase_id = 1;
  inference.knowledgebase_id = 218;
  resolved.factbase = Factbase{1, "Austria", "https://demo.example", "sentinel-2"};
  resolved.knowledgebase = Knowledgebase{218, "Water"};
  return resolved;
}

TEST(InferenceMetadata, HasAnItemForAllThatIsKnown) {
  const CPLStringList list = InferenceMetadata(Whole());
  const std::pair<const char*, const char*> expected[] = {{"INFERENCE_ID", "10424"},
                                                          {"STATUS", "SUCCEEDED"},
                                                          {"OWNER", "me"},
                                                          {"COMMENT", "Gr\xC3\xBCn = green"},
                                                          {"KNOWLEDGEBASE_ID", "218"},
                                                          {"KNOWLEDGEBASE", "Water"},
                                                          {"FACTBASE_ID", "1"},
                                                          {"FACTBASE", "Austria"},
                                                          {"SENSOR", "sentinel-2"},
                                                          {"TEMP_RANGE_START", "rs"},
                                                          {"TEMP_RANGE_END", "re"},
                                                          {"TIMESTAMP_CREATED", "c"},
                                                          {"TIMESTAMP_STARTED", "s"},
                                                          {"TIMESTAMP_FINISHED", "f"},
                                                          {"OUTPUT_SCALE_FACTOR", "10"}};
  for (const auto& [name, value] : expected) EXPECT_EQ(Item(list, name), value) << name;
  EXPECT_EQ(list.size(), 15);
}

TEST(InferenceMetadata, LeavesOutWhatIsUnknownOrEmpty) {
  ResolvedInference resolved;
  resolved.inference.id = 7;
  resolved.inference.comment = "";
  resolved.factbase = Factbase{1, std::nullopt, std::nullopt, std::nullopt};
  const CPLStringList list = InferenceMetadata(resolved);
  EXPECT_EQ(Item(list, "INFERENCE_ID"), "7");
  EXPECT_EQ(list.size(), 1);
}

TEST(InferenceMetadata, DoesNotTellWhereTheFilesLie) {
  const CPLStringList list = InferenceMetadata(Whole());
  for (int i = 0; i < list.size(); ++i)
    EXPECT_THAT(list[i], testing::Not(testing::HasSubstr("demo.example")));
}

Output WholeOutput() {
  Output output;
  output.name = "Cloud free";
  output.value_type = "numerical";
  output.vis_type = "composite";
  output.file_type = "geotiff";
  output.dims = {"band", "y", "x"};
  output.value_range = ValueRange(330.0, 2611.5);
  return output;
}

TEST(OutputMetadata, HasTheItemsOfTheInferenceAndItsOwn) {
  const CPLStringList list = OutputMetadata(Whole(), WholeOutput());
  EXPECT_EQ(Item(list, "INFERENCE_ID"), "10424");
  EXPECT_EQ(Item(list, "OUTPUT_NAME"), "Cloud free");
  EXPECT_EQ(Item(list, "IDENTIFIER"), "Cloud free");
  EXPECT_EQ(Item(list, "VALUE_TYPE"), "numerical");
  EXPECT_EQ(Item(list, "VALUE_RANGE"), "330,2611.5");
  EXPECT_EQ(Item(list, "VIS_TYPE"), "composite");
  EXPECT_EQ(Item(list, "DIMS"), "band,y,x");
  EXPECT_EQ(list.size(), 21);
}

TEST(OutputMetadata, LeavesOutWhatIsUnknown) {
  Output output;
  output.name = "x";
  const CPLStringList list = OutputMetadata(ResolvedInference(), output);
  for (const char* name : {"VALUE_TYPE", "VALUE_RANGE", "VIS_TYPE", "DIMS"})
    EXPECT_EQ(Item(list, name), "(absent)") << name;
}

TEST(OutputMetadata, KeepsEveryDigitOfARange) {
  Output output = WholeOutput();
  output.value_range = ValueRange(-0.1, 1e300);
  const std::string text = Item(OutputMetadata(Whole(), output), "VALUE_RANGE");
  const std::size_t comma = text.find(',');
  ASSERT_NE(comma, std::string::npos);
  EXPECT_EQ(std::stod(text.substr(0, comma)), -0.1);
  EXPECT_EQ(std::stod(text.substr(comma + 1)), 1e300);
}

TEST(OutputMetadata, HasUnknownKeysInCapitals) {
  Output output = WholeOutput();
  output.other = {{"x-axis", "time"}, {"new key=1", "a=b"}, {"Lines9", "[1]"}};
  const CPLStringList list = OutputMetadata(Whole(), output);
  EXPECT_EQ(Item(list, "X_AXIS"), "time");
  EXPECT_EQ(Item(list, "NEW_KEY_1"), "a=b");
  EXPECT_EQ(Item(list, "LINES9"), "[1]");
}

TEST(OutputMetadata, NoUnknownKeyReplacesAKnownOne) {
  Output output = WholeOutput();
  output.other = {{"status", "evil"}, {"inference_id", "1"}, {"output-name", "evil"}};
  const CPLStringList list = OutputMetadata(Whole(), output);
  EXPECT_EQ(Item(list, "STATUS"), "SUCCEEDED");
  EXPECT_EQ(Item(list, "INFERENCE_ID"), "10424");
  EXPECT_EQ(Item(list, "OUTPUT_NAME"), "Cloud free");
}

TEST(IsDefaultDomain, IsTheOneWithoutAName) {
  EXPECT_TRUE(IsDefaultDomain(nullptr));
  EXPECT_TRUE(IsDefaultDomain(""));
  EXPECT_FALSE(IsDefaultDomain("json:S2C"));
}

}  // namespace
}  // namespace s2c
