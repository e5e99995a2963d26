// SPDX-License-Identifier: MIT
#include "client/session.h"

#include <gmock/gmock.h>

#include <functional>

#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;

Inference InState(const Text& status, const Text& message) {
  Inference inference;
  inference.id = 7;
  inference.status = status;
  inference.status_message = message;
  return inference;
}

TEST(CheckFinished, TakesSucceededAlone) {
  EXPECT_EQ(MessageOf(CheckFinished(InState("SUCCEEDED", "x"))), "");
}

TEST(CheckFinished, AnInferenceOnItsWayIsToBeOpenedLater) {
  // What it says then is still the message of the run before.
  for (const char* status : {"CREATED", "SCHEDULED", "STARTED"})
    EXPECT_THAT(ErrorOf(CheckFinished(InState(status, "The inference was successfully processed"))),
                FailsWith(ErrorKind::kNotFinished,
                          AllOf(HasSubstr("inference 7"), HasSubstr(status), HasSubstr("again"),
                                Not(HasSubstr("successfully")), Not(HasSubstr("rerun")))));
}

TEST(CheckFinished, AnInferenceThatEndedWithoutResultsTellsWhy) {
  for (const char* status : {"FAILED", "ABORTED"})
    EXPECT_THAT(ErrorOf(CheckFinished(InState(status, "zero-size array\nto reduction"))),
                FailsWith(ErrorKind::kNotFinished,
                          AllOf(HasSubstr(status), HasSubstr("(zero-size array to reduction)"),
                                HasSubstr("rerun"))));
  EXPECT_THAT(ErrorOf(CheckFinished(InState("FAILED", std::nullopt))).message,
              Not(HasSubstr("()")));
}

TEST(CheckFinished, AnUnknownStatusIsNamedAsItIs) {
  EXPECT_THAT(ErrorOf(CheckFinished(InState("PAUSED", std::nullopt))),
              FailsWith(ErrorKind::kNotFinished, HasSubstr("PAUSED")));
  EXPECT_THAT(ErrorOf(CheckFinished(InState(std::nullopt, std::nullopt))),
              FailsWith(ErrorKind::kNotFinished, HasSubstr("unknown")));
}

// Nothing here is sent anywhere; the addresses are reserved for documentation (RFC 2606).
SessionSettings Settings() {
  SessionSettings settings;
  settings.api_url = "https://api.example/v1";
  settings.auth_url = "https://auth.example/realms/r";
  settings.client_id = "c";
  settings.access_token = Secret("t");
  return settings;
}

TEST(SessionFor, IsSharedByEqualSettings) {
  const auto first = Session::For(Settings());
  const auto second = Session::For(Settings());
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
}

TEST(SessionFor, IsAnotherForEveryOtherSetting) {
  using Change = std::function<void(SessionSettings&)>;
  const Change changes[] = {
      [](auto& s) { s.api_url = "https://other.example/v1"; },
      [](auto& s) { s.auth_url = "https://other.example/r"; },
      [](auto& s) { s.client_id = "d"; },
      [](auto& s) { s.username = "me"; },
      [](auto& s) { s.password = Secret("pw"); },
      [](auto& s) { s.password_file = "/nowhere/password"; },
      [](auto& s) { s.access_token = Secret("u"); },
      [](auto& s) { s.refresh_token = Secret("r"); },
      [](auto& s) { s.token_file = "/nowhere/token.json"; },
      [](auto& s) { s.token_cache = "/nowhere/cache"; },
      [](auto& s) { s.answer_cache = "/nowhere/answers"; },
      [](auto& s) { s.trusted_hosts = {"files.example"}; },
      [](auto& s) { s.page_size = 1; },
      [](auto& s) { s.max_retry = 0; },
      [](auto& s) { s.retry_delay = 1; },
      [](auto& s) { s.extra_headers.emplace_back("a", "b"); },
      [](auto& s) { s.connection.proxy = "x"; },
  };
  const auto plain = Session::For(Settings());
  ASSERT_TRUE(plain);
  int number = 0;
  for (const Change& change : changes) {
    SessionSettings changed = Settings();
    change(changed);
    const auto other = Session::For(changed);
    ASSERT_TRUE(other) << number;
    EXPECT_NE(*other, *plain) << "change " << number;
    ++number;
  }
}

TEST(SessionFor, ABadUrlNamesItsOption) {
  SessionSettings settings = Settings();
  settings.api_url = "sen2cube";
  EXPECT_THAT(ErrorOf(Session::For(settings)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("S2C_API_URL")));
  settings = Settings();
  settings.auth_url = "ftp://auth.example/";
  EXPECT_THAT(ErrorOf(Session::For(settings)),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("S2C_AUTH_URL")));
}

