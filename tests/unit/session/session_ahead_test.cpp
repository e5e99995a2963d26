// SPDX-License-Identifier: MIT
// What a session asks for before the API has answered; apart from session_test.cpp for the length.
#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "client/session.h"
#include "tests/unit/support/base64.h"
#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using namespace testing_support;  // NOLINT(google-build-using-namespace): all of this is about it

constexpr std::size_t kSize = 50000;

class LookingAhead : public testing::Test {
 protected:
  LookingAhead() {
    settings_.api_url = api_.Url("/v1");
    settings_.auth_url = "http://127.0.0.1:1/realm";
    settings_.client_id = "c";
    settings_.answer_cache = folder_ / "answers";
    BeUser("me");
  }

  void BeUser(const std::string& subject) {
    settings_.access_token = Secret(MakeJwt(R"({"iss": "i", "sub": ")" + subject + R"("})"));
  }

  // As another process does: a session of its own, which shares nothing but the folder.
  std::shared_ptr<Session> Another() {
    settings_.client_id += "x";
    return *Session::For(settings_);
  }

  static const Output* First(const ResolvedInference& resolved) {
    return resolved.inference.outputs.empty() ? nullptr : &resolved.inference.outputs.front();
  }

  // Opens the result and reads it; its bytes, or the error's sentence.
  std::string Look(const std::shared_ptr<Session>& session) {
    const auto inference = session->GetInference(7, First);
    if (!inference) return inference.error().message;
    const auto file = session->OpenOutput(**inference, (*inference)->inference.outputs.front());
    if (!file) return file.error().message;
    std::string target(kSize, '?');
    const auto read = (*file)->Read(0, kSize, target.data(), nullptr);
    if (!read) return read.error().message;
    session->KeepBeginning(*file);
    return target.substr(0, *read);
  }

  std::string ServeApi(const std::string&) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++api_requests_;
    changed_.notify_all();
    if (api_status_ != 200) return HttpAnswer(api_status_, "{}");
    const std::string document =
        R"({"data": {"type": "inference", "id": "7", "attributes": {"status": "SUCCEEDED",
           "timestamp_finished": ")" +
        finished_ + R"(", "output": [{"name": "map", "file_type": "geotiff", "data": "/map.tiff",
           "bytes": )" +
        std::to_string(kSize) + R"(}]}}, "included": [{"type": "factbase", "id": "1",
           "attributes": {"uri": ")" +
        uri_ + "\"}}]}";
    return (holds_api_ ? HttpServer::kPause : "") + HttpAnswer(200, document);
  }

  std::string ServeFile(const std::string& head) {
    const std::lock_guard<std::mutex> lock(mutex_);
    heads_.push_back(head);
    changed_.notify_all();
    const std::string etag = "ETag: \"" + etag_ + "\"\r\n";
    if (holds_files_) return HttpServer::kPause + HttpAnswer(304, "", etag);
    if (head.find("If-None-Match: \"" + etag_ + "\"") != std::string::npos)
      return HttpAnswer(304, "", etag);
    return HttpAnswer(206, content_,
                      etag + "Content-Range: " + ContentRangeText({0, kSize}, kSize) + "\r\n");
  }

  std::vector<std::string> Heads() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return heads_;
  }
  void AwaitFileRequests(std::size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(30), [&] { return heads_.size() >= count; }));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int api_requests_ = 0;
  int api_status_ = 200;
  bool holds_api_ = false;
  bool holds_files_ = false;
  std::string finished_ = "2021";
  std::string content_ = Pattern(kSize);
  std::string etag_ = "v1";
  std::vector<std::string> heads_;  ///< of the requests for the file
  HttpServer files_{
      [this](const std::string& head, const std::string&) { return ServeFile(head); }};
  HttpServer api_{[this](const std::string& head, const std::string&) { return ServeApi(head); }};
  std::string uri_ = files_.Url("");
  TemporaryFolder folder_;
  SessionSettings settings_;
};

TEST_F(LookingAhead, TheSecondLookAsksForTheFileWhileTheApiAnswers) {
  EXPECT_TRUE(Look(Another()) == content_);
  holds_api_ = true;
  std::string found;
  std::thread second([&] { found = Look(Another()); });
  AwaitFileRequests(2);
  api_.GoOn();
  second.join();
  EXPECT_TRUE(found == content_);
  ASSERT_THAT(Heads(), SizeIs(2)) << "nothing is asked for twice";
  EXPECT_THAT(Heads()[0], Not(HasSubstr("If-None-Match")));
  EXPECT_THAT(Heads()[1], HasSubstr("If-None-Match: \"v1\""));
  EXPECT_THAT(Heads()[1], HasSubstr("Authorization: Bearer"));
  EXPECT_EQ(api_requests_, 2);
}

