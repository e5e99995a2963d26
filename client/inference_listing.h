// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "client/session.h"

namespace s2c {

/// The inferences of a session, newest first, asked for page by page as they are read. What it
/// gives, and its pages, the session remembers for some seconds. One thread at a time, in the
/// process that made it.
class InferenceListing {
 public:
  /// `filter` as in ListQuery. With `limit`, of which 0 is none, no more rows than that are asked
  /// for.
  InferenceListing(std::shared_ptr<Session> session, Detail detail, std::string filter,
                   std::uint64_t limit);
  ~InferenceListing();
  InferenceListing(const InferenceListing&) = delete;
  InferenceListing& operator=(const InferenceListing&) = delete;

  /// Null at the end.
  Result<InferencePtr> Next();
  /// How many there are, once the first has been read; nothing where the API does not say.
  std::optional<std::uint64_t> count() const { return reading_.reader->count(); }
  const std::shared_ptr<Session>& session() const { return session_; }
  /// Whether the same was listed within the last seconds.
  bool is_again() const { return reading_.read.has_value(); }

 private:
  const std::shared_ptr<Session> session_;  ///< outlives reading_
  const Detail detail_;
  RecentReaders::Reading reading_;
  bool failed_ = false;
  PagePtr page_;
  std::size_t place_ = 0;
};

}  // namespace s2c
