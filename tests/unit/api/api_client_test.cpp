// SPDX-License-Identifier: MIT
#include "client/api/api_client.h"

#include <gmock/gmock.h>

#include "tests/unit/support/documents.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeTransport;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::QueryValue;
using testing_support::Resource;

constexpr const char* kBadRequest =
    R"({"errors": [{"status": "400", "title": "Invalid fields", "detail": "no such field"}]})";

// As flask-rest-jsonapi with marshmallow-jsonapi 0.23 answers an unknown id.
constexpr const char* kNoSuchRow =
    R"({"errors":[{"detail":"'id' is not a valid attribute of None","status":"500",)"
    R"("title":"Unknown error"}],"jsonapi":{"version":"1.0"}})";

const std::string& Factbase1() {
  static const std::string json =
      Resource("factbase", "1", R"({"title": "Austria", "uri": "https://demo.example"})");
  return json;
}

// An inference that links its factbase and knowledgebase.
std::string Linked(const std::string& id, const std::string& status) {
  return R"({"type": "inference", "id": )" + id + R"(, "attributes": {"status": ")" + status +
         R"("}, "relationships": {"factbase": {"data": {"type": "factbase", "id": "1"}},
            "knowledgebase": {"data": {"type": "knowledgebase", "id": "218"}}}})";
}

std::string Document(const std::string& data, const std::string& included = "") {
  return "{\"data\": " + data + (included.empty() ? "" : ", \"included\": [" + included + "]") +
         "}";
}

class Api : public testing::Test {
 protected:
  std::vector<std::string> Paths() const {
    std::vector<std::string> paths;
    for (const Request& request : transport_.requests()) paths.push_back(request.url.path());
    return paths;
  }

  std::string LastQuery(const std::string& name) const {
    return QueryValue(transport_.last().url, name);
  }

  // The error of GetInference(7) for one answer with this body.
  Error ErrorFor(int status, const std::string& body) {
    transport_.Then(Answer(status, body));
    return ErrorOf(api_.GetInference(7));
  }

  FakeTransport transport_;
  ApiClient api_{transport_, MakeUrl("https://api.example/v1")};
};

TEST_F(Api, AsksForAllOfAnInferenceButItsAreaInOneRequest) {
  transport_.Then(Answer(
      200, Document(Linked("7", "SUCCEEDED"),
                    Factbase1() + "," + Resource("knowledgebase", "218", R"({"title": "W"})"))));
  const auto resolved = api_.GetInference(7);
  ASSERT_EQ(MessageOf(resolved), "");
  EXPECT_EQ(resolved->inference.id, 7);
  EXPECT_EQ(resolved->factbase->uri, "https://demo.example");
  EXPECT_EQ(resolved->knowledgebase->title, "W");
  EXPECT_EQ(resolved->inference.factbase_id, 1);
  ASSERT_EQ(transport_.count(), 1U);
  const Request request = transport_.last();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url.With(request.url.path(), "").ToString(),
            "https://api.example/v1/inference/7");
  EXPECT_THAT(request.headers,
              testing::Contains(testing::Pair("Accept", "application/vnd.api+json")));
  EXPECT_EQ(LastQuery("include"), "factbase,knowledgebase");
  EXPECT_EQ(LastQuery("fields[factbase]"), "title,uri,sensor");
  EXPECT_EQ(LastQuery("fields[knowledgebase]"), "title");
  // A relation that is not named among the sparse fields vanishes, and its include with it.
  EXPECT_THAT("," + LastQuery("fields[inference]") + ",",
              AllOf(HasSubstr(",output,"), HasSubstr(",status,"), HasSubstr(",factbase,"),
                    HasSubstr(",knowledgebase,"), Not(HasSubstr("area_of_interest"))));
}

