// SPDX-License-Identifier: MIT
// Answers of the token endpoint, token files, and what a token says of itself.
#include "client/auth/jwt.h"
#include "client/auth/token_document.h"
#include "tests/fuzz/fuzzing.h"

using s2c::fuzzing::Require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(s2c::fuzzing::TextOf(data, size));
  s2c::Clock& clock = s2c::SystemClock();
  s2c::JwtClaim(s2c::Secret(text), "sub");
  s2c::IsOfAnotherIssuer(text, "https://auth.sen2cube.at/realms/sen2cube-at");
  s2c::HasLabels(text, {{"server", "a"}});
  s2c::ReadTokenFile(text, clock);
  const auto token = s2c::ReadGrantAnswer(text, clock.Now());
  if (!token) return 0;
  for (const char c : token->access.Reveal())
    Require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "a bearer fits into a header");
  s2c::WriteTokenFile(*token, text, clock, {{"server", "a"}});
  return 0;
}
