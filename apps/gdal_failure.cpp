// SPDX-License-Identifier: MIT
#include "apps/gdal_failure.h"

#include "client/base/text.h"
#include "driver/kept_messages.h"

namespace s2c {

Status TryGdal(const std::function<bool()>& call, ErrorKind kind) {
  bool done = false;
  const KeptMessage* failure = nullptr;
  const auto messages = KeepMessages([&] { done = call(); });
  for (const KeptMessage& message : messages) {
    if (message.IsFailure()) {
      failure = &message;
    } else {
      message.Say();
    }
  }
  if (!failure && done) return {};
  if (!failure) return Fail(kind, "GDAL has failed and does not say why; CPL_DEBUG=ON tells more");
  constexpr std::string_view kDriver = "S2C: ";
  std::string_view text = failure->text;
  if (StartsWith(text, kDriver)) text.remove_prefix(kDriver.size());
  return Fail(kind, std::string(text));
}

}  // namespace s2c
