// SPDX-License-Identifier: MIT
#include "client/jobs/models.h"

#include "client/jobs/named_resource.h"
#include "tests/unit/jobs/service_fixture.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr const char* kPost = "POST /v1/knowledgebase";
constexpr const char* kGetModel = "GET /v1/knowledgebase/3";
constexpr const char* kPatchModel = "PATCH /v1/knowledgebase/3";
constexpr const char* kDeleteModel = "DELETE /v1/knowledgebase/3";

class Models : public ServiceTest {};

TEST_F(Models, OfManyWithOneTitleTenAreNamedAndTheRestCounted) {
  std::string many;
  for (int id = 12; id > 0; --id)
    many += (many.empty() ? "" : ",") +
            Resource("knowledgebase", std::to_string(id), R"({"title": "Water"})");
  When("GET /v1/knowledgebase", List(many));
  EXPECT_THAT(ErrorOf(FindNamed(session(), "knowledgebase", "water", "KNOWLEDGEBASE", {})),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("give the id of one, 12 'Water', 11 "),
                              HasSubstr("3 'Water' and 2 more (ogrinfo S2C: knowledgebase)"))));
}

TEST_F(Models, OneWithoutAttributesIsTold) {
  When(kGetModel, Document(R"({"type": "knowledgebase", "id": "3"})"));
  EXPECT_THAT(ErrorOf(FindNamed(session(), "knowledgebase", "3", "KNOWLEDGEBASE", {})),
              FailsWith(ErrorKind::kProtocol,
                        AllOf(HasSubstr("knowledgebase 3"), HasSubstr("S2C_API_URL"))));
}

TEST_F(Models, ANewOneHasItsOwnerAndItsDate) {
  When(kPost, Document(Resource("knowledgebase", "3", "{}"), 201));
  ModelChange model;
  model.title = "Water";
  model.blockdefs = "<xml/>";
  EXPECT_EQ(*CreateModel(session(), model, clock_), 3);
  EXPECT_EQ(Last(kPost).body,
            R"({"data":{"type":"knowledgebase","attributes":{"title":"Water","description":"",)"
            R"("blockdefs":"<xml/>","favourite":false,"date":"2021-07-25T15:00:00.000Z",)"
            R"("owner":"demo"}}})");
}

TEST_F(Models, WhatCannotBeOneIsNotSent) {
  ModelChange model;
  EXPECT_THAT(ErrorOf(CreateModel(session(), model, clock_)).message, HasSubstr("title"));
  model.title = "Water";
  model.blockdefs = "<xml>";
  EXPECT_THAT(ErrorOf(CreateModel(session(), model, clock_)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("no well-formed XML (line 1")));
  EXPECT_THAT(ErrorOf(ChangeModel(session(), 3, model, clock_)).message, HasSubstr("line 1"));
  model.blockdefs.reset();
  model.title = " ";
  EXPECT_THAT(ErrorOf(ChangeModel(session(), 3, model, clock_)).message, HasSubstr("title"));
  EXPECT_THAT(Requests(), IsEmpty());
}

TEST_F(Models, AChangeSendsWhatIsGivenAlone) {
  When(kPatchModel, Document(Resource("knowledgebase", "3", "{}")));
  ModelChange change;
  change.favourite = true;
  EXPECT_EQ(MessageOf(ChangeModel(session(), 3, change, clock_)), "");
  EXPECT_EQ(Last(kPatchModel).body, R"({"data":{"type":"knowledgebase","id":"3","attributes":)"
                                    R"({"favourite":true,"date":"2021-07-25T15:00:00.000Z"}}})");
}

TEST_F(Models, AChangeWhoseAnswerIsLostHasHappenedWhereAllOfItIsThere) {
  ModelChange change;
  change.title = "Water";
  change.description = "d";
  change.blockdefs = "<xml/>";
  change.favourite = true;
  const auto model = [](const char* title, const char* description, const char* blockdefs,
                        const char* favourite) {
    return Document(Resource("knowledgebase", "3",
                             std::string(R"({"title": ")") + title + R"(", "description": ")" +
                                 description + R"(", "blockdefs": ")" + blockdefs +
                                 R"(", "favourite": )" + favourite + "}"));
  };
  When(kPatchModel, Lost());
  When(kGetModel, model("Water", "d", "<xml/>", "true"));
  EXPECT_EQ(MessageOf(ChangeModel(session(), 3, change, clock_)), "");
  EXPECT_EQ(Count(kPatchModel), 1U);
  for (const std::string& before :
       {model("Snow", "d", "<xml/>", "true"), model("Water", "", "<xml/>", "true"),
        model("Water", "d", "<x/>", "true"), model("Water", "d", "<xml/>", "false")}) {
    When(kGetModel, before);
    EXPECT_NE(MessageOf(ChangeModel(session(), 3, change, clock_)), "") << before;
  }
}

TEST_F(Models, OneThatIsUsedCannotBeDeletedAndThatIsSaid) {
  When(kGetModel, Document(Resource("knowledgebase", "3", "{}")));
  When(kDeleteModel, HttpAnswer(500, R"({"errors": [{"title": "Unknown error", "detail":
      "Delete object error: (psycopg2.errors.ForeignKeyViolation) update or delete"}]})"));
  EXPECT_THAT(ErrorOf(DeleteModel(session(), 3)),
              FailsWith(ErrorKind::kInvalidInput,
                        AllOf(HasSubstr("inferences use it"), HasSubstr("2408"))));
}

TEST_F(Models, ANewOneWhoseAnswerIsLostIsNotSentAgain) {
  When(kPost, Lost());
  ModelChange model;
  model.title = "Water";
  EXPECT_THAT(ErrorOf(CreateModel(session(), model, clock_)),
              FailsWith(ErrorKind::kInterrupted, HasSubstr("not known")));
  EXPECT_EQ(Count(kPost), 1U);
}

}  // namespace
}  // namespace s2c
