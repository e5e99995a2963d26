// SPDX-License-Identifier: MIT
#include "driver/tables/table_head.h"

#include <gmock/gmock.h>

#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;

Output OutputOf(const std::string& name, std::vector<std::string> dims) {
  Output output;
  output.name = name;
  output.dims = std::move(dims);
  return output;
}

TableHead Head(std::string_view content, const Output& output, bool is_whole = true) {
  const auto head = ReadTableHead(content, is_whole, output);
  EXPECT_EQ(MessageOf(head), "");
  return head ? *head : TableHead();
}

std::vector<std::string> Names(const TableHead& head) {
  std::vector<std::string> names;
  for (const TableColumn& column : head.columns) names.push_back(column.name);
  return names;
}

std::vector<OGRFieldType> Types(const TableHead& head) {
  std::vector<OGRFieldType> types;
  for (const TableColumn& column : head.columns) types.push_back(column.type);
  return types;
}

TEST(ReadTableHead, TakesNamesFromTheHeaderAndTypesFromTheRows) {
  const TableHead head = Head("space,time,x\nHere,2021-03-01,1.5\nThere,2021-03-02,\n",
                              OutputOf("x", {"space", "time"}));
  EXPECT_THAT(Names(head), ElementsAre("space", "time", "x"));
  EXPECT_THAT(Types(head), ElementsAre(OFTString, OFTDate, OFTReal));
  EXPECT_TRUE(head.has_header);
  EXPECT_EQ(head.space, 0);
  EXPECT_EQ(head.row_count, 2);
  EXPECT_THAT(head.notes, IsEmpty());
  EXPECT_THAT(head.only_column, IsEmpty());
}

TEST(ReadTableHead, RefusesMoreColumnsThanGdalReads) {
  std::string line = "x";
  for (int i = 1; i < 2000; ++i) line += ",x";
  const TableHead head = Head(line + "\n", OutputOf("x", {}));
  ASSERT_EQ(head.columns.size(), 2000u);
  EXPECT_EQ(head.columns.back().name, "x_2000");
  const auto wider = ReadTableHead(line + ",x\n", true, OutputOf("x", {}));
  EXPECT_THAT(ErrorOf(wider), FailsWith(ErrorKind::kProtocol, HasSubstr("has 2001 columns")));
}

TEST(ReadTableHead, TakesSpaceForTextWhateverItHolds) {
  const TableHead head = Head("space,x\n7,1\n8,2\n", OutputOf("x", {"space"}));
  EXPECT_THAT(Types(head), ElementsAre(OFTString, OFTInteger));
}

TEST(ReadTableHead, TakesSpaceForADimensionWhereTheApiTellsNone) {
  EXPECT_EQ(Head("space,x\n7,1\n", OutputOf("x", {})).space, 0);
  EXPECT_EQ(Head("space,x\n7,1\n", OutputOf("x", {"time"})).space, -1);
  EXPECT_EQ(Head("x,space\n7,1\n", OutputOf("x", {"space"})).space, 1);
}

TEST(ReadTableHead, TakesOneNumberForAHeaderlessScalar) {
  for (const char* content : {"0.5", "0.5\n", "0.5\r\n",
                              "\xEF\xBB\xBF"
                              "0.5\n"}) {
    const TableHead head = Head(content, OutputOf("mean", {}));
    EXPECT_THAT(Names(head), ElementsAre("mean"));
    EXPECT_THAT(Types(head), ElementsAre(OFTReal));
    EXPECT_THAT(head.only_column, ElementsAre("0.5"));
    EXPECT_FALSE(head.has_header);
    EXPECT_EQ(head.row_count, 1);
    EXPECT_THAT(head.notes, IsEmpty());
  }
  EXPECT_THAT(Head("nan\n", OutputOf("mean", {})).only_column, ElementsAre("nan"));
}

