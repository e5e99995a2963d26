// SPDX-License-Identifier: MIT
// What remote_file.h makes of a server's answers; apart from remote_file_test.cpp for the length.
#include <gmock/gmock.h>

#include "client/io/remote_file.h"
#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using testing_support::Answer;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::FakeFile;
using testing_support::FakeTransport;
using testing_support::kMiB;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::Pattern;

constexpr std::uint64_t kFirst = 32 << 10;  ///< of a large file, or one of unknown size

class Answers : public testing::Test {
 protected:
  // A file of which the API tells this size, or none.
  void Open(std::optional<std::uint64_t> size) {
    file_ = std::make_unique<RemoteFile>(
        transport_, cache_,
        FileVersion{MakeUrl("https://demo.example/x"), size, "2021", "output 'x' of inference 1"});
  }

  Result<std::size_t> Read(std::uint64_t offset, std::size_t size) {
    target_.assign(size, '?');
    return file_->Read(offset, size, target_.data(), nullptr);
  }

  // The error of a read of a file of 1000 bytes that is answered so.
  Error ErrorFor(Result<Response> answer) {
    Open(1000);
    transport_.Then(std::move(answer));
    const Error error = ErrorOf(Read(0, 100));
    EXPECT_EQ(target_, std::string(100, '?')) << "no byte is made up";
    EXPECT_THAT(error.message, HasSubstr("output 'x' of inference 1"));
    return error;
  }

  static Response Part(const std::string& body, const std::string& content_range) {
    return Answer(206, body, {{"content-range", content_range}});
  }

  FakeTransport transport_;
  BlockCache cache_{64 * kMiB};
  std::unique_ptr<RemoteFile> file_;
  std::string target_;
};

TEST_F(Answers, TheWholeFileInPlaceOfAPartIsTaken) {
  const std::string content = Pattern(2 * kMiB);
  Open(content.size());
  transport_.Then(Answer(200, content));
  ASSERT_EQ(MessageOf(Read(kMiB, 100)), "");
  EXPECT_EQ(target_, content.substr(kMiB, 100));
  ASSERT_EQ(MessageOf(Read(5, 100)), "");
  EXPECT_EQ(target_, content.substr(5, 100));
  EXPECT_EQ(transport_.count(), 1U) << "all of it is kept";
  cache_.Clear();
  EXPECT_EQ(MessageOf(Read(0, content.size())), "");
  EXPECT_TRUE(target_ == content);
  EXPECT_EQ(transport_.count(), 1U) << "on disk, whatever the cache has dropped";
}

// On a disk that fails when it is read.
class BrokenFile final : public TemporaryFile {
 public:
  Status Append(const char*, std::size_t) override { return {}; }
  std::uint64_t size() const override { return 1000; }
  Status ReadAt(std::uint64_t, char*, std::size_t) const override {
    return Fail(ErrorKind::kInvalidInput, "a temporary file cannot be read");
  }
};

TEST_F(Answers, AWholeFileThatCannotBeReadBackIsAnErrorThatNamesTheFile) {
  Open(1000);
  Response answer = Answer(200);
  answer.whole = std::make_shared<BrokenFile>();
  transport_.Then(answer);
  for (int read = 0; read < 2; ++read)
    EXPECT_THAT(ErrorOf(Read(0, 100)),
                FailsWith(ErrorKind::kInvalidInput,
                          "output 'x' of inference 1 cannot be read: "
                          "a temporary file cannot be read; "
                          "set TMPDIR (TMP on Windows) to a folder on another disk"));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Answers, OfTheWholeFileTheCacheHoldsWhatWasRead) {
  const std::string content = Pattern(40 * kMiB);
  Open(content.size());
  transport_.Then(Answer(200, content));
  ASSERT_EQ(MessageOf(Read(0, 100)), "");
  EXPECT_EQ(target_, content.substr(0, 100));
  EXPECT_LE(cache_.used(), kMiB);
}

TEST_F(Answers, TheWholeFileServesPartsAndTheEndAsWell) {
  const std::string content = Pattern(2 * kMiB + 5);
  Open(content.size());
  transport_.Then(Answer(200, content));
  ASSERT_EQ(MessageOf(file_->Prepare()), "");
  char a[10];
  char b[5];
  ASSERT_EQ(MessageOf(file_->ReadParts({{{kMiB, 10}, a}, {{2 * kMiB, 5}, b}}, nullptr)), "");
  EXPECT_EQ(std::string(a, 10), content.substr(kMiB, 10));
  EXPECT_EQ(std::string(b, 5), content.substr(2 * kMiB));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Answers, AWholeFileOfAnotherSizeIsNot) {
  EXPECT_EQ(ErrorFor(Answer(200, Pattern(999))).kind, ErrorKind::kChanged);
  EXPECT_EQ(ErrorFor(Answer(200, Pattern(1001))).kind, ErrorKind::kChanged);
  EXPECT_EQ(ErrorFor(Answer(200, "")).kind, ErrorKind::kChanged);
}

