// SPDX-License-Identifier: MIT
// What becomes of curl_transport.h where the process gets no thread or no file descriptor more.
#include <pthread.h>
#include <sys/resource.h>

#include <chrono>

#include "tests/unit/http/curl_transport_fixture.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing_support::CurlTransportTest;
using testing_support::Echo;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::HttpServer;

// While it lives, a thread needs more memory than there is for its stack.
class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    pthread_attr_init(&huge);
    EXPECT_EQ(pthread_attr_setstacksize(&huge, std::size_t{1} << 50), 0);
    EXPECT_EQ(pthread_setattr_default_np(&huge), 0);
    pthread_attr_destroy(&huge);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_{};
};

// While it lives, nothing more can be opened.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(CurlTransportTest, SaysThatThereIsNoThreadAndTriesAgainWithTheNextRequest) {
  HttpServer server(Echo);
  {
    const NoThreads none;
    EXPECT_THAT(ErrorOf(transport_.Send(Ask(server.Url("/without")))),
                FailsWith(ErrorKind::kServer, HasSubstr("this process gets none (")));
  }
  EXPECT_THAT(BodyOf(Ask(server.Url("/with"))), HasSubstr("/with"));
}

TEST_F(CurlTransportTest, FailsAtOnceWhereNothingCanBeOpenedAndGoesOnWhereItCanAgain) {
  const auto begin = std::chrono::steady_clock::now();
  {
    const NoDescriptors none;
    // libcurl 8.23 needs descriptors for itself.
    EXPECT_THAT(ErrorOf(transport_.Send(Ask("http://127.0.0.1:1/"))),
                AnyOf(FailsWith(ErrorKind::kUnreachable, HasSubstr("cannot connect")),
                      FailsWith(ErrorKind::kServer, HasSubstr("no file descriptor is left"))));
  }
  HttpServer server(Echo);
  EXPECT_THAT(BodyOf(Ask(server.Url("/with"))), HasSubstr("/with"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace s2c
