// SPDX-License-Identifier: MIT
#include "driver/kept_messages.h"

namespace s2c {
namespace {

void CPL_STDCALL Keep(CPLErr level, CPLErrorNum number, const char* text) {
  auto* const messages = static_cast<std::vector<KeptMessage>*>(CPLGetErrorHandlerUserData());
  messages->push_back({level, number, text});
}

}  // namespace

std::vector<KeptMessage> KeepMessages(const std::function<void()>& call) {
  std::vector<KeptMessage> messages;
  const CPLErrorStateBackuper state;
  const CPLErrorHandlerPusher handler(Keep, &messages);
  CPLSetCurrentErrorHandlerCatchDebug(FALSE);
  call();
  return messages;
}

void MoveErrorCounterFrom(GUInt32 before) {
  if (CPLGetErrorCounter() != before || CPLGetLastErrorType() == CE_None) return;
  const KeptMessage last{CPLGetLastErrorType(), CPLGetLastErrorNo(), CPLGetLastErrorMsg()};
  const CPLErrorHandlerPusher quiet(CPLQuietErrorHandler);
  last.Say();
}

}  // namespace s2c
