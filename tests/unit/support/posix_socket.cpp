// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/unit/support/socket.h"

namespace s2c::testing_support {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(port));
  return address;
}

}  // namespace

int BindToLoopback(int* port) {
  const int bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bound < 0 || bind(bound, generic, length) != 0 || getsockname(bound, generic, &length) != 0)
    std::abort();
  *port = ntohs(address.sin_port);
  return bound;
}

void Listen(int socket, int queue) {
  if (listen(socket, queue) != 0) std::abort();
}

int Accept(int listener) { return accept4(listener, nullptr, nullptr, SOCK_CLOEXEC); }

void EndAccept(int listener, int /*port*/) { shutdown(listener, SHUT_RDWR); }

int BeginToConnect(int port) {
  const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const sockaddr_in address = Loopback(port);
  static_cast<void>(connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof(address)));
  return made;
}

bool SendAll(int socket, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t n = send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

bool ReceiveMore(int socket, std::string& buffer) {
  char part[4096];
  const ssize_t n = recv(socket, part, sizeof(part), 0);
  if (n > 0) buffer.append(part, static_cast<std::size_t>(n));
  return n > 0;
}

void ShutDown(int socket) { shutdown(socket, SHUT_RDWR); }

void Close(int socket) { close(socket); }

}  // namespace s2c::testing_support
