// SPDX-License-Identifier: MIT
#include "driver/tables/table_cells.h"

#include <gmock/gmock.h>

#include <cmath>
#include <memory>
#include <vector>

namespace s2c {
namespace {

using Role = ColumnType::Role;

void ExpectKind(CellKind kind, const std::vector<const char*>& cells) {
  for (const char* cell : cells) EXPECT_EQ(KindOf(cell), kind) << "'" << cell << "'";
}

TEST(KindOf, TakesEmptyAndNanForMissing) {
  ExpectKind(CellKind::kMissing, {"", " ", "nan", "NaN", "NAN", "-nan", "NaT"});
}

TEST(KindOf, TellsWholeNumbersFromOthers) {
  ExpectKind(CellKind::kInteger, {"0", "-0", "7", "+7", " 7 ", "-9223372036854775808"});
  ExpectKind(CellKind::kReal, {"0.5", "-.5", "1e3", "1E-3", "+0.5", "3.0", "inf", "-inf",
                               "9223372036854775808.0", "1e30"});
}

TEST(KindOf, TellsTimesFromDates) {
  ExpectKind(CellKind::kDate, {"2019-12-15", "2020-02-29", "2000-02-29"});
  ExpectKind(CellKind::kDateTime,
             {"2019-12-15 10:17:33.408715", "2019-12-15T10:17:33", "2019-12-15 10:17",
              "2019-12-15 10:17:33Z", "2019-12-15 10:17:33+00:00", "2019-12-15 10:17:33-0330",
              "2019-12-15 10:17:33.408715123", "2019-12-15 10:17:33+02"});
}

TEST(KindOf, TakesWhatIsOnlyNearlyANumberOrATimeForText) {
  ExpectKind(CellKind::kText, {"winter",
                               "9223372036854775808",
                               "-9223372036854775809",
                               "+18446744073709551615",
                               "007",
                               "-01",
                               "1,5",
                               "1 2",
                               "0x10",
                               "1_000",
                               "+-1",
                               "+",
                               "-",
                               ".",
                               "True",
                               "2019-13-01",
                               "2019-00-01",
                               "2021-02-29",
                               "1900-02-29",
                               "2021-04-31",
                               "2019-12-15 24:00:00",
                               "2019-12-15 10:60:00",
                               "2019-12-15 10:17:33.",

                               "2019-12-15x",
                               "2019-12",
                               "2019/12/15",
                               "15.12.2019",
                               "2019-12-15 10:17:33+02:10",
                               "2019-12-15 10:17Z",
                               "10:17:33"});
}

OGRFieldType TypeOf(const std::vector<const char*>& cells, Role role = Role::kValue,
                    bool all_seen = true) {
  ColumnType type;
  for (const char* cell : cells) type.Add(cell);
  return type.Get(role, all_seen);
}

TEST(ColumnType, IsWhatAllCellsAre) {
  EXPECT_EQ(TypeOf({"1", "", "-2"}), OFTInteger);
  EXPECT_EQ(TypeOf({"1", "2147483648"}), OFTInteger64);
  EXPECT_EQ(TypeOf({"-2147483649"}), OFTInteger64);
  EXPECT_EQ(TypeOf({"1", "0.5", "nan"}), OFTReal);
  EXPECT_EQ(TypeOf({"2019-12-15"}), OFTDate);
  EXPECT_EQ(TypeOf({"2019-12-15", "2019-12-15 10:17:33"}), OFTDateTime);
}

TEST(ColumnType, IsTextWhereCellsAreOfSeveralKinds) {
  EXPECT_EQ(TypeOf({"1", "winter"}), OFTString);
  EXPECT_EQ(TypeOf({"1", "2019-12-15"}), OFTString);
  EXPECT_EQ(TypeOf({"2019-12-15", "x"}), OFTString);
}

TEST(ColumnType, WithoutAnyValueIsThatOfItsRole) {
  EXPECT_EQ(TypeOf({"", "nan"}, Role::kValue), OFTReal);
  EXPECT_EQ(TypeOf({}, Role::kTime), OFTDateTime);
  EXPECT_EQ(TypeOf({}, Role::kDimension), OFTString);
  EXPECT_EQ(TypeOf({}, Role::kCategory), OFTString);
}

TEST(ColumnType, LeavesRoomForCellsThatAreStillToCome) {
  EXPECT_EQ(TypeOf({"1"}, Role::kValue, false), OFTReal);
  EXPECT_EQ(TypeOf({"1"}, Role::kTime, false), OFTInteger64);
  EXPECT_EQ(TypeOf({"1"}, Role::kCategory, false), OFTInteger64);
  EXPECT_EQ(TypeOf({"2019-12-15"}, Role::kTime, false), OFTDateTime);
  EXPECT_EQ(TypeOf({"2019-12-15"}, Role::kDimension, false), OFTDateTime);
}

TEST(ColumnType, KnowsTheZoneOfItsTimes) {
  const auto zone_of = [](const std::vector<const char*>& cells) {
    ColumnType type;
    for (const char* cell : cells) type.Add(cell);
    return type.zone();
  };
  EXPECT_EQ(zone_of({}), kUtc);
  EXPECT_EQ(zone_of({"2019-12-15 10:17:33", "2019-12-15 10:17:33Z", "2019-12-15"}), kUtc);
  EXPECT_EQ(zone_of({"2019-12-15 10:17:33+02:00", "", "2019-12-15 10:17:33+02:00"}), kUtc + 8);
  EXPECT_EQ(zone_of({"2019-12-15 10:17:33+02:00", "2019-12-15 10:17:33"}), kMixedZones);
  EXPECT_EQ(zone_of({"2019-12-15 10:17:33+01", "2019-12-15 10:17:33Z", "2019-12-15 10:17:33Z"}),
            kMixedZones);
}

TEST(ColumnType, KeepsWholeNumbersThatARealCannotHold) {
  EXPECT_EQ(TypeOf({"9007199254740993"}, Role::kValue, false), OFTInteger64);
  EXPECT_EQ(TypeOf({"-9007199254740993"}, Role::kValue, false), OFTInteger64);
}

class SetCellTest : public testing::Test {
 protected:
  SetCellTest() : definition_(new OGRFeatureDefn("t")) { definition_->Reference(); }
  ~SetCellTest() override {
    feature_.reset();
    definition_->Release();
  }

