// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <ostream>
#include <string>

#include "client/base/result.h"
#include "client/http/exchange.h"

namespace s2c {

/// For GoogleTest's failure messages.
inline void PrintTo(const Error& error, std::ostream* out) {
  *out << "Error{kind " << static_cast<int>(error.kind) << ", HTTP " << error.http_status << ", \""
       << error.message << "\"}";
}

inline void PrintTo(const ByteRange& range, std::ostream* out) {
  *out << range.offset << "+" << range.size;
}

namespace testing_support {

/// "" for a success, else the error's sentence: `EXPECT_EQ(MessageOf(x), "")` shows what failed.
template <class T>
std::string MessageOf(const Result<T>& result) {
  return result ? std::string() : result.error().message;
}

/// A failure of this kind whose sentence fits `message`.
template <class Message>
auto FailsWith(ErrorKind kind, Message message) {
  return ::testing::AllOf(::testing::Field("kind", &Error::kind, kind),
                          ::testing::Field("message", &Error::message, message));
}

/// The error of a result that must be one; an obviously wrong one where it is a success.
template <class T>
Error ErrorOf(const Result<T>& result) {
  if (!result) return result.error();
  ADD_FAILURE() << "succeeded where an error is due";
  return Error{ErrorKind::kServer, "(no error)", -1};
}

}  // namespace testing_support
}  // namespace s2c
