// SPDX-License-Identifier: MIT
#include "client/http/exchange.h"

#include <gmock/gmock.h>

#include "tests/unit/support/environment_variable.h"
#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c {
namespace {

using testing_support::Answer;
using testing_support::BodyOf;
using testing_support::EnvironmentVariable;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeTransport;
using testing_support::kTemporaryFolderVariable;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::Pattern;
using testing_support::TemporaryFolder;

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

class Adding : public testing::Test {
 protected:
  Status Add(int status, const std::string& bytes) {
    response_.status = status;
    return response_.Add(request_, bytes.data(), bytes.size());
  }

  Request request_;
  Response response_;
};

TEST_F(Adding, ToAnAnswerWithoutARangeFillsTheBody) {
  for (const int status : {200, 206, 404}) {
    response_ = Response();
    ASSERT_EQ(MessageOf(Add(status, "first ")), "");
    ASSERT_EQ(MessageOf(Add(status, "second")), "");
    EXPECT_EQ(response_.body, "first second");
    EXPECT_FALSE(response_.part || response_.whole) << status;
  }
}

TEST_F(Adding, TheRangeThatWasAskedForFillsThePart) {
  request_.range = ByteRange{1000, 200000};
  const std::string bytes = Pattern(200000);
  ASSERT_EQ(MessageOf(Add(206, bytes.substr(0, 70000))), "");
  const std::shared_ptr<Body> part = response_.part;
  ASSERT_TRUE(part);
  EXPECT_EQ(part->size(), 70000U);
  ASSERT_EQ(MessageOf(Add(206, bytes.substr(70000))), "");
  EXPECT_EQ(response_.part, part) << "the same body grows";
  EXPECT_TRUE(BodyOf(response_) == bytes);
  EXPECT_TRUE(response_.body.empty());
  EXPECT_FALSE(response_.whole);
}

TEST_F(Adding, NoMoreThanTheRangeIsTaken) {
  request_.range = ByteRange{0, 10};
  ASSERT_EQ(MessageOf(Add(206, "12345678")), "");
  EXPECT_THAT(ErrorOf(Add(206, "9ab")),
              FailsWith(ErrorKind::kProtocol, testing::HasSubstr("longer than the 10 bytes")));
  EXPECT_EQ(BodyOf(response_), "12345678");
}

TEST_F(Adding, TheWholeFileInPlaceOfARangeIsSpooled) {
  request_.range = ByteRange{5, 10};
  const std::string bytes = Pattern(3000000);
  request_.max_body = bytes.size();
  ASSERT_EQ(MessageOf(Add(200, bytes.substr(0, 1000000))), "");
  ASSERT_EQ(MessageOf(Add(200, bytes.substr(1000000))), "");
  ASSERT_TRUE(response_.whole);
  EXPECT_TRUE(BodyOf(response_) == bytes);
  EXPECT_TRUE(response_.body.empty());
  EXPECT_FALSE(response_.part);
  EXPECT_THAT(ErrorOf(Add(200, "x")),
              FailsWith(ErrorKind::kProtocol, testing::HasSubstr("longer than the 3000000 bytes")));
}

TEST_F(Adding, AnErrorInPlaceOfARangeFillsTheBody) {
  request_.range = ByteRange{5, 10};
  for (const int status : {302, 404, 416, 503}) {
    response_ = Response();
    ASSERT_EQ(MessageOf(Add(status, "a page longer than the range")), "");
    EXPECT_EQ(response_.body, "a page longer than the range");
    EXPECT_FALSE(response_.part || response_.whole) << status;
  }
}

TEST_F(Adding, NoMoreThanTheMostIsTaken) {
  request_.max_body = 7;
  ASSERT_EQ(MessageOf(Add(200, "1234")), "");
  EXPECT_THAT(ErrorOf(Add(200, "5678")),
              FailsWith(ErrorKind::kTooLong, testing::HasSubstr("longer than the 7 bytes")));
  ASSERT_EQ(MessageOf(Add(200, "567")), "");
  EXPECT_EQ(response_.body, "1234567");
}

TEST_F(Adding, WhereNoTemporaryFileCanBeMadeTheWholeFileIsAnError) {
  request_.range = ByteRange{5, 10};
  const TemporaryFolder folder;
  const EnvironmentVariable elsewhere(kTemporaryFolderVariable, folder / "missing");
  EXPECT_THAT(ErrorOf(Add(200, "bytes")).message, testing::HasSubstr(kTemporaryFolderVariable));
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