TEST_F(Api, WhatComesWithAnInferenceIsItsOwnAlsoWhereItLinksNothing) {
  transport_.Then(Answer(
      200, Document(Resource("inference", "7", R"({"status": "SUCCEEDED"})"),
                    Factbase1() + "," + Resource("knowledgebase", "218", R"({"title": "W"})"))));
  const auto resolved = api_.GetInference(7);
  ASSERT_EQ(MessageOf(resolved), "");
  EXPECT_EQ(resolved->inference.factbase_id, 1);
  EXPECT_EQ(resolved->inference.knowledgebase_id, 218);
}

TEST_F(Api, FallsBackLevelByLevelOn400AndRemembersIt) {
  transport_.Then(Answer(400, kBadRequest)).Then(Answer(400, kBadRequest));
  transport_.Then(Answer(200, Document(Linked("7", "CREATED"))));
  ASSERT_EQ(MessageOf(api_.GetInference(7)), "");
  const auto requests = transport_.requests();
  ASSERT_THAT(requests, SizeIs(3));
  EXPECT_NE(QueryValue(requests[0].url, "fields[inference]"), "(absent)");
  EXPECT_EQ(QueryValue(requests[1].url, "fields[inference]"), "(absent)");
  EXPECT_EQ(QueryValue(requests[1].url, "include"), "factbase,knowledgebase");
  EXPECT_EQ(requests[2].url.query(), "");

  transport_.Then(Answer(200, Document(Linked("7", "CREATED"))));
  ASSERT_EQ(MessageOf(api_.GetInference(7)), "");
  EXPECT_EQ(transport_.count(), 4U) << "the next one begins where the last one ended";
  EXPECT_EQ(transport_.last().url.query(), "");
}

TEST_F(Api, StaysAtTheSecondLevelWhereTheServerTakesIt) {
  transport_.Then(Answer(400, kBadRequest));
  for (int i = 0; i < 2; ++i)
    transport_.Then(Answer(200, Document(Linked("7", "SUCCEEDED"), Factbase1())));
  ASSERT_EQ(MessageOf(api_.GetInference(7)), "");
  ASSERT_EQ(MessageOf(api_.GetInference(7)), "");
  EXPECT_EQ(transport_.count(), 3U);
  EXPECT_EQ(LastQuery("include"), "factbase,knowledgebase");
  EXPECT_EQ(LastQuery("fields[inference]"), "(absent)");
}

TEST_F(Api, FieldsThatAreRefusedOfOneTypeAreStillAskedForOfOthers) {
  transport_.Then(Answer(400, kBadRequest)).Then(Answer(200, Document(Factbase1())));
  ASSERT_TRUE(*api_.GetResource("factbase", 1, {"title", "novelty"}));
  EXPECT_EQ(LastQuery("fields[factbase]"), "(absent)");
  transport_.Then(Answer(200, Document(Linked("7", "CREATED"))));
  ASSERT_TRUE(*api_.GetResource("inference", 7, {"status"}));
  EXPECT_EQ(LastQuery("fields[inference]"), "status");
  transport_.Then(Answer(200, Document(Linked("7", "SUCCEEDED"))));
  transport_.Then(Answer(200, Document(Factbase1())));
  ASSERT_EQ(MessageOf(api_.GetInference(7)), "");
  EXPECT_NE(QueryValue(transport_.requests()[3].url, "fields[inference]"), "(absent)");
  EXPECT_EQ(LastQuery("fields[factbase]"), "(absent)");
}

TEST_F(Api, A400ToThePlainRequestIsAnError) {
  transport_.AnswerBy([](const Request&) { return Answer(400, kBadRequest); });
  EXPECT_THAT(
      ErrorOf(api_.GetInference(7)),
      FailsWith(ErrorKind::kServer, AllOf(HasSubstr("HTTP 400"), HasSubstr("Invalid fields"),
                                          HasSubstr("no such field"))));
  EXPECT_EQ(transport_.count(), 3U);
}

