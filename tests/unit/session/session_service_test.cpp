// SPDX-License-Identifier: MIT
// What a session asks a service for once.
#include "tests/unit/jobs/service_fixture.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

class SessionService : public ServiceTest {};

TEST_F(SessionService, IsCheckedOnceInAWhile) {
  When("GET /v1/inference", List(Inference("7", "SUCCEEDED")));
  EXPECT_EQ(MessageOf(session().CheckService()), "");
  EXPECT_EQ(MessageOf(session().CheckService()), "");
  EXPECT_EQ(Count("GET /v1/inference"), 1U);
}

TEST_F(SessionService, ThatRefusesIsToldAtEachLook) {
  When("GET /v1/inference", HttpAnswer(403, R"({"errors": [{"title": "not yours"}]})"));
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(MessageOf(session().CheckService()), HasSubstr("not yours"));
  EXPECT_EQ(Count("GET /v1/inference"), 1U);
}

TEST_F(SessionService, GivesTheLayoutOfAFactbaseOnce) {
  When("GET /v1/factbase/1", Document(Resource("factbase", "1", "{}")));
  const auto layout = session().GetLayout(1);
  ASSERT_EQ(MessageOf(layout), "");
  EXPECT_TRUE((*layout)->empty());
  EXPECT_EQ(*session().GetLayout(1), *layout);
  EXPECT_EQ(Count("GET /v1/factbase/1"), 1U);
}

TEST_F(SessionService, AsksAgainForALayoutThatDidNotCome) {
  When("GET /v1/factbase/1", HttpAnswer(403, "{}"));
  Then("GET /v1/factbase/1", Document(Resource("factbase", "1", "{}")));
  EXPECT_NE(MessageOf(session().GetLayout(1)), "");
  EXPECT_EQ(MessageOf(session().GetLayout(1)), "");
}

}  // namespace
}  // namespace s2c