TEST_F(Answers, AWebPageInPlaceOfTheFileIsNamedAsSuch) {
  const std::string page = " <!doctype html>" + std::string(984, 'x');
  for (const char* type : {"text/html", "Text/HTML; charset=utf-8"}) {
    const Headers headers = {{"content-type", type}, {"content-range", "bytes 0-999/1000"}};
    const Headers other_size = {{"content-type", type}, {"content-range", "bytes 0-999/2000"}};
    for (const Response& answer :
         {Answer(200, page, headers), Answer(206, page, headers),
          Answer(200, "please log in", headers), Answer(206, Pattern(1000), other_size)})
      EXPECT_THAT(ErrorFor(answer),
                  FailsWith(ErrorKind::kProtocol, AllOf(HasSubstr("web page"), HasSubstr("S2C_"))));
  }
}

TEST_F(Answers, AWebPageInPlaceOfAFileOfUnknownSizeIsNamedAsSuch) {
  for (const int status : {200, 206}) {
    Open(std::nullopt);
    transport_.Then(Answer(status, Pattern(1000),
                           {{"content-type", "text/html"}, {"content-range", "bytes 0-999/1000"}}));
    EXPECT_THAT(ErrorOf(file_->Size()), FailsWith(ErrorKind::kProtocol, HasSubstr("web page")));
  }
}

TEST_F(Answers, RightBytesAreTakenWhateverTheirType) {
  for (const int status : {200, 206}) {
    Open(1000);
    transport_.Then(Answer(status, Pattern(1000),
                           {{"content-type", "text/html"}, {"content-range", "bytes 0-999/1000"}}));
    ASSERT_EQ(MessageOf(Read(10, 100)), "");
    EXPECT_EQ(target_, Pattern(1000).substr(10, 100));
  }
}

TEST_F(Answers, OtherBytesThanAskedForAreRefused) {
  for (const char* range : {"bytes 1-1000/1001", "bytes 0-998/1000", "bytes 10-999/1000",
                            "bytes 500-999/1000", "bytes 0-999/*"}) {
    const std::size_t size = std::string(range) == "bytes 0-999/*" ? 500 : 1000;
    const Error error = ErrorFor(Part(Pattern(size), range));
    EXPECT_TRUE(error.kind == ErrorKind::kProtocol || error.kind == ErrorKind::kChanged) << range;
  }
}

TEST_F(Answers, ABodyShorterOrLongerThanItsRangeIsRefused) {
  for (const std::size_t size : {0, 1, 999})
    EXPECT_THAT(ErrorFor(Part(Pattern(size), "bytes 0-999/1000")),
                FailsWith(ErrorKind::kProtocol,
                          HasSubstr("sent " + std::to_string(size) + " of the 1000 bytes")))
        << size;
  for (const std::size_t size : {1001, 2000})
    EXPECT_THAT(ErrorFor(Part(Pattern(size), "bytes 0-999/1000")),
                FailsWith(ErrorKind::kProtocol, HasSubstr("longer than the 1000 bytes")))
        << size;
}

TEST_F(Answers, APartThatDoesNotSayWhichIsRefused) {
  EXPECT_THAT(ErrorFor(Answer(206, Pattern(1000))),
              FailsWith(ErrorKind::kProtocol, HasSubstr("which bytes")));
  for (const char* range : {"", "bytes */1000", "nonsense", "bytes 0-999", "bytes 999-0/1000"})
    EXPECT_EQ(ErrorFor(Part(Pattern(1000), range)).kind, ErrorKind::kProtocol) << range;
}

TEST_F(Answers, ATotalThatTheServerDoesNotTellIsNoMatterWhereTheApiDid) {
  const std::string content = Pattern(1000);
  Open(1000);
  transport_.Then(Part(content, "bytes 0-999/*"));
  ASSERT_EQ(MessageOf(Read(10, 100)), "");
  EXPECT_EQ(target_, content.substr(10, 100));
}

TEST_F(Answers, ATotalOtherThanTheApisBytesIsNotTheResultOfThisRun) {
  EXPECT_THAT(ErrorFor(Part(Pattern(1000), "bytes 0-999/2000")),
              FailsWith(ErrorKind::kChanged,
                        AllOf(HasSubstr("2000"), HasSubstr("1000"), HasSubstr("rerun"))));
  EXPECT_EQ(ErrorFor(Part(Pattern(500), "bytes 0-499/500")).kind, ErrorKind::kChanged);
}

