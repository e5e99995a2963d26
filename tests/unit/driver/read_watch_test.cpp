// SPDX-License-Identifier: MIT
#include "driver/read_watch.h"

#include <cpl_error.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/support/test_mount.h"

namespace s2c {
namespace {

class Watch : public testing::Test {
 protected:
  Watch() {
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
  const std::unique_ptr<Mount> mount_ = testing_support::MakeMount();
  const std::shared_ptr<ReadRecord> record_ = testing_support::FindByPath(*mount_).record;
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
