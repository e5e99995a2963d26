// SPDX-License-Identifier: MIT
#include "client/jobs/run_request.h"

#include "tests/unit/jobs/service_fixture.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr const char* kFactbases = "GET /v1/factbase";
constexpr const char* kFactbase = "GET /v1/factbase/1";
constexpr const char* kModels = "GET /v1/knowledgebase";
constexpr const char* kModel = "GET /v1/knowledgebase/218";

class MakingARun : public ServiceTest {
 protected:
  MakingARun() {
    order_.knowledgebase = "218";
    order_.factbase = "1";
    order_.start = "2021-03-01";
    order_.end = "2021-07-31";
    order_.comment = "why \"not\"";
    area_.features = R"([{"type":"Feature"}])";
    area_.feature_count = 1;
    area_.square_metres = 1e6;
    When(kModel, Document(Resource("knowledgebase", "218", R"({"title": "Composite"})")));
    SetFactbase("");
  }

  // What is given stands before what else it has, so that it counts.
  void SetFactbase(const std::string& more) {
    When(kFactbase,
         Document(Resource("factbase", "1",
                           "{" + more + (more.empty() ? "" : ", ") +
                               R"("title": "Austria", "status": "OK", "dateStart": "2015-07-04",
                                  "dateEnd": "2022-01-20", "resolution": [10.0, 10.0],
                                  "preview_factor": 10, "srs": "PROJCS[]",
                                  "footprint": {"type": "Point"}})")));
  }
  Result<RunRequest> Make() {
    FixedRandom random(0.5);
    return MakeRunRequest(session(), order_, area_, clock_, random);
  }
  std::string Refusal() {
    const Error error = ErrorOf(Make());
    EXPECT_EQ(error.kind, ErrorKind::kInvalidInput) << error.message;
    EXPECT_EQ(Count("POST /v1/inference"), 0U);
    return error.message;
  }

  RunOrder order_;
  RunArea area_;
};

TEST_F(MakingARun, TheDocumentIsWhatTheServiceTakes) {
  order_.scale = "2";
  const auto request = Make();
  ASSERT_EQ(MessageOf(request), "");
  EXPECT_THAT(request->warnings, IsEmpty());
  EXPECT_EQ(request->mark, "gdal_S2C 8000000080000000");
  EXPECT_EQ(request->document,
            R"({"data":{"type":"inference","attributes":{"owner":"demo","area_of_interest":)"
            R"("{\"type\":\"FeatureCollection\",\"name\":\"gdal_S2C 8000000080000000\",)"
            R"(\"features\":[{\"type\":\"Feature\"}]}","temp_range_start":)"
            R"("2021-03-01T00:00:00.000Z","temp_range_end":"2021-07-31T23:59:59.999Z",)"
            R"("comment":"why \"not\"","favourite":false,"output_scale_factor":2},)"
            R"("relationships":{"factbase":{"data":{"type":"factbase","id":"1"}},)"
            R"("knowledgebase":{"data":{"type":"knowledgebase","id":"218"}}}}})");
  EXPECT_EQ(request->pixels, 2500);
}

TEST_F(MakingARun, ATitleServesInPlaceOfAnId) {
  order_.knowledgebase = "composite";
  When(kModels, List(Resource("knowledgebase", "218", R"({"title": "Composite"})") + "," +
                     Resource("knowledgebase", "217", R"({"title": "Composite of water"})")));
  const auto request = Make();
  ASSERT_EQ(MessageOf(request), "");
  EXPECT_EQ(request->knowledgebase, 218);
}

TEST_F(MakingARun, SeveralOfATitleAreListed) {
  order_.factbase = "austria";
  When(kFactbases, List(Resource("factbase", "2", R"({"title": "Austria"})") + "," +
                        Resource("factbase", "1", R"({"title": "AUSTRIA"})")));
  EXPECT_THAT(Refusal(), AllOf(HasSubstr("FACTBASE"), HasSubstr("2 'Austria', 1 'AUSTRIA'")));
}