TEST_F(Api, FetchesTheFactbaseThatIsNotIncluded) {
  transport_.Then(Answer(200, Document(Linked("7", "SUCCEEDED"))));
  transport_.Then(Answer(200, Document(Factbase1())));
  const auto resolved = api_.GetInference(7);
  ASSERT_EQ(MessageOf(resolved), "");
  EXPECT_EQ(resolved->factbase->uri, "https://demo.example");
  EXPECT_THAT(Paths(), ElementsAre("/v1/inference/7", "/v1/factbase/1"));
}

TEST_F(Api, FetchesAnUnnamedFactbaseByItsRelation) {
  transport_.Then(Answer(200, Document(Resource("inference", "7", R"({"status": "SUCCEEDED"})"))));
  transport_.Then(Answer(200, Document(Factbase1())));
  const auto resolved = api_.GetInference(7);
  ASSERT_EQ(MessageOf(resolved), "");
  EXPECT_EQ(resolved->inference.factbase_id, 1);
  EXPECT_THAT(Paths(), ElementsAre("/v1/inference/7", "/v1/inference/7/factbase"));
}

TEST_F(Api, FetchesNoFactbaseForAnInferenceWithoutResults) {
  transport_.Then(Answer(200, Document(Linked("7", "STARTED"))));
  const auto resolved = api_.GetInference(7);
  ASSERT_EQ(MessageOf(resolved), "");
  EXPECT_FALSE(resolved->factbase);
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Api, AFactbaseThatCannotBeFetchedIsAnError) {
  transport_.Then(Answer(200, Document(Linked("7", "SUCCEEDED"))));
  transport_.Then(Answer(500));
  EXPECT_EQ(ErrorOf(api_.GetInference(7)).http_status, 500);
}

TEST_F(Api, AFactbaseThatIsNotThereIsNoneInEveryForm) {
  for (const auto& [status, body] :
       {std::pair{200, "null"}, {200, R"({"data": null})"}, {404, "{}"}, {500, kNoSuchRow}}) {
    transport_.Then(Answer(200, Document(Linked("7", "SUCCEEDED")))).Then(Answer(status, body));
    const auto resolved = api_.GetInference(7);
    ASSERT_EQ(MessageOf(resolved), "");
    EXPECT_FALSE(resolved->factbase);
  }
}

TEST_F(Api, IgnoresIncludedResourcesOfOtherKinds) {
  transport_.Then(
      Answer(200, Document(Linked("7", "SUCCEEDED"),
                           R"(null, 5, "x", {"type": "project", "id": 1},)" + Factbase1())));
  EXPECT_TRUE(api_.GetInference(7)->factbase);
}

TEST_F(Api, AnUnknownIdIsNotFoundInEveryForm) {
  const auto unknown = FailsWith(ErrorKind::kNotFound, HasSubstr("no inference 7"));
  EXPECT_THAT(ErrorFor(200, R"({"data": null, "jsonapi": {"version": "1.0"}})"), unknown);
  EXPECT_THAT(ErrorFor(200, "null"), unknown);
  EXPECT_THAT(ErrorFor(404, R"({"errors": [{"status": "404", "title": "Object not found"}]})"),
              unknown);
  EXPECT_THAT(ErrorFor(500, kNoSuchRow), unknown);
}

TEST_F(Api, NoFormOfAnUnknownIdTellsMoreThanAnother) {
  for (const int status : {404, 500}) EXPECT_EQ(ErrorFor(status, kNoSuchRow).http_status, 0);
}

TEST_F(Api, OnlyTheInternalErrorOfAnUnknownIdIsFinal) {
  transport_.Then(Answer(500, kNoSuchRow));
  EXPECT_FALSE(api_.GetInference(7));
  const auto is_final = transport_.last().is_final;
  ASSERT_TRUE(is_final);
  EXPECT_TRUE(is_final(Answer(500, kNoSuchRow)));
  EXPECT_FALSE(is_final(Answer(503, kNoSuchRow)));
  EXPECT_FALSE(is_final(Answer(500, R"({"errors": [{"title": "Unknown error"}]})")));
}

