// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace s2c {

/// What went wrong, as far as a caller acts on it. The sentence for the user is Error::message.
enum class ErrorKind {
  kInvalidInput,  ///< the caller's name, option or file is not usable as it stands
  kCredentials,   ///< nobody is logged in, or the login was refused
  kNotFound,      ///< the server does not have it (any more)
  kNotFinished,   ///< the inference has no results yet, or will have none
  kUnreachable,   ///< no connection was made, so nothing of the request has left
  kInterrupted,   ///< the request may have arrived, its answer did not
  kSilent,        ///< no connection, or no byte of an answer, in the time that there was for it
  kServer,        ///< the server answered that it cannot
  kProtocol,      ///< the answer is not what the protocol says
  kTooLong,       ///< the answer does not fit into the memory that it may take
  kChanged,       ///< the file is not the version that was opened
};

/// One failure, told once. `message` is one sentence: what failed, why, what to do; never a secret.
struct Error {
  ErrorKind kind = ErrorKind::kServer;
  std::string message;
  int http_status = 0;  ///< 0 where no HTTP answer is behind it
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> Fail(ErrorKind kind, std::string message, int http_status = 0) {
  return tl::unexpected<Error>(Error{kind, std::move(message), http_status});
}

/// Hands a failure on to a caller whose result has another type.
template <class T>
tl::unexpected<Error> Pass(const Result<T>& failed) {
  return tl::unexpected<Error>(failed.error());
}

}  // namespace s2c