TEST_F(Answers, AnUnsatisfiedRangeTellsTheRealSize) {
  EXPECT_THAT(ErrorFor(Answer(416, "", {{"content-range", "bytes */500"}})),
              FailsWith(ErrorKind::kChanged, AllOf(HasSubstr("500"), HasSubstr("1000"))));
  EXPECT_THAT(ErrorFor(Answer(416)), FailsWith(ErrorKind::kServer, HasSubstr("HTTP 416")));
}

TEST_F(Answers, AMissingFileWasDeleted) {
  for (const int status : {404, 410}) {
    const Error error = ErrorFor(Answer(status, "<html>", {{"content-type", "text/html"}}));
    EXPECT_THAT(error, FailsWith(ErrorKind::kNotFound,
                                 AllOf(HasSubstr("no longer on the server"), HasSubstr("rerun"),
                                       HasSubstr("HTTP " + std::to_string(status)))));
    EXPECT_EQ(error.http_status, status);
  }
}

TEST_F(Answers, AnErrorsPageMayBeLongerThanTheFile) {
  // A table of some bytes, and the page that a proxy or a file server sends with its status.
  const std::string page(5000, 'x');
  EXPECT_EQ(ErrorFor(Answer(404, page)).kind, ErrorKind::kNotFound);
  EXPECT_EQ(ErrorFor(Answer(401, page)).kind, ErrorKind::kCredentials);
  EXPECT_THAT(ErrorFor(Answer(503, page)), FailsWith(ErrorKind::kServer, HasSubstr("HTTP 503")));
  EXPECT_THAT(ErrorFor(Answer(200, page, {{"content-type", "text/html"}})).message,
              HasSubstr("web page"));
}

TEST_F(Answers, ARefusedFileIsOfTheCredentials) {
  for (const int status : {401, 403})
    EXPECT_THAT(ErrorFor(Answer(status)),
                FailsWith(ErrorKind::kCredentials,
                          AllOf(HasSubstr("S2C_USERNAME"), HasSubstr("S2C_TRUSTED_HOSTS"),
                                HasSubstr("HTTP " + std::to_string(status)))));
}

TEST_F(Answers, AnyOtherStatusIsTheServers) {
  for (const int status : {204, 302, 400, 500, 503})
    EXPECT_THAT(ErrorFor(Answer(status)),
                FailsWith(ErrorKind::kServer, HasSubstr("HTTP " + std::to_string(status))));
}

TEST_F(Answers, ErrorsOfTheConnectionNameTheFile) {
  EXPECT_THAT(ErrorFor(Fail(ErrorKind::kInterrupted, "the connection broke off")),
              FailsWith(ErrorKind::kInterrupted, HasSubstr("broke off")));
}

TEST_F(Answers, AReadAfterAFailureAsksAgain) {
  const std::string content = Pattern(1000);
  ErrorFor(Answer(503));
  transport_.AnswerBy(FakeFile{content});
  ASSERT_EQ(MessageOf(Read(0, 100)), "");
  EXPECT_EQ(target_, content.substr(0, 100));
}

TEST_F(Answers, AFileThatChangesWhileItIsReadIsNoticed) {
  const std::string content = Pattern(4 * kMiB);
  Open(content.size());
  transport_.AnswerBy(FakeFile{content, "\"v1\""});
  ASSERT_EQ(MessageOf(Read(0, 100)), "");
  transport_.AnswerBy(FakeFile{content, "\"v2\""});
  EXPECT_THAT(ErrorOf(Read(2 * kMiB, 100)),
              FailsWith(ErrorKind::kChanged, HasSubstr("open it again")));
  transport_.AnswerBy(FakeFile{Pattern(5 * kMiB), "\"v1\""});
  EXPECT_THAT(ErrorOf(Read(2 * kMiB, 100)),
              FailsWith(ErrorKind::kChanged, HasSubstr("open it again")));
}

// The API may not know of a rerun yet: size and time are the same.
TEST_F(Answers, AFileOpenedAgainIsHeldToWhatTheServerSaidAtFirst) {
  const std::string content = Pattern(1000);
  Open(content.size());
  transport_.AnswerBy(FakeFile{content, "\"v1\""});
  ASSERT_EQ(MessageOf(Read(0, 100)), "");
  const FileVersion seen = file_->SeenVersion();
  EXPECT_EQ(seen.validator, "\"v1\"");
  cache_.Clear();
  RemoteFile again(transport_, cache_, seen);
  EXPECT_EQ(MessageOf(again.Prepare()), "");
  cache_.Clear();
  transport_.AnswerBy(FakeFile{content, "\"v2\""});
  RemoteFile other(transport_, cache_, seen);
  EXPECT_THAT(ErrorOf(other.Prepare()), FailsWith(ErrorKind::kChanged, HasSubstr("open it again")));
}