  bool Set(OGRFieldType type, std::string_view cell) {
    feature_.reset();
    while (definition_->GetFieldCount() > 0) definition_->DeleteFieldDefn(0);
    OGRFieldDefn field("f", type);
    definition_->AddFieldDefn(&field);
    feature_ = std::make_unique<OGRFeature>(definition_);
    return SetCell(*feature_, 0, cell);
  }
  bool IsNull() const { return feature_->IsFieldNull(0); }

  OGRFeatureDefn* const definition_;
  std::unique_ptr<OGRFeature> feature_;
};

TEST_F(SetCellTest, MakesMissingCellsNullInEveryType) {
  for (const OGRFieldType type :
       {OFTInteger, OFTInteger64, OFTReal, OFTDate, OFTDateTime, OFTString}) {
    for (const char* cell : {"", "nan", "NaT"}) {
      EXPECT_TRUE(Set(type, cell));
      EXPECT_TRUE(IsNull());
    }
  }
}

TEST_F(SetCellTest, KeepsEveryDigit) {
  EXPECT_TRUE(Set(OFTReal, "0.6173529411764706"));
  EXPECT_EQ(feature_->GetFieldAsDouble(0), 0.6173529411764706);
  EXPECT_TRUE(Set(OFTInteger64, "9007199254740993"));
  EXPECT_EQ(feature_->GetFieldAsInteger64(0), 9007199254740993);
  EXPECT_TRUE(Set(OFTInteger, "-2147483648"));
  EXPECT_EQ(feature_->GetFieldAsInteger(0), INT32_MIN);
  EXPECT_TRUE(Set(OFTReal, "-inf"));
  EXPECT_TRUE(std::isinf(feature_->GetFieldAsDouble(0)));
}

TEST_F(SetCellTest, SetsTimesWithTheirZone) {
  int year, month, day, hour, minute, zone;
  float second;
  EXPECT_TRUE(Set(OFTDateTime, "2019-12-15 10:17:33.408715"));
  feature_->GetFieldAsDateTime(0, &year, &month, &day, &hour, &minute, &second, &zone);
  EXPECT_EQ(std::make_tuple(year, month, day, hour, minute, zone),
            std::make_tuple(2019, 12, 15, 10, 17, kUtc));
  EXPECT_NEAR(second, 33.408715, 1e-5);
  EXPECT_TRUE(Set(OFTDateTime, "2019-12-15T10:17:33-03:30"));
  feature_->GetFieldAsDateTime(0, &year, &month, &day, &hour, &minute, &second, &zone);
  EXPECT_EQ(zone, 100 - 14);
  for (const char* end : {"2019-12-15 23:59:59.999999", "2019-12-15 23:59:59.999999999"}) {
    EXPECT_TRUE(Set(OFTDateTime, end));
    feature_->GetFieldAsDateTime(0, &year, &month, &day, &hour, &minute, &second, &zone);
    EXPECT_EQ(std::make_tuple(day, minute), std::make_tuple(15, 59));
    EXPECT_LT(second, 60.0F);
  }
  EXPECT_TRUE(Set(OFTDateTime, "2019-12-15"));
  feature_->GetFieldAsDateTime(0, &year, &month, &day, &hour, &minute, &second, &zone);
  EXPECT_EQ(std::make_tuple(hour, minute, second), std::make_tuple(0, 0, 0.0F));
}

TEST_F(SetCellTest, KnowsNoZoneOfADay) {
  int year, month, day, hour, minute, zone;
  float second;
  EXPECT_TRUE(Set(OFTDate, "2019-12-15"));
  feature_->GetFieldAsDateTime(0, &year, &month, &day, &hour, &minute, &second, &zone);
  EXPECT_EQ(zone, 0);
  EXPECT_TRUE(Set(OFTDateTime, "2019-12-15"));
  feature_->GetFieldAsDateTime(0, &year, &month, &day, &hour, &minute, &second, &zone);
  EXPECT_EQ(zone, kUtc);
}

TEST_F(SetCellTest, RefusesWhatItsTypeCannotHoldAndSetsNull) {
  const std::pair<OGRFieldType, const char*> cases[] = {
      {OFTInteger, "0.5"},         {OFTInteger, "2147483648"},
      {OFTInteger64, "x"},         {OFTReal, "1,5"},
      {OFTReal, "2019-12-15"},     {OFTDate, "2019-12-15 10:17:33"},
      {OFTDateTime, "2021-02-30"}, {OFTDate, "winter"}};
  for (const auto& [type, cell] : cases) {
    EXPECT_FALSE(Set(type, cell)) << cell;
    EXPECT_TRUE(IsNull()) << cell;
  }
}

TEST_F(SetCellTest, LeavesTextAsItIs) {
  EXPECT_TRUE(Set(OFTString, " a b "));
  EXPECT_STREQ(feature_->GetFieldAsString(0), " a b ");
}

}  // namespace
}  // namespace s2c
