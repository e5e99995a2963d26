// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "client/auth/grants.h"
#include "client/auth/token.h"

namespace s2c {

/// The token that the caller gave (ACCESS_TOKEN). Nothing can replace it.
class GivenTokenSource final : public TokenSource {
 public:
  explicit GivenTokenSource(Secret token) : token_(std::move(token)) {}
  Result<Secret> Get() override { return token_; }
  Result<Secret> Replace(const Secret& refused) override;

 private:
  const Secret token_;
};

/// Tokens by the password grant, kept in memory and replaced shortly before they expire: by the
/// refresh token while that lives, else by the password. One request however many threads ask.
class PasswordTokenSource final : public TokenSource {
 public:
  PasswordTokenSource(Grants& grants, Clock& clock, std::string username, Secret password);

  Result<Secret> Get() override;
  Result<Secret> Replace(const Secret& refused) override;

 private:
  Result<Secret> Renew();

  Grants& grants_;
  Clock& clock_;
  const std::string username_;
  const Secret password_;

  std::mutex mutex_;
  std::optional<Token> token_;
};

/// Nobody is logged in: every request fails with one error that names the ways in.
class NoTokenSource final : public TokenSource {
 public:
  Result<Secret> Get() override;
  Result<Secret> Replace(const Secret&) override { return Get(); }
};

}  // namespace s2c