TEST_F(Api, ARowThatIsNotThereIsNoDocumentInEveryForm) {
  for (const auto& [status, body] :
       {std::pair{200, "null"}, {200, R"({"data": null})"}, {404, "{}"}, {500, kNoSuchRow}}) {
    transport_.Then(Answer(status, body));
    const auto document = api_.GetResource("factbase", 7, {});
    ASSERT_EQ(MessageOf(document), "");
    EXPECT_FALSE(*document);
  }
}

TEST_F(Api, A404WithoutADocumentIsNotTheApi) {
  EXPECT_THAT(
      ErrorFor(404, "<html>nginx</html>"),
      FailsWith(ErrorKind::kServer, AllOf(HasSubstr("S2C_API_URL"), Not(HasSubstr("nginx")))));
}

TEST_F(Api, WhatIsNoDocumentIsNamedAsSuch) {
  for (const std::string& body :
       {std::string("<html>Welcome</html>"), std::string("{\"data\": {"), std::string(),
        std::string(100000, '['), std::string("\xFF\xFE")}) {
    EXPECT_THAT(ErrorFor(200, body),
                FailsWith(ErrorKind::kProtocol, AllOf(HasSubstr("https://api.example/v1"),
                                                      HasSubstr("JSON"), HasSubstr("S2C_API_URL"))))
        << body.substr(0, 40);
  }
}

TEST_F(Api, AnotherDocumentThanAskedForIsNamedAsSuch) {
  for (const std::string& body :
       {Document(Linked("8", "SUCCEEDED")), Document(Factbase1()), std::string("{}"),
        std::string("[]"), std::string("5"), Document("[]"), Document("\"x\""), Document("{}")})
    EXPECT_THAT(ErrorFor(200, body),
                FailsWith(ErrorKind::kProtocol, HasSubstr("does not answer with inference 7")))
        << body;
}

TEST_F(Api, ARefusedLoginIsOfTheCredentials) {
  for (const int status : {401, 403}) {
    const Error error = ErrorFor(status, "<html>no</html>");
    EXPECT_THAT(error, FailsWith(ErrorKind::kCredentials, HasSubstr("S2C_USERNAME")));
    EXPECT_EQ(error.http_status, status);
  }
}

TEST_F(Api, AServerThatCannotIsNamedWithItsReason) {
  EXPECT_THAT(ErrorFor(500, R"({"errors": [{"title": "Unknown error", "detail": "a\nb"}]})"),
              FailsWith(ErrorKind::kServer, HasSubstr("HTTP 500, Unknown error, a b")));
  for (const char* body :
       {"", "<html>", R"({"errors": []})", R"({"errors": {}})", R"({"errors": [5]})",
        R"({"errors": [{"title": null, "detail": ["x"]}]})", R"({"errors": [{"title": " "}]})"})
    EXPECT_THAT(ErrorFor(502, body), FailsWith(ErrorKind::kServer, HasSubstr("(HTTP 502);")))
        << body;
}

TEST_F(Api, ErrorsOfTheConnectionNameTheOption) {
  for (const ErrorKind kind : {ErrorKind::kUnreachable, ErrorKind::kInterrupted}) {
    transport_.Then(Fail(kind, "cannot connect"));
    EXPECT_THAT(ErrorOf(api_.GetInference(7)),
                FailsWith(kind, AllOf(HasSubstr("cannot connect"), HasSubstr("S2C_API_URL"))));
  }
  transport_.Then(Fail(ErrorKind::kCredentials, "nobody is logged in"));
  EXPECT_THAT(ErrorOf(api_.GetInference(7)),
              FailsWith(ErrorKind::kCredentials, "nobody is logged in"));
}

TEST_F(Api, GivesTheWholeDocumentAsItCame) {
  const std::string text = " { \"data\" : 1.50 } ";
  transport_.Then(Answer(200, text));
  EXPECT_EQ(*api_.GetInferenceText(7), text);
  EXPECT_EQ(transport_.last().url.ToString(), "https://api.example/v1/inference/7");
}

}  // namespace
}  // namespace s2c
