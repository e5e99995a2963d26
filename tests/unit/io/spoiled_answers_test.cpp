// SPDX-License-Identifier: MIT
// What a broken proxy or cache on the way makes of an answer is asked for again (issue 15).
#include <gmock/gmock.h>

#include "client/http/retry.h"
#include "client/io/remote_file.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::HasSubstr;
using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeClock;
using testing_support::FakeFile;
using testing_support::FakeTransport;
using testing_support::FixedRandom;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::Pattern;

constexpr std::size_t kSize = 100000;

class SpoiledAnswers : public testing::Test {
 protected:
  // After one right answer, so that the server's version is known.
  SpoiledAnswers() {
    inner_.AnswerBy(FakeFile{content_});
    EXPECT_EQ(MessageOf(Read(0, 100)), "");
    EXPECT_EQ(inner_.count(), 1U);
  }

  Result<std::size_t> Read(std::uint64_t offset, std::size_t size) {
    target_.assign(size, '?');
    return file_.Read(offset, size, target_.data(), nullptr);
  }

  // The true answer to what is asked after the beginning, as `spoil` leaves it, so many times.
  template <class Spoil>
  void SpoilAnswers(int times, Spoil spoil) {
    inner_.AnswerBy([=, file = FakeFile{content_}](const Request& request) mutable {
      Result<Response> answer = file(request);
      if (times-- > 0) spoil(*answer);
      return answer;
    });
  }

  template <class Spoil>
  void ExpectSurvived(const char* what, Spoil spoil) {
    cache_.Clear();
    const std::size_t before = inner_.count();
    SpoilAnswers(3, spoil);
    ASSERT_EQ(MessageOf(Read(50000, 1000)), "") << what;
    EXPECT_EQ(target_, content_.substr(50000, 1000)) << what;
    EXPECT_EQ(inner_.count(), before + 4) << what;
  }

  template <class Spoil>
  Error ErrorWhenLasting(Spoil spoil) {
    cache_.Clear();
    SpoilAnswers(4, spoil);
    const Error error = ErrorOf(Read(50000, 1000));
    EXPECT_EQ(target_, std::string(1000, '?')) << "no byte is made up";
    EXPECT_EQ(MessageOf(Read(50000, 1000)), "") << "and afterwards it is there";
    return error;
  }

  static void SetRange(Response& response, const std::string& range) {
    for (auto& [name, value] : response.headers) {
      if (name == "content-range") value = range;
    }
  }

  void BecomeCutOff(Response& response) const {
    response.status = 200;
    response.body = content_.substr(0, 60000);
  }

  static void CutTo(Response& response, std::size_t size) { response.body.resize(size); }

  const std::string content_ = Pattern(kSize);
  FakeTransport inner_;
  FakeClock clock_;
  FixedRandom random_{1};
  RetryingTransport transport_{inner_, {}, clock_, random_, std::make_shared<DeadServers>(clock_)};
  BlockCache cache_{64 << 20};
  RemoteFile file_{
      transport_, cache_,
      FileVersion{MakeUrl("https://demo.example/x"), kSize, "2021", "output 'x' of inference 1"}};
  std::string target_;
};

TEST_F(SpoiledAnswers, AreSurvivedWithinTheRetries) {
  ExpectSurvived("empty", [](Response& r) { CutTo(r, 0); });
  ExpectSurvived("short", [](Response& r) { CutTo(r, r.body.size() - 1); });
  ExpectSurvived("long", [](Response& r) { r.body += "more"; });
  ExpectSurvived("no range", [](Response& r) { SetRange(r, ""); });
  ExpectSurvived("no such range", [](Response& r) { SetRange(r, "bytes 9-5/10"); });
  ExpectSurvived("another range", [](Response& r) { SetRange(r, "bytes 0-99/100000"); });
  ExpectSurvived("another size of the same version",
                 [](Response& r) { SetRange(r, "bytes 49152-65535/200000"); });
  ExpectSurvived("not satisfied", [](Response& r) {
    r.status = 416;
    SetRange(r, "bytes */100000");
  });
  ExpectSurvived("coded", [](Response& r) {
    r.headers.emplace_back("content-encoding", "gzip");
    CutTo(r, 100);
  });
  ExpectSurvived("cut off whole", [this](Response& r) { BecomeCutOff(r); });
  ExpectSurvived("cut off whole that says nothing of its version", [this](Response& r) {
    BecomeCutOff(r);
    r.headers.clear();
  });
}

TEST_F(SpoiledAnswers, ThatLastAreAnErrorThatSaysWhatTheServerDid) {
  EXPECT_THAT(ErrorWhenLasting([](Response& r) { CutTo(r, 7); }),
              FailsWith(ErrorKind::kProtocol, HasSubstr("sent 7 of the ")));
  EXPECT_THAT(ErrorWhenLasting([](Response& r) { SetRange(r, ""); }),
              FailsWith(ErrorKind::kProtocol, HasSubstr("does not say which bytes")));
  EXPECT_THAT(ErrorWhenLasting([](Response& r) { r.body += "more"; }),
              FailsWith(ErrorKind::kProtocol, HasSubstr("longer than the ")));
  EXPECT_THAT(ErrorWhenLasting([](Response& r) { SetRange(r, "bytes 5-104/100000"); }),
              FailsWith(ErrorKind::kProtocol, HasSubstr("other bytes than were asked for")));
}

TEST_F(SpoiledAnswers, AreNoWebPages) {
  cache_.Clear();
  const std::size_t before = inner_.count();
  inner_.AnswerBy([](const Request&) {
    return Answer(200, "please log in", {{"content-type", "text/html"}});
  });
  EXPECT_THAT(ErrorOf(Read(50000, 1000)), FailsWith(ErrorKind::kProtocol, HasSubstr("web page")));
  EXPECT_EQ(inner_.count(), before + 1) << "a page is told at once";
}

TEST_F(SpoiledAnswers, AreNotThoseOfAnotherVersion) {
  cache_.Clear();
  const std::size_t before = inner_.count();
  inner_.AnswerBy(FakeFile{Pattern(2 * kSize), "\"v2\""});
  EXPECT_EQ(ErrorOf(Read(50000, 1000)).kind, ErrorKind::kChanged);
  EXPECT_EQ(inner_.count(), before + 1) << "a rerun is told at once";
}

}  // namespace
}  // namespace s2c