TEST_F(LookingAhead, TheFirstLookAsksForNothingAhead) {
  const auto session = Another();
  EXPECT_TRUE(session->GetInference(7, First));
  EXPECT_THAT(Heads(), IsEmpty());
}

// The time in which the API answers is the caller's, who knows what a result of his begins with.
TEST_F(LookingAhead, WhoAsksHasTheLastBeginningWhileTheApiAnswers) {
  content_.replace(0, 2, "II");
  std::vector<std::string> told;
  const auto meanwhile = [&](const std::string& beginning) {
    told.push_back(beginning);
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(30), [&] { return api_requests_ == 2; });
    EXPECT_EQ(api_requests_, 2) << "the request is on its way";
    api_.GoOn();
  };
  EXPECT_TRUE(Look(Another()) == content_);
  holds_api_ = true;
  EXPECT_TRUE(Another()->GetInference(7, nullptr, meanwhile));
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_TRUE(told.front() == content_);
}

TEST_F(LookingAhead, ABeginningThatEndsAProcessMeetsNoOtherOne) {
  content_.replace(0, 2, "II");
  EXPECT_TRUE(Look(Another()) == content_);
  int count = 0;
  const auto ends = [&](const std::string&) {
    ++count;
    throw std::runtime_error("as a crash would");
  };
  EXPECT_THROW(static_cast<void>(Another()->GetInference(7, nullptr, ends)), std::runtime_error);
  EXPECT_TRUE(Another()->GetInference(7, nullptr, ends));
  EXPECT_EQ(count, 1);
}

TEST_F(LookingAhead, ATableIsNoBeginningOfARaster) {
  EXPECT_TRUE(Look(Another()) == content_);
  EXPECT_TRUE(Another()->GetInference(7, nullptr, [](const std::string&) { FAIL(); }));
}

TEST_F(LookingAhead, AnApiThatCannotAnswerLeavesTheFileOpenThatWasOpen) {
  const auto session = Another();
  EXPECT_TRUE(Look(session) == content_);
  session->ForgetInference(7);
  api_status_ = 400;
  EXPECT_FALSE(session->GetInference(7, First));
  api_status_ = 200;
  EXPECT_TRUE(Look(session) == content_);
  EXPECT_THAT(Heads(), SizeIs(1));
}

TEST_F(LookingAhead, WhereNothingIsKeptOfTheAccountThereIsNothingToBeDoneMeanwhile) {
  const auto never = [](const std::string&) { FAIL() << "of another account"; };
  EXPECT_TRUE(Another()->GetInference(7, First, never));
  EXPECT_TRUE(Look(Another()) == content_);
  BeUser("you");
  EXPECT_TRUE(Another()->GetInference(7, First, never));
}

TEST_F(LookingAhead, WhoWantsNoFileAsksForNone) {
  EXPECT_TRUE(Look(Another()) == content_);
  EXPECT_TRUE(Another()->GetInference(7));
  EXPECT_THAT(Heads(), SizeIs(1));
}

TEST_F(LookingAhead, OfARerunTheNewBytesCome) {
  EXPECT_TRUE(Look(Another()) == content_);
  finished_ = "2022";
  etag_ = "v2";
  content_.assign(kSize, 'n');
  EXPECT_TRUE(Look(Another()) == content_);
}

// A server that does not notice is no reason to show a run before.
TEST_F(LookingAhead, OfARerunNothingOldIsShownThoughTheFileServerSaysThatNothingHasChanged) {
  EXPECT_TRUE(Look(Another()) == content_);
  finished_ = "2022";
  content_.assign(kSize, 'n');
  EXPECT_TRUE(Look(Another()) == content_);
  // The one that was given up may arrive last.
  EXPECT_THAT(Heads(), Contains(Not(HasSubstr("If-None-Match"))).Times(2));
}

TEST_F(LookingAhead, BytesThatHaveChangedUnderTheSameTimeAreNotServedFromTheDisk) {
  EXPECT_TRUE(Look(Another()) == content_);
  etag_ = "v2";
  content_.assign(kSize, 'n');
  EXPECT_TRUE(Look(Another()) == content_);
}

TEST_F(LookingAhead, WhoMayNotSeeTheInferenceSeesNothingOfIt) {
  EXPECT_TRUE(Look(Another()) == content_);
  for (const int status : {401, 403, 404}) {
    api_status_ = status;
    EXPECT_THAT(Look(Another()), Not(HasSubstr(content_.substr(0, 100)))) << status;
  }
}

