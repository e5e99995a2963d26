// SPDX-License-Identifier: MIT
#include "client/jobs/run_change.h"

#include "tests/unit/jobs/service_fixture.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr const char* kGet = "GET /v1/inference/7";
constexpr const char* kPatch = "PATCH /v1/inference/7";
constexpr const char* kDelete = "DELETE /v1/inference/7";

class RunChange : public ServiceTest {};

TEST_F(RunChange, EachActionIsAllowedFromItsStatesAlone) {
  const std::pair<RunAction, std::string> allowed[] = {
      {RunAction::kRerun, "ABORTED FAILED SUCCEEDED"},
      {RunAction::kAbort, "CREATED SCHEDULED STARTED"},
      {RunAction::kDelete, "ABORTED FAILED SUCCEEDED"}};
  for (const auto& [action, states] : allowed) {
    for (const char* state :
         {"ABORTED", "CREATED", "FAILED", "SCHEDULED", "STARTED", "SUCCEEDED", "PAUSED", ""}) {
      const bool expected = *state && states.find(state) != std::string::npos;
      const Status checked = CheckAction(7, state, action);
      EXPECT_EQ(checked.has_value(), expected) << state << static_cast<int>(action);
      if (checked || !*state) continue;
      EXPECT_THAT(checked.error(), FailsWith(ErrorKind::kInvalidInput,
                                             AllOf(HasSubstr("inference 7"), HasSubstr(state),
                                                   HasSubstr(states.substr(0, 7)))));
    }
  }
  EXPECT_THAT(ErrorOf(CheckAction(7, "STARTED", RunAction::kDelete)).message,
              HasSubstr("abort it first"));
}

TEST_F(RunChange, ARerunSetsTheStatus) {
  When(kGet, Document(Inference("7", "FAILED")));
  When(kPatch, Document(Inference("7", "CREATED")));
  EXPECT_EQ(MessageOf(Act(session(), 7, RunAction::kRerun)), "");
  EXPECT_EQ(Last(kPatch).body,
            R"({"data":{"type":"inference","id":"7","attributes":{"status":"CREATED"}}})");
}

TEST_F(RunChange, WhatIsRefusedHereIsNotSent) {
  When(kGet, Document(Inference("7", "SUCCEEDED")));
  EXPECT_EQ(ErrorOf(Act(session(), 7, RunAction::kAbort)).kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(MessageOf(Act(session(), 7, RunAction::kDelete, true)), "");
  EXPECT_THAT(Requests(), ElementsAre(kGet, kGet));
}

TEST_F(RunChange, AnUnknownInferenceIsNotFound) {
  When(kGet, HttpAnswer(200, R"({"data": null})"));
  EXPECT_THAT(ErrorOf(Act(session(), 7, RunAction::kDelete)),
              FailsWith(ErrorKind::kNotFound, HasSubstr("no inference 7")));
}

TEST_F(RunChange, ARerunWhoseAnswerIsLostIsNotBegunTwice) {
  When(kGet, Document(Inference("7", "FAILED")));
  Then(kGet, Document(Inference("7", "SCHEDULED")));
  When(kPatch, Lost());
  EXPECT_EQ(MessageOf(Act(session(), 7, RunAction::kRerun)), "");
  EXPECT_EQ(Count(kPatch), 1U);
}

TEST_F(RunChange, OneThatDidNotArriveIsSentAgain) {
  When(kGet, Document(Inference("7", "FAILED")));
  When(kPatch, Lost());
  Then(kPatch, Document(Inference("7", "CREATED")));
  EXPECT_EQ(MessageOf(Act(session(), 7, RunAction::kRerun)), "");
  EXPECT_EQ(Count(kPatch), 2U);
}

TEST_F(RunChange, WhatNeverArrivedIsNotSaidToBeInDoubt) {
  When(kGet, Document(Inference("7", "FAILED")));
  When(kPatch, Lost());
  const Status done = Act(session(), 7, RunAction::kRerun);
  EXPECT_THAT(MessageOf(done), AllOf(Not(""), Not(HasSubstr("not known"))));
  EXPECT_EQ(Count(kPatch), 2U);
}

TEST_F(RunChange, WhereNobodyCanLookAnAnswerThatIsLostIsSaidToBeInDoubt) {
  When(kGet, Document(Inference("7", "FAILED")));
  Then(kGet, HttpAnswer(400, "{}"));
  When(kPatch, Lost());
  const Status done = Act(session(), 7, RunAction::kRerun);
  EXPECT_THAT(MessageOf(done), HasSubstr("whether it was done is not known"));
  EXPECT_EQ(Count(kPatch), 1U);
}

TEST_F(RunChange, ADeletionWhoseAnswerIsLostHasHappenedWhereNothingIsThere) {
  When(kGet, Document(Inference("7", "FAILED")));
  Then(kGet, HttpAnswer(200, R"({"data": null})"));
  When(kDelete, Lost());
  EXPECT_EQ(MessageOf(Act(session(), 7, RunAction::kDelete)), "");
  EXPECT_EQ(Count(kDelete), 1U);
}

TEST_F(RunChange, CommentAndFavouriteGoTogether) {
  When(kPatch, Document(Inference("7", "FAILED")));
  EXPECT_EQ(MessageOf(ChangeInference(session(), 7, {"a \"b\"\n", true})), "");
  EXPECT_EQ(Last(kPatch).body, R"({"data":{"type":"inference","id":"7","attributes":)"
                               R"({"comment":"a \"b\"\n","favourite":true}}})");
  EXPECT_EQ(MessageOf(ChangeInference(session(), 7, {})), "");
  EXPECT_EQ(Count(kPatch), 1U);
}