TEST_F(Answers, ThatWereOfNoUseAreAskedForAgain) {
  const std::string content = Pattern(1000);
  Open(content.size());
  transport_.AnswerBy(FakeFile{std::string(1000, 'x')});
  ASSERT_EQ(MessageOf(Read(0, 100)), "");
  transport_.AnswerBy(FakeFile{content});
  file_->DropBlocks();
  ASSERT_EQ(MessageOf(Read(0, 100)), "");
  EXPECT_EQ(target_, content.substr(0, 100));
}

TEST_F(Answers, AServerWithoutEtagsIsTaken) {
  const std::string content = Pattern(4 * kMiB);
  Open(content.size());
  transport_.AnswerBy(FakeFile{content, ""});
  EXPECT_EQ(MessageOf(Read(0, 100)), "");
  EXPECT_EQ(MessageOf(Read(2 * kMiB, 100)), "");
}

TEST_F(Answers, PrepareNoticesAMissingFileWithOneRequest) {
  Open(4 * kMiB);
  transport_.Then(Answer(404));
  EXPECT_EQ(ErrorOf(file_->Prepare()).kind, ErrorKind::kNotFound);
}

TEST_F(Answers, PrepareBringsTheBeginningOnce) {
  const std::string content = Pattern(4 * kMiB);
  Open(content.size());
  transport_.AnswerBy(FakeFile{content});
  ASSERT_EQ(MessageOf(file_->Prepare()), "");
  ASSERT_EQ(MessageOf(file_->Prepare()), "");
  ASSERT_EQ(MessageOf(Read(0, 1000)), "");
  EXPECT_EQ(target_, content.substr(0, 1000));
  EXPECT_EQ(transport_.count(), 1U);
  EXPECT_EQ(transport_.last().range, (ByteRange{0, kFirst}));
}

TEST_F(Answers, KeepsWhatTheServerSaysOfTheFile) {
  const std::string content = Pattern(1000);
  Open(1000);
  EXPECT_TRUE(file_->KnownHeaders().empty());
  transport_.AnswerBy(FakeFile{content});
  ASSERT_EQ(MessageOf(file_->Prepare()), "");
  EXPECT_THAT(file_->KnownHeaders(), Contains(Pair("content-type", "image/tiff")));
}

TEST_F(Answers, AnUnknownSizeComesWithTheFirstBytes) {
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{1000}, std::size_t{kFirst}, std::size_t{3 * kMiB + 5}}) {
    const std::string content = Pattern(size);
    const std::size_t before = transport_.count();
    Open(std::nullopt);
    transport_.AnswerBy(FakeFile{content});
    ASSERT_EQ(MessageOf(file_->Size()), "") << size;
    EXPECT_EQ(*file_->Size(), size);
    EXPECT_EQ(transport_.count(), before + 1);
    ASSERT_EQ(MessageOf(Read(0, size)), "") << size;
    EXPECT_TRUE(target_ == content) << size;
  }
}

TEST_F(Answers, AnUnknownSizeThatTheServerDoesNotTellIsAnError) {
  Open(std::nullopt);
  transport_.Then(Part(Pattern(kFirst), "bytes 0-32767/*"));
  EXPECT_THAT(ErrorOf(file_->Size()), FailsWith(ErrorKind::kProtocol, HasSubstr("its size")));
}

TEST_F(Answers, AnUnknownSizeComesWithAWholeFile) {
  const std::string content = Pattern(3 * kMiB);
  Open(std::nullopt);
  transport_.Then(Answer(200, content));
  EXPECT_EQ(*file_->Size(), content.size());
  ASSERT_EQ(MessageOf(Read(2 * kMiB, 100)), "");
  EXPECT_EQ(target_, content.substr(2 * kMiB, 100));
  EXPECT_EQ(transport_.count(), 1U);
}

TEST_F(Answers, AnEmptyFileCostsNoRequestWhereTheApiTellsSo) {
  Open(0);
  EXPECT_EQ(MessageOf(file_->Prepare()), "");
  EXPECT_EQ(*file_->Size(), 0U);
  EXPECT_EQ(*Read(0, 10), 0U);
  EXPECT_EQ(transport_.count(), 0U);
}

TEST_F(Answers, AnEmptyFileOfUnknownSizeMayComeWhole) {
  Open(std::nullopt);
  transport_.Then(Answer(200, ""));
  EXPECT_EQ(*file_->Size(), 0U);
  EXPECT_EQ(*Read(0, 10), 0U);
}

TEST_F(Answers, AnEmptyFileOfUnknownSizeMayBeAnUnsatisfiedRange) {
  // nginx answers so: no range of an empty file can be satisfied (RFC 9110, section 14.1.1).
  Open(std::nullopt);
  transport_.AnswerBy(FakeFile{""});
  ASSERT_EQ(MessageOf(file_->Size()), "");
  EXPECT_EQ(*file_->Size(), 0U);
  EXPECT_EQ(*Read(0, 10), 0U);
}

}  // namespace
}  // namespace s2c