TEST_F(LookingAhead, AnotherAccountsTokenStartsFromNothing) {
  EXPECT_TRUE(Look(Another()) == content_);
  BeUser("other");
  EXPECT_TRUE(Look(Another()) == content_);
  EXPECT_THAT(Heads().back(), Not(HasSubstr("If-None-Match")));
  settings_.access_token = Secret("opaque");
  EXPECT_TRUE(Look(Another()) == content_);
  EXPECT_THAT(Heads().back(), Not(HasSubstr("If-None-Match")));
}

TEST_F(LookingAhead, NothingIsAskedForWhereTheTokenMayNotGo) {
  EXPECT_TRUE(Look(Another()) == content_);
  const std::string user = SecondLook::UserOf(settings_.access_token);
  const SecondLook look(settings_.answer_cache, *Url::Parse(settings_.api_url));
  auto kept = look.FindInference(user, 7);
  ASSERT_TRUE(kept);
  // The same server by a name that is not the API's, and one that is nobody's (RFC 5737).
  std::string elsewhere = uri_;
  elsewhere.replace(elsewhere.find("127.0.0.1"), 9, "localhost");
  for (const std::string& uri :
       {elsewhere, std::string("https://192.0.2.1"), std::string("none")}) {
    kept->factbase->uri = uri;
    look.KeepInference(user, *kept);
    EXPECT_TRUE(Look(Another()) == content_) << uri;
  }
  EXPECT_THAT(Heads(), SizeIs(4));
  EXPECT_THAT(Heads(), testing::Each(Not(HasSubstr("localhost"))));
}

TEST_F(LookingAhead, NoConnectionIsMadeToWhereTheTokenMayNotGo) {
  EXPECT_TRUE(Look(Another()) == content_);
  const SecondLook look(settings_.answer_cache, *Url::Parse(settings_.api_url));
  ResolvedInference other;
  other.inference.id = 8;
  other.inference.status = "SUCCEEDED";
  other.factbase = Factbase{1, {}, files_.Url(""), {}};
  other.factbase->uri->replace(other.factbase->uri->find("127.0.0.1"), 9, "localhost");
  look.KeepInference(SecondLook::UserOf(settings_.access_token), other);
  other.inference.id = 7;
  other.inference.status = "STARTED";
  look.KeepInference(SecondLook::UserOf(settings_.access_token), other);
  const std::size_t before = files_.connections();
  EXPECT_TRUE(Look(Another()) == content_);
  EXPECT_EQ(files_.connections(), before + 1) << "the one of the request itself";
}

TEST_F(LookingAhead, WhatIsUnderWayOfARunBeforeIsGivenUp) {
  EXPECT_TRUE(Look(Another()) == content_);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    holds_files_ = true;
    finished_ = "2022";
  }
  const auto session = Another();
  EXPECT_TRUE(session->GetInference(7, First));
  AwaitFileRequests(2);
  files_.GoOn();
  EXPECT_TRUE(files_.AwaitClosedConnection());
}

TEST_F(LookingAhead, BytesThatWereOfNoUseAreForgotten) {
  EXPECT_TRUE(Look(Another()) == content_);
  const auto session = Another();
  const auto inference = session->GetInference(7, First);
  ASSERT_TRUE(inference);
  const auto file = session->OpenOutput(**inference, (*inference)->inference.outputs.front());
  ASSERT_TRUE(file && (*file)->Prepare());
  session->Forget(*file);
  EXPECT_TRUE(Look(Another()) == content_);
  EXPECT_THAT(Heads().back(), Not(HasSubstr("If-None-Match")));
}

TEST_F(LookingAhead, AConnectionIsMadeToWhereTheLastFilesWere) {
  EXPECT_TRUE(Look(Another()) == content_);
  const SecondLook look(settings_.answer_cache, *Url::Parse(settings_.api_url));
  // Of this inference nothing is known.
  ResolvedInference run_again;
  run_again.inference.id = 7;
  look.KeepInference(SecondLook::UserOf(settings_.access_token), run_again);
  const std::size_t before = files_.connections();
  holds_api_ = true;
  std::string found;
  std::thread look_on([&] { found = Look(Another()); });
  EXPECT_TRUE(files_.AwaitConnections(before + 1));
  EXPECT_EQ(files_.connections(), before + 1);
  EXPECT_THAT(Heads(), SizeIs(1)) << "nothing is asked of it";
  api_.GoOn();
  look_on.join();
  EXPECT_TRUE(found == content_);
  EXPECT_EQ(files_.connections(), before + 1) << "it serves the request for the file";
}

TEST_F(LookingAhead, WithoutAFolderNothingIsKept) {
  settings_.answer_cache.clear();
  EXPECT_TRUE(Look(Another()) == content_);
  EXPECT_TRUE(Look(Another()) == content_);
  EXPECT_THAT(Heads().back(), Not(HasSubstr("If-None-Match")));
  EXPECT_EQ(folder_.Names(), "");
}

}  // namespace
}  // namespace s2c
