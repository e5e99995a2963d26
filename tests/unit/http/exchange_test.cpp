// SPDX-License-Identifier: MIT
#include "client/http/exchange.h"

#include <gtest/gtest.h>

#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing_support::Answer;
using testing_support::FakeTransport;
using testing_support::MakeUrl;

TEST(Response, HasTheFirstOfEqualHeaders) {
  const Response response = Answer(200, "", {{"etag", "a"}, {"link", "b"}, {"etag", "c"}});
  EXPECT_EQ(response.Header("etag"), "a");
  EXPECT_EQ(response.Header("link"), "b");
}

TEST(Response, HasNothingForAnAbsentHeader) {
  EXPECT_EQ(Answer(200, "", {{"etag", "a"}}).Header("content-range"), "");
}

TEST(Response, IsOkFor2xxOnly) {
  for (const int status : {200, 201, 204, 206, 299}) EXPECT_TRUE(Answer(status).Ok()) << status;
  for (const int status : {0, 100, 199, 300, 304, 400, 401, 404, 500})
    EXPECT_FALSE(Answer(status).Ok()) << status;
}

TEST(Transport, SendStartsAndWaits) {
  FakeTransport transport;
  transport.Then(Answer(204));
  Request request;
  request.method = "DELETE";
  request.url = MakeUrl("https://a.example/x");
  const auto response = transport.Send(request);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204);
  EXPECT_EQ(transport.last().method, "DELETE");
  EXPECT_EQ(transport.cancelled(), 0U);
}

TEST(ByteRange, EndsBehindItsLastByte) {
  EXPECT_EQ((ByteRange{10, 5}.end()), 15U);
  EXPECT_EQ((ByteRange{10, 5}), (ByteRange{10, 5}));
  EXPECT_FALSE((ByteRange{10, 5} == ByteRange{10, 6}));
  EXPECT_FALSE((ByteRange{10, 5} == ByteRange{11, 5}));
}

}  // namespace
}  // namespace s2c