TEST_F(RunChange, AChangeWhoseAnswerIsLostHasHappenedWhereAllOfItIsThere) {
  const auto inference = [](const char* comment, const char* favourite) {
    return Document(Resource(
        "inference", "7",
        std::string(R"({"comment": ")") + comment + R"(", "favourite": )" + favourite + "}"));
  };
  When(kPatch, Lost());
  When(kGet, inference("a", "true"));
  EXPECT_EQ(MessageOf(ChangeInference(session(), 7, {"a", true})), "");
  EXPECT_EQ(Count(kPatch), 1U);
  for (const std::string& before : {inference("", "true"), inference("a", "false")}) {
    When(kGet, before);
    EXPECT_NE(MessageOf(ChangeInference(session(), 7, {"a", true})), "") << before;
  }
}

TEST_F(RunChange, NoSessionServesWhatItRemembersOfBefore) {
  const std::string whole =
      R"({"type": "inference", "id": 7, "attributes": {"status": "SUCCEEDED", "output": "[]"}})";
  When(kGet, Document(whole));
  ASSERT_EQ(MessageOf(session().GetInference(7)), "");
  ASSERT_EQ(MessageOf(session().GetInference(7)), "");
  const std::size_t before = Count(kGet);
  SessionSettings settings = session().settings();
  settings.page_size = 7;
  const auto other = *Session::For(settings);
  const std::uint64_t changes = session().changes();
  When(kPatch, Document(Inference("7", "CREATED")));
  ASSERT_EQ(MessageOf(Act(*other, 7, RunAction::kRerun)), "");
  When(kGet, Document(Inference("7", "CREATED")));
  const auto after = session().GetInference(7);
  ASSERT_EQ(MessageOf(after), "");
  EXPECT_EQ((*after)->inference.status, "CREATED");
  EXPECT_GT(Count(kGet), before);
  EXPECT_NE(session().changes(), changes);
}

TEST_F(RunChange, TheSessionItselfServesNothingThatItRemembersOfBefore) {
  When(kGet, Document(Inference("7", "SUCCEEDED")));
  ASSERT_EQ(MessageOf(session().GetInference(7)), "");
  const std::uint64_t changes = session().changes();
  When(kPatch, Document(Inference("7", "CREATED")));
  ASSERT_EQ(MessageOf(Act(session(), 7, RunAction::kRerun)), "");
  When(kGet, Document(Inference("7", "CREATED")));
  const auto after = session().GetInference(7);
  ASSERT_EQ(MessageOf(after), "");
  EXPECT_EQ((*after)->inference.status, "CREATED");
  EXPECT_NE(session().changes(), changes);
}

}  // namespace
}  // namespace s2c
