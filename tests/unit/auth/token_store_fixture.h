// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "client/auth/token_store.h"
#include "tests/unit/support/captured_log.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/fake_realm.h"
#include "tests/unit/support/temporary_folder.h"

namespace s2c::testing_support {

constexpr const char* kAuthUrl = "https://auth.example/r";

class TokenStoreTest : public testing::Test {
 protected:
  std::unique_ptr<TokenStore> Cache(const std::string& user = "me",
                                    const std::string& auth_url = kAuthUrl,
                                    const std::string& client_id = "client") {
    return TokenStore::Cache(cache_folder_, auth_url, client_id, user, clock_);
  }
  std::unique_ptr<TokenStore> File() {
    return TokenStore::TokenFile(token_file_, kAuthUrl, clock_);
  }

  bool Write(const TokenStore& store, const std::string& access = "hidden-a") {
    const auto lock = store.Lock();
    return lock && store.Write(MakeToken(access, "hidden-r", clock_));
  }
  static std::string Read(const TokenStore& store) {
    const auto token = store.Read();
    return token ? token->access.Reveal() + " " + token->refresh.Reveal() : "(none)";
  }
  // What is told where there is nothing to read.
  std::string Complaint(const TokenStore& store) {
    log_.Clear();
    EXPECT_EQ(Read(store), "(none)");
    EXPECT_THAT(log_.Text(LogLevel::kDebug), testing::Not(testing::HasSubstr("hidden")));
    EXPECT_EQ(log_.Text(LogLevel::kWarning), "");
    return log_.Text(LogLevel::kDebug);
  }

  FakeClock clock_;
  CapturedLog log_;
  TemporaryFolder folder_;
  const std::string cache_folder_ = folder_ / "a/cache";
  const std::string token_file_ = folder_ / "token.json";
};

}  // namespace s2c::testing_support
