// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "client/base/result.h"

namespace s2c {

/// Texts that are kept between processes, each under a key, in a private folder. Which of a fixed
/// number of files one lies in follows from its key, and takes the place of what lay there: so the
/// folder is bounded without anybody looking through it, and without a lock. A file says what it
/// is, its key, and a checksum of both and the text; whatever is not so is as good as none. Nothing
/// that goes wrong is an error of the user's work. Thread-safe.
class KeptAnswers {
 public:
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kLargest = std::size_t{256} << 10;

  /// Which of the files one kind of text lies in, so that no other kind takes its place: what is
  /// used together must not meet by the chance of its keys.
  struct Shelf {
    std::size_t first = 0;
    std::size_t count = kMost;
  };

  /// Keeps nothing where `folder` is empty.
  explicit KeptAnswers(std::string folder) : KeptAnswers(std::move(folder), Shelf()) {}
  KeptAnswers(std::string folder, const Shelf& shelf) : folder_(std::move(folder)), shelf_(shelf) {}

  bool keeps() const { return !folder_.empty(); }
  /// A key has one line.
  std::optional<std::string> Find(const std::string& key) const;
  /// Writes nothing where it is kept already, and nothing that is larger than kLargest.
  void Keep(const std::string& key, std::string_view text) const;
  void Drop(const std::string& key) const;

  /// Removes all that is kept in a folder; how many files that were.
  static Result<std::size_t> Clear(const std::string& folder);

 private:
  std::string PathOf(const std::string& key) const;

  const std::string folder_;
  const Shelf shelf_;
};

}  // namespace s2c