TEST(ReadTableHead, TakesALineOfDataForARowAndNotForAHeader) {
  const TableHead head = Head("Here,2021-03-01,1.5\n", OutputOf("x", {"space", "time"}));
  EXPECT_FALSE(head.has_header);
  EXPECT_EQ(head.row_count, 1);
  EXPECT_THAT(Names(head), ElementsAre("space", "time", "x"));
  EXPECT_THAT(head.notes, ElementsAre(HasSubstr("no line with names")));
  EXPECT_THAT(Names(Head("1,2,3,4\n", OutputOf("x", {"time"}))),
              ElementsAre("field_1", "field_2", "field_3", "field_4"));
}

TEST(ReadTableHead, KnowsAHeaderByTheNamesOfTheApiEvenIfTheyAreNumbers) {
  EXPECT_TRUE(Head("time,2021\n2021-03-01,1\n", OutputOf("2021", {"time"})).has_header);
  EXPECT_TRUE(Head("7,2021\n1,1\n", OutputOf("2021", {"7"})).has_header);
  EXPECT_TRUE(Head(",time,x\n0,2021-03-01,1\n", OutputOf("x", {"time"})).has_header)
      << "pandas writes its index without a name";
}

TEST(ReadTableHead, TakesOneCellForARow) {
  for (const char* content : {"True", "forest\n", "no data\r\n", "\"a, b\"\n"}) {
    const TableHead head = Head(content, OutputOf("x", {"time"}));
    EXPECT_FALSE(head.has_header) << content;
    EXPECT_EQ(head.row_count, 1);
    EXPECT_THAT(Types(head), ElementsAre(OFTString));
  }
  EXPECT_TRUE(Head("x\n", OutputOf("x", {})).has_header);
  EXPECT_TRUE(Head("all\nforest\n", OutputOf("x", {})).has_header);
}

TEST(ReadTableHead, KnowsPandasHeadersThatNameNothing) {
  for (const char* content : {",0\n1,2\n", ",2019,2020\na,1,2\n", ",2021-03-01\na,1\n"}) {
    const TableHead head = Head(content, OutputOf("x", {}));
    EXPECT_TRUE(head.has_header) << content;
    EXPECT_EQ(head.row_count, 1);
  }
  for (const char* content : {",1.5\n", ",2021-03-01,3\n", ",2,2\n", "0,1\n"})
    EXPECT_FALSE(Head(content, OutputOf("x", {})).has_header) << content;
}

TEST(ReadTableHead, NotesAQuoteThatIsNotClosed) {
  const Output output = OutputOf("x", {"time"});
  EXPECT_THAT(Head("time,x\n1,2\n\"3,4\n5,6\n", output).notes,
              Contains(HasSubstr("a quote in line 3 that is not closed")));
  EXPECT_THAT(Head("time,x\n1,\"a\nb\"\n2,3\n", output).notes, IsEmpty());
  EXPECT_THAT(ErrorOf(ReadTableHead("\"time,x\n1,2\n", true, output)),
              FailsWith(ErrorKind::kProtocol, HasSubstr("a quote in its first line")));
}

TEST(ReadTableHead, NotesDimensionsThatAreNoColumns) {
  EXPECT_THAT(Head("place,when,x\na,b,1\n", OutputOf("x", {"space", "time"})).notes,
              ElementsAre(HasSubstr("'space'"), HasSubstr("'time'")));
}

TEST(ReadTableHead, NamesNoTwoColumnsAlike) {
  EXPECT_THAT(Names(Head("time,x,X,,x_2\n1,2,3,4,5\n", OutputOf("x", {"time"}))),
              ElementsAre("time", "x", "X_2", "field_4", "x_2_2"));
}

TEST(ReadTableHead, TakesAnEmptyFileForATableWithoutRows) {
  const TableHead head = Head("", OutputOf("x", {"space", "time"}));
  EXPECT_THAT(Names(head), ElementsAre("space", "time", "x"));
  EXPECT_THAT(Types(head), ElementsAre(OFTString, OFTDateTime, OFTReal));
  EXPECT_EQ(head.row_count, 0);
  EXPECT_THAT(head.notes, ElementsAre(HasSubstr("empty")));
}

