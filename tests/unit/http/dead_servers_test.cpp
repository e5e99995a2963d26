// SPDX-License-Identifier: MIT
#include "client/http/dead_servers.h"

#include <gmock/gmock.h>

#include "client/http/connection_settings.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeClock;
using testing_support::MessageOf;

const Error kRefused{ErrorKind::kUnreachable, "cannot connect to https://a:443 (refused)", 0};
const Error kNoAnswer{ErrorKind::kSilent, "https://a:443 does not answer", 0};

class DeadServersTest : public testing::Test {
 protected:
  DeadServers::Visit Go(const std::string& server = "https://a:443") {
    DeadServers::Visit visit{server};
    EXPECT_EQ(MessageOf(servers_.Enter(visit)), "");
    return visit;
  }
  Status Try(const std::string& server = "https://a:443") {
    DeadServers::Visit visit{server};
    const Status entered = servers_.Enter(visit);
    servers_.Left(visit);
    return entered;
  }
  void Die(const Error& error = kRefused) {
    DeadServers::Visit visit = Go();
    servers_.Failed(visit, error);
  }

  FakeClock clock_;
  DeadServers servers_{clock_};
};

TEST_F(DeadServersTest, LetsEverybodyGoToAServerOfWhichNothingIsKnown) {
  Go();
  Go();
}

// Each of them may be silent in the second in which a request is for the last time.
TEST_F(DeadServersTest, AreNotThoseThatHaveAnsweredOthersWhileOneRequestWasRepeated) {
  DeadServers::Visit repeated = Go();
  clock_.Advance(seconds(1));
  DeadServers::Visit other = Go();
  servers_.Answered(other);
  clock_.Advance(seconds(1));
  EXPECT_EQ(MessageOf(servers_.Enter(repeated)), "");
  clock_.Advance(seconds(1));
  servers_.Failed(repeated, kNoAnswer);
  EXPECT_EQ(MessageOf(Try()), "");
  Die(kNoAnswer);
  EXPECT_THAT(MessageOf(Try()), HasSubstr("as was found 0 s ago"));
}

TEST_F(DeadServersTest, NameTheCauseAndWhenItIsTriedAgain) {
  Die();
  clock_.Advance(seconds(3));
  EXPECT_THAT(
      ErrorOf(Try()),
      FailsWith(ErrorKind::kUnreachable,
                AllOf(HasSubstr("cannot connect to https://a:443 (refused), as was found 3 s ago"),
                      HasSubstr("tried again after another 7 s"))));
}

TEST_F(DeadServersTest, AreForgottenWithTheFirstAnswer) {
  DeadServers::Visit late = Go();
  Die();
  EXPECT_FALSE(Try());
  servers_.Answered(late);
  EXPECT_TRUE(Try());
}

TEST_F(DeadServersTest, AreTriedAgainByOneAtATime) {
  Die();
  clock_.Advance(DeadServers::kShortest);
  DeadServers::Visit probe = Go();
  EXPECT_TRUE(probe.is_probe);
  EXPECT_THAT(ErrorOf(Try()),
              FailsWith(ErrorKind::kUnreachable, HasSubstr("is being tried again")));
  servers_.Failed(probe, kRefused);
  EXPECT_FALSE(Try()) << "and left alone again";
  clock_.Advance(DeadServers::kShortest);
  DeadServers::Visit next = Go();
  servers_.Answered(next);
  Go();
  Go();
}

TEST_F(DeadServersTest, AProbeThatIsGivenUpLeavesTheWayToTheNext) {
  Die();
  clock_.Advance(DeadServers::kShortest);
  DeadServers::Visit probe = Go();
  servers_.Left(probe);
  EXPECT_TRUE(Go().is_probe);
}

TEST_F(DeadServersTest, AProbeThatFailsOtherwiseLeavesTheWayToTheNext) {
  Die();
  clock_.Advance(DeadServers::kShortest);
  DeadServers::Visit probe = Go();
  servers_.Failed(probe, Error{ErrorKind::kInterrupted, "broke off", 0});
  EXPECT_TRUE(Go().is_probe);
}

TEST_F(DeadServersTest, AreLeftAloneLongerWhereItTookLongToFindOut) {
  const std::pair<int, int> cases[] = {{0, 10}, {3, 10}, {10, 20}, {30, 30}, {300, 30}};
  for (const auto& [took, left_alone] : cases) {
    const std::string server = "https://a:" + std::to_string(took);
    DeadServers::Visit visit = Go(server);
    clock_.Advance(seconds(took));
    servers_.Failed(visit, kNoAnswer);
    clock_.Advance(seconds(left_alone - 1));
    EXPECT_FALSE(Try(server)) << took;
    clock_.Advance(seconds(1));
    EXPECT_TRUE(Try(server)) << took;
  }
}

TEST_F(DeadServersTest, AServerThatAnswersOthersMeanwhileIsNotDead) {
  DeadServers::Visit slow = Go();
  DeadServers::Visit quick = Go();
  clock_.Advance(seconds(1));
  servers_.Answered(quick);
  clock_.Advance(seconds(29));
  servers_.Failed(slow, kNoAnswer);
  EXPECT_TRUE(Try());
}

TEST_F(DeadServersTest, OtherFailuresAreNotRemembered) {
  for (const ErrorKind kind : {ErrorKind::kInterrupted, ErrorKind::kInvalidInput,
                               ErrorKind::kServer, ErrorKind::kProtocol, ErrorKind::kTooLong}) {
    Die(Error{kind, "x", 0});
    EXPECT_TRUE(Try());
  }
}

TEST_F(DeadServersTest, AnotherPortSchemeOrHostIsAnotherServer) {
  Die();
  for (const char* other : {"https://a:8443", "http://a:443", "https://b:443"})
    EXPECT_TRUE(Try(other)) << other;
}

TEST_F(DeadServersTest, HoweverManyThereAreTheMemoryIsBounded) {
  for (int port = 0; port < 10000; ++port) {
    DeadServers::Visit visit = Go("https://a:" + std::to_string(port));
    servers_.Failed(visit, kRefused);
    EXPECT_FALSE(Try(visit.server));
  }
}

TEST(DeadServersOfTheProcess, AreSharedByThoseWhoConnectInTheSameWay) {
  ConnectionSettings settings;
  settings.user_agent = "DeadServersOfTheProcess";
  const auto servers = DeadServers::For(settings);
  EXPECT_EQ(DeadServers::For(settings), servers);
  ConnectionSettings patient = settings;
  patient.connect_timeout = 60;
  EXPECT_NE(DeadServers::For(patient), servers);
  ConnectionSettings roundabout = settings;
  roundabout.proxy = "http://proxy.example:3128";
  EXPECT_NE(DeadServers::For(roundabout), servers);
  EXPECT_EQ(DeadServers::For(settings), servers);
}

}  // namespace
}  // namespace s2c