TEST_F(MakingARun, AnUnknownOneListsThoseThereAre) {
  order_.knowledgebase = "water";
  When(kModels, List(Resource("knowledgebase", "221", R"({"title": "Water dynamics"})") + "," +
                     Resource("knowledgebase", "218", R"({"title": "Composite"})")));
  EXPECT_THAT(Refusal(), AllOf(HasSubstr("no knowledgebase 'water'"),
                               HasSubstr("221 'Water dynamics'"), Not(HasSubstr("218"))));
  order_.knowledgebase = "99";
  When("GET /v1/knowledgebase/99", HttpAnswer(200, R"({"data": null})"));
  EXPECT_THAT(Refusal(), AllOf(HasSubstr("'99'"), HasSubstr("218 'Composite'")));
  order_.knowledgebase = " ";
  EXPECT_THAT(Refusal(), HasSubstr("KNOWLEDGEBASE"));
}

TEST_F(MakingARun, TimesMustBeThoseOfTheFactbase) {
  order_.start = "2015-07-03";
  EXPECT_THAT(Refusal(), AllOf(HasSubstr("START 2015-07-03 is before"), HasSubstr("1 'Austria'"),
                               HasSubstr("from 2015-07-04 to 2022-01-20")));
  order_.start = "2015-07-04";
  order_.end = "2022-01-21";
  EXPECT_THAT(Refusal(), HasSubstr("END 2022-01-21 is after"));
  order_.end = "2022-01-20";
  EXPECT_EQ(MessageOf(Make()), "");
  SetFactbase(R"("dateStart": null, "dateEnd": "soon")");
  order_.start = "1900-01-01";
  EXPECT_EQ(MessageOf(Make()), "");
}

TEST_F(MakingARun, TheAreaMustMeetTheFootprint) {
  std::string seen;
  area_.meets = [&](const std::string& footprint) {
    seen = footprint;
    return std::optional<bool>(false);
  };
  EXPECT_THAT(Refusal(),
              AllOf(HasSubstr("outside of factbase 1 'Austria'"), HasSubstr("projection")));
  EXPECT_EQ(seen, R"({"type":"Point"})");
  area_.meets = [](const std::string&) { return std::optional<bool>(); };
  EXPECT_EQ(MessageOf(Make()), "");
}

TEST_F(MakingARun, AnAreaWithoutFeaturesIsNone) {
  area_.feature_count = 0;
  EXPECT_THAT(Refusal(), HasSubstr("no feature"));
  EXPECT_THAT(Requests(), IsEmpty());
}

TEST_F(MakingARun, WhatIsWrongByItselfCostsNoRequest) {
  order_.scale = "0";
  Refusal();
  order_.scale = "";
  order_.start = "2021-08-01";
  Refusal();
  EXPECT_THAT(Requests(), IsEmpty());
}

TEST_F(MakingARun, APreviewHasTheFactbasesScale) {
  order_.preview = true;
  EXPECT_EQ(Make()->scale, 10);
  SetFactbase(R"("preview_factor": null)");
  EXPECT_THAT(Refusal(), HasSubstr("SCALE"));
  order_.scale = "5";
  EXPECT_THAT(Refusal(), HasSubstr("one of the two"));
}

TEST_F(MakingARun, AFactbaseThatDoesNotAnswerIsWarnedOf) {
  for (const char* state : {"MAINTENANCE", "OFFLINE", "disabled"}) {
    SetFactbase(std::string(R"("status": ")") + state + "\"");
    const auto request = Make();
    ASSERT_EQ(MessageOf(request), "");
    EXPECT_THAT(request->warnings, ElementsAre(HasSubstr(state)));
  }
  SetFactbase(R"("status": "BUSY", "free_worker_ping": "2020-01-01T00:00:00+00:00")");
  EXPECT_THAT(Make()->warnings, ElementsAre(HasSubstr("last heard of at 2020-01-01")));
}

TEST_F(MakingARun, TooManyPixelsAreWarnedOfWithTheFigure) {
  area_.square_metres = 5e9;
  EXPECT_THAT(Make()->warnings,
              ElementsAre(AllOf(HasSubstr("50.0 million pixels"), HasSubstr("SCALE=4"))));
  order_.scale = "4";
  EXPECT_THAT(Make()->warnings, IsEmpty());
  SetFactbase(R"("resolution": null)");
  EXPECT_EQ(Make()->pixels, std::nullopt);
}

TEST_F(MakingARun, WithoutAnOwnerNothingIsSent) {
  When("GET /realm/userinfo", HttpAnswer(500, ""));
  SessionSettings settings = session().settings();
  settings.page_size = 3;  // another session, which knows nobody's name yet
  settings.max_retry = 0;
  session_ = *Session::For(settings);
  EXPECT_THAT(ErrorOf(Make()).message, HasSubstr("who is logged in"));
}

}  // namespace
}  // namespace s2c