class SessionFiles : public testing::Test {
 protected:
  SessionFiles() {
    resolved_.inference = InState("SUCCEEDED", std::nullopt);
    resolved_.inference.timestamp_finished = "2021-07-25T20:47:22+00:00";
    resolved_.inference.qgis_project_location = "/output/p/o/qgis-project-id7.zip";
    resolved_.factbase = Factbase{1, "Austria", "https://demo.example", std::nullopt};
    output_.name = "composite";
    output_.data = "/output/p/o/composite.tiff";
    output_.bytes = 1000;
  }

  Result<std::shared_ptr<RemoteFile>> Open() { return session_->OpenOutput(resolved_, output_); }

  std::shared_ptr<Session> session_ = *Session::For(Settings());
  ResolvedInference resolved_;
  Output output_;
};

TEST_F(SessionFiles, OpenTheOutputsAddress) {
  const auto file = Open();
  ASSERT_EQ(MessageOf(file), "");
  EXPECT_EQ((*file)->version().url.ToString(), "https://demo.example/output/p/o/composite.tiff");
  EXPECT_EQ((*file)->version().size, 1000U);
  EXPECT_EQ((*file)->version().label, "output 'composite' of inference 7");
}

TEST_F(SessionFiles, AreSharedWhileTheVersionIsTheSame) { EXPECT_EQ(*Open(), *Open()); }

TEST_F(SessionFiles, AreOthersAfterARerun) {
  const auto before = *Open();
  resolved_.inference.timestamp_finished = "2021-07-25T20:58:38+00:00";
  const auto after = *Open();
  EXPECT_NE(before, after);
  output_.bytes = 1001;
  EXPECT_NE(after, *Open());
}

TEST_F(SessionFiles, AreOthersForWhoHoldsTheServerToAnotherVersion) {
  const auto file = *Open();
  const auto pinned = *session_->OpenOutput(resolved_, output_, "\"v1\"");
  EXPECT_NE(file, pinned);
  EXPECT_EQ(pinned->version().validator, "\"v1\"");
  EXPECT_EQ(pinned, *session_->OpenOutput(resolved_, output_, "\"v1\""));
  EXPECT_EQ(pinned, session_->OpenVersion(pinned->SeenVersion()));
  EXPECT_NE(pinned, *session_->OpenOutput(resolved_, output_, "\"v2\""));
}

TEST_F(SessionFiles, AreOthersAfterTheyWereForgotten) {
  const auto file = *Open();
  session_->Forget(file);
  EXPECT_NE(file, *Open());
}

TEST_F(SessionFiles, OfAnUnfinishedInferenceAreRefused) {
  resolved_.inference.status = "STARTED";
  EXPECT_EQ(ErrorOf(Open()).kind, ErrorKind::kNotFinished);
  EXPECT_EQ(ErrorOf(session_->OpenProject(resolved_)).kind, ErrorKind::kNotFinished);
}

TEST_F(SessionFiles, WithoutAnAddressAreRefused) {
  output_.data.reset();
  EXPECT_THAT(ErrorOf(Open()), FailsWith(ErrorKind::kProtocol, HasSubstr("'composite'")));
  output_.data = "@evil.example/x";
  EXPECT_THAT(ErrorOf(Open()), FailsWith(ErrorKind::kProtocol, HasSubstr("change the host")));
}

TEST_F(SessionFiles, WithoutAFactbaseAreRefused) {
  resolved_.factbase->uri = "https://user@demo.example";
  EXPECT_THAT(ErrorOf(Open()), FailsWith(ErrorKind::kProtocol, HasSubstr("'composite'")));
  resolved_.factbase->uri.reset();
  EXPECT_THAT(ErrorOf(Open()), FailsWith(ErrorKind::kProtocol, HasSubstr("factbase")));
  resolved_.factbase.reset();
  EXPECT_THAT(ErrorOf(Open()), FailsWith(ErrorKind::kProtocol, HasSubstr("factbase")));
}

TEST_F(SessionFiles, IncludeTheQgisProject) {
  const auto file = session_->OpenProject(resolved_);
  ASSERT_EQ(MessageOf(file), "");
  EXPECT_EQ((*file)->version().url.path(), "/output/p/o/qgis-project-id7.zip");
  EXPECT_FALSE((*file)->version().size);
  resolved_.inference.qgis_project_location.reset();
  EXPECT_EQ(ErrorOf(session_->OpenProject(resolved_)).kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace s2c
