// SPDX-License-Identifier: MIT
#include "client/api/document_sink.h"

#include <gmock/gmock.h>

#include "tests/unit/support/documents.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class Sink : public testing::Test {
 protected:
  FakeTransport transport_;
  DocumentSink sink_{transport_, MakeUrl("https://api.example/v1")};
};

TEST_F(Sink, SendsJsonApiAndGivesTheAnswer) {
  transport_.Then(Answer(201, R"({"data": {"type": "inference", "id": 7}})"));
  const auto created = sink_.Create("inference", R"({"data": {}})");
  ASSERT_EQ(MessageOf(created), "");
  EXPECT_EQ(AsId((**created)["data"]["id"]), 7);
  const Request sent = transport_.last();
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url.ToString(), "https://api.example/v1/inference");
  EXPECT_EQ(sent.body, R"({"data": {}})");
  EXPECT_THAT(sent.headers, Contains(Pair("Content-Type", "application/vnd.api+json")));
  EXPECT_EQ(sent.repeats_in_doubt, 0);
}

TEST_F(Sink, ChangesAndDeletesOneResource) {
  transport_.Then(Answer(200, R"({"data": {}})")).Then(Answer(200, R"({"meta": {}})"));
  EXPECT_EQ(MessageOf(sink_.Change("knowledgebase", 3, "{}")), "");
  EXPECT_EQ(transport_.last().method, "PATCH");
  EXPECT_EQ(transport_.last().url.path(), "/v1/knowledgebase/3");
  EXPECT_EQ(MessageOf(sink_.Delete("knowledgebase", 3)), "");
  EXPECT_EQ(transport_.last().method, "DELETE");
  EXPECT_EQ(transport_.last().body, "");
  EXPECT_THAT(transport_.last().headers, Not(Contains(Pair("Content-Type", testing::_))));
}

TEST_F(Sink, ADeletionNeedsNoDocument) {
  transport_.Then(Answer(204)).Then(Answer(200, "gone"));
  EXPECT_EQ(MessageOf(sink_.Delete("inference", 3)), "");
  EXPECT_EQ(MessageOf(sink_.Delete("inference", 3)), "");
}

TEST_F(Sink, PlainJsonIsSentWhereJsonApiIsRefusedAndFromThenOn) {
  transport_.Then(Answer(415)).Then(Answer(201, R"({"data": 1})")).Then(Answer(201, "{}"));
  EXPECT_EQ(MessageOf(sink_.Create("inference", "{}")), "");
  EXPECT_THAT(transport_.last().headers, Contains(Pair("Content-Type", "application/json")));
  EXPECT_EQ(MessageOf(sink_.Create("inference", "{}")), "");
  EXPECT_EQ(transport_.count(), 3U);
  EXPECT_THAT(transport_.last().headers, Contains(Pair("Content-Type", "application/json")));
}

TEST_F(Sink, WhereBothAreRefusedThatIsSaid) {
  transport_.Then(Answer(415)).Then(Answer(415));
  EXPECT_THAT(ErrorOf(sink_.Create("inference", "{}")),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("HTTP 415")));
}

TEST_F(Sink, PointersAreToldInWords) {
  transport_.Then(Answer(422, R"({"errors": [
    {"title": "Validation error", "detail": "Not a valid datetime.",
     "source": {"pointer": "/data/attributes/temp_range_start"}},
    {"title": "Validation error", "detail": "Must include a `data` key",
     "source": {"pointer": "/data/relationships/factbase/data"}},
    {"title": "Validation error", "detail": "odd", "source": ""}]})"));
  EXPECT_THAT(ErrorOf(sink_.Create("inference", "{}")),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("a new inference cannot be created"),
                              HasSubstr("HTTP 422, Validation error, temp_range_start: Not a valid "
                                        "datetime., factbase: Must include a `data` key, odd"),
                              Not(HasSubstr("/data")))));
}

TEST_F(Sink, ARawExceptionIsOneLine) {
  transport_.Then(Answer(500, R"({"errors": [{"title": "Unknown error",
    "detail": "(psycopg2.errors.X)\n  null value\u0007"}]})"));
  const Error error = ErrorOf(sink_.Change("inference", 7, "{}"));
  EXPECT_THAT(error, FailsWith(ErrorKind::kServer, HasSubstr("inference 7 cannot be changed")));
  EXPECT_EQ(error.message.find_first_of("\n\a"), std::string::npos);
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Sink, AConflictIsNoReasonToTryAgainLater) {
  transport_.Then(Answer(409, R"({"errors": [{"title": "Incorrect type"}]})"));
  EXPECT_THAT(ErrorOf(sink_.Create("inference", "{}")),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("Incorrect type"), Not(HasSubstr("later")))));
}

TEST_F(Sink, AnUnknownResourceAndARefusedLoginAreToldApart) {
  transport_.Then(Answer(404, R"({"errors": [{"title": "Object not found"}]})"))
      .Then(Answer(403, "no"))
      .Then(Answer(404, "<html>"));
  EXPECT_EQ(ErrorOf(sink_.Delete("inference", 7)).kind, ErrorKind::kNotFound);
  EXPECT_THAT(ErrorOf(sink_.Delete("inference", 7)),
              FailsWith(ErrorKind::kCredentials, HasSubstr("log in anew")));
  EXPECT_THAT(ErrorOf(sink_.Delete("inference", 7)),
              FailsWith(ErrorKind::kServer, HasSubstr("S2C_API_URL")));
}

TEST_F(Sink, WhatTheServerMayHaveDoneIsInDoubt) {
  for (const ErrorKind kind : {ErrorKind::kInterrupted, ErrorKind::kSilent})
    EXPECT_TRUE(DocumentSink::IsInDoubt({kind, "x", 0}));
  for (const int status : {500, 502, 504})
    EXPECT_TRUE(DocumentSink::IsInDoubt({ErrorKind::kServer, "x", status}));
  for (const int status : {400, 401, 403, 404, 409, 422, 429, 503})
    EXPECT_FALSE(DocumentSink::IsInDoubt({ErrorKind::kServer, "x", status}));
  EXPECT_FALSE(DocumentSink::IsInDoubt({ErrorKind::kUnreachable, "x", 0}));
  transport_.Then(Answer(201, "<html>"));
  EXPECT_TRUE(DocumentSink::IsInDoubt(ErrorOf(sink_.Create("inference", "{}"))));
}

}  // namespace
}  // namespace s2c