TEST(ReadTableHead, TakesOtherSeparatorsAndLineEnds) {
  EXPECT_EQ(Head("time;x\r\n1;2\r\n", OutputOf("x", {"time"})).separator, ';');
  EXPECT_EQ(Head("time\tx\n1\t2\n", OutputOf("x", {"time"})).separator, '\t');
  EXPECT_THAT(Names(Head("mean of all\n0.5\n", OutputOf("mean of all", {}))),
              ElementsAre("mean of all"))
      << "a blank separates nothing";
  EXPECT_THAT(Names(Head("time,a;b\n1,2\n", OutputOf("a;b", {"time"}))),
              ElementsAre("time", "a;b"));
}

TEST(ReadTableHead, TakesQuotedCellsWithSeparatorsAndLines) {
  const TableHead head =
      Head("\"time\",\"a, \"\"b\"\"\nc\"\n\"1\",\"2\n3\"\n", OutputOf("x", {"time"}));
  EXPECT_THAT(Names(head), ElementsAre("time", "a, \"b\"\nc"));
  EXPECT_EQ(head.row_count, 1);
}

TEST(ReadTableHead, NotesRowsThatAreLongerThanTheHeader) {
  EXPECT_THAT(Head("time,x\n1,2\n1,2,5\n", OutputOf("x", {"time"})).notes,
              ElementsAre(HasSubstr("row 2")));
  EXPECT_THAT(Head("time,x\n1,2,\n", OutputOf("x", {"time"})).notes, IsEmpty());
}

TEST(ReadTableHead, DoesNotJudgeByALineThatWasCut) {
  // "2.5" cut to "2" would be the same type, "2021-03-02" cut to "2021" would not.
  const Output output = OutputOf("x", {"time"});
  const TableHead head = Head("time,x\n2021-03-01,1\n2021", output, false);
  EXPECT_THAT(Types(head), ElementsAre(OFTDateTime, OFTReal));
  EXPECT_EQ(head.row_count, -1);
  EXPECT_THAT(Types(Head("time,x\n1,2\n\"3\n4,5\n6,x\n", output, false)),
              ElementsAre(OFTInteger64, OFTReal));
}

TEST(ReadTableHead, TakesCategoriesForWhatTheyAre) {
  Output output = OutputOf("x", {"time"});
  output.value_type = "categorical";
  EXPECT_THAT(Types(Head("time,x\n1,\n", output)), ElementsAre(OFTInteger, OFTString));
}

TEST(ReadTableHead, RefusesWhatIsNoTable) {
  const Output output = OutputOf("x", {"time"});
  for (const std::string& content :
       {std::string("time,x\n\0\0", 9), std::string("<!DOCTYPE html>\n<html>"),
        std::string("  <HTML><body>"), std::string("<?xml version='1.0'?>")})
    EXPECT_THAT(ErrorOf(ReadTableHead(content, true, output)),
                FailsWith(ErrorKind::kProtocol, HasSubstr("not text in CSV")));
  EXPECT_THAT(ErrorOf(ReadTableHead(std::string(1000, 'x'), false, output)),
              FailsWith(ErrorKind::kProtocol, HasSubstr("no end of a line")));
  EXPECT_THAT(ErrorOf(ReadTableHead("x\n1\n2\n3", false, output)),
              FailsWith(ErrorKind::kProtocol, HasSubstr("without a separator")));
}

TEST(Utf8, TakesOtherTextForLatin1) {
  EXPECT_EQ(Utf8("M\xC3\xB6nch"), "M\xC3\xB6nch");
  EXPECT_EQ(Utf8("M\xF6nch"), "M\xC3\xB6nch");
}

}  // namespace
}  // namespace s2c
