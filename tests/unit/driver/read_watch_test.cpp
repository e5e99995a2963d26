// SPDX-License-Identifier: MIT
#include "driver/read_watch.h"

#include <cpl_error.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace s2c {
namespace {

// Nothing here is sent anywhere; the addresses are reserved for documentation (RFC 2606).
class Watch : public testing::Test {
 protected:
  Watch() {
    SessionSettings settings;
    settings.api_url = "https://api.example/v1";
    settings.auth_url = "https://auth.example/token";
    auto resolved = std::make_shared<ResolvedInference>();
    resolved->inference.id = 7;
    resolved->inference.status = "SUCCEEDED";
    resolved->inference.outputs.resize(1);
    resolved->inference.outputs[0].name = "x";
    resolved->inference.outputs[0].data = "/output/x.tiff";
    mount_ = std::make_unique<Mount>(*Session::For(settings), resolved);
    record_ = FindMount(ParseVsiPath(mount_->OutputPath(0))->mount).record;
    CPLPushErrorHandlerEx(Hear, &said_);
    CPLErrorReset();
  }
  ~Watch() override { CPLPopErrorHandler(); }

  static void CPL_STDCALL Hear(CPLErr level, CPLErrorNum, const char* text) {
    if (level >= CE_Warning)
      static_cast<std::vector<std::string>*>(CPLGetErrorHandlerUserData())->emplace_back(text);
  }

  static void Say(CPLErr level, const std::string& text) {
    CPLError(level, CPLE_AppDefined, "%s", text.c_str());
  }

  const Error cause_{ErrorKind::kServer, "the bytes did not come", 503};
  std::unique_ptr<Mount> mount_;
  std::shared_ptr<ReadRecord> record_;
  std::vector<std::string> said_;
};

TEST_F(Watch, BelievesACallThatReadWhatItWanted) {
  EXPECT_EQ(WatchReads(*mount_, [] { return true; }), ReadOutcome::kGood);
  EXPECT_TRUE(said_.empty());
}

TEST_F(Watch, DoesNotBelieveACallOfWhichAReadFailed) {
  EXPECT_EQ(WatchReads(*mount_,
                       [&] {
                         record_->AddFailure(cause_);
                         return true;
                       }),
            ReadOutcome::kUnread);
  EXPECT_EQ(said_, std::vector<std::string>{"S2C: the bytes did not come"});
  EXPECT_EQ(CPLGetLastErrorType(), CE_Failure);
}

TEST_F(Watch, LetsTheCauseBeTheOnlyWord) {
  EXPECT_EQ(WatchReads(*mount_,
                       [&] {
                         record_->AddFailure(cause_);
                         Say(CE_Failure, mount_->OutputPath(0) + ": IReadBlock failed");
                         return false;
                       }),
            ReadOutcome::kUnread);
  EXPECT_EQ(said_, std::vector<std::string>{"S2C: the bytes did not come"});
}

TEST_F(Watch, ForgivesWhatFailedInAdvanceAndCameThen) {
  EXPECT_EQ(WatchReads(*mount_,
                       [&] {
                         record_->AddAttempt(cause_);
                         return true;
                       }),
            ReadOutcome::kGood);
  EXPECT_TRUE(said_.empty());
  EXPECT_EQ(WatchReads(*mount_,
                       [&] {
                         record_->AddAttempt(cause_);
                         return false;
                       }),
            ReadOutcome::kUnread);
}

TEST_F(Watch, ForgetsFailuresOfCallsBefore) {
  record_->AddFailure(cause_);
  EXPECT_EQ(WatchReads(*mount_, [] { return true; }), ReadOutcome::kGood);
}

TEST_F(Watch, SaysWhatTheDriverSaidWithoutTheMountsPath) {
  EXPECT_EQ(WatchReads(*mount_,
                       [&] {
                         Say(CE_Warning, "odd");
                         Say(CE_Failure, mount_->OutputPath(0) + " is broken");
                         return false;
                       }),
            ReadOutcome::kUnusable);
  EXPECT_EQ(said_, (std::vector<std::string>{"odd", "/vsis2c/7/x.tiff is broken"}));
  EXPECT_STREQ(CPLGetLastErrorMsg(), "/vsis2c/7/x.tiff is broken");
}

TEST_F(Watch, TellsSilenceFromACancelledCall) {
  EXPECT_EQ(WatchReads(*mount_, [] { return false; }), ReadOutcome::kSilent);
  EXPECT_EQ(WatchReads(*mount_,
                       [] {
                         CPLError(CE_Failure, CPLE_UserInterrupt, "User terminated");
                         return false;
                       }),
            ReadOutcome::kCancelled);
}

TEST_F(Watch, LeavesTheErrorStateOfWhoCallsAlone) {
  Say(CE_Warning, "before");
  EXPECT_EQ(WatchReads(*mount_, [] { return true; }), ReadOutcome::kGood);
  EXPECT_STREQ(CPLGetLastErrorMsg(), "before");
}

}  // namespace
}  // namespace s2c
