// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "client/io/remote_file.h"
#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c::testing_support {

constexpr std::uint64_t kBlock = kBlockSize;
/// What comes first of a file that is not small.
constexpr std::uint64_t kFirst = 32 * kKiB;
/// Parts that lie no further apart are one request.
constexpr std::uint64_t kGap = 32 * kKiB;

/// A file of which the API told the size, on a server that does all as it should.
class RemoteFileTest : public testing::Test {
 protected:
  void Serve(std::size_t size, const std::string& path = "/output/x.tiff",
             bool merge_parts = true) {
    content_ = Pattern(size);
    transport_.AnswerBy(FakeFile{content_});
    file_ = std::make_unique<RemoteFile>(transport_, cache_,
                                         FileVersion{MakeUrl("https://demo.example" + path), size,
                                                     "2021", "output 'x' of inference 1"},
                                         merge_parts);
  }

  /// What a read gives, or its error's sentence.
  std::string Read(std::uint64_t offset, std::size_t size, ReadAhead* ahead = nullptr) {
    std::string target(size, '?');
    const auto done = file_->Read(offset, size, target.data(), ahead);
    if (!done) return "failed: " + done.error().message;
    target.resize(*done);
    return target;
  }

  bool ReadsRight(std::uint64_t offset, std::size_t size, ReadAhead* ahead = nullptr) {
    return Read(offset, size, ahead) == content_.substr(static_cast<std::size_t>(offset), size);
  }

  /// Reads these ranges at once; "" or the error's sentence, and the bytes in `got_`.
  std::string ReadParts(const std::vector<ByteRange>& ranges, ReadAhead* ahead = nullptr) {
    got_.clear();
    for (const ByteRange& range : ranges)
      got_.emplace_back(static_cast<std::size_t>(range.size), '?');
    std::vector<ReadPart> parts;
    for (std::size_t i = 0; i < ranges.size(); ++i) parts.push_back({ranges[i], got_[i].data()});
    return MessageOf(file_->ReadParts(parts, ahead));
  }

  std::vector<ByteRange> Asked() const {
    std::vector<ByteRange> ranges;
    for (const Request& request : transport_.requests()) ranges.push_back(*request.range);
    return ranges;
  }

  std::uint64_t BytesAsked() const {
    std::uint64_t bytes = 0;
    for (const ByteRange& range : Asked()) bytes += range.size;
    return bytes;
  }

  std::string content_;
  std::vector<std::string> got_;
  FakeTransport transport_;
  BlockCache cache_{64 * kMiB};
  std::unique_ptr<RemoteFile> file_;
};

}  // namespace s2c::testing_support
