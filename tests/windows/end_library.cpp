// SPDX-License-Identifier: MIT
// A library that holds the client as the plugin does, for a program that ends.
#include <memory>
#include <string>
#include <thread>

#include "client/base/url.h"
#include "client/http/curl_transport.h"

namespace {

// Never destroyed, as sessions are.
s2c::CurlTransport& Transport() {
  static auto* const transport = new s2c::CurlTransport(s2c::ConnectionSettings());
  return *transport;
}

s2c::Request RequestOf(const char* url) {
  s2c::Request request;
  request.url = *s2c::Url::Parse(url);
  return request;
}

// As a static object of a program does that uses the library, with the library's own end.
struct Goodbye {
  ~Goodbye() {
    if (!url.empty()) static_cast<void>(Transport().Send(RequestOf(url.c_str())));
  }
  std::string url;
};
Goodbye goodbye;

}  // namespace

/// Whether the answer came.
extern "C" __declspec(dllexport) bool Ask(const char* url) {
  return Transport().Send(RequestOf(url)).has_value();
}

/// Sends the request and keeps what would wait for its answer.
extern "C" __declspec(dllexport) void Begin(const char* url) {
  static std::unique_ptr<s2c::Exchange> kept;
  kept = Transport().Start(RequestOf(url));
}

/// Has a thread wait for the answer.
extern "C" __declspec(dllexport) void Await(const char* url) {
  std::thread([exchange = Transport().Start(RequestOf(url))] {
    static_cast<void>(exchange->Wait());
  }).detach();
}

/// Sends the request when the library ends.
extern "C" __declspec(dllexport) void AskAtTheEnd(const char* url) { goodbye.url = url; }
