// SPDX-License-Identifier: MIT
#include <winsock2.h>

#include <cstdlib>

#include "tests/unit/support/socket.h"

namespace s2c::testing_support {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<u_short>(port));
  return address;
}

// A handle of the system's fits an int: they are small numbers, and INVALID_SOCKET becomes -1.
SOCKET HandleOf(int socket) { return static_cast<SOCKET>(socket); }

int MakeSocket() {
  static const int started = [] {
    WSADATA data;
    return WSAStartup(MAKEWORD(2, 2), &data);
  }();
  if (started != 0) std::abort();
  return static_cast<int>(socket(AF_INET, SOCK_STREAM, 0));
}

}  // namespace

int BindToLoopback(int* port) {
  const int bound = MakeSocket();
  sockaddr_in address = Loopback(0);
  int length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bound < 0 || bind(HandleOf(bound), generic, length) != 0 ||
      getsockname(HandleOf(bound), generic, &length) != 0)
    std::abort();
  *port = ntohs(address.sin_port);
  return bound;
}

void Listen(int socket, int queue) {
  if (listen(HandleOf(socket), queue) != 0) std::abort();
}

int Accept(int listener) { return static_cast<int>(accept(HandleOf(listener), nullptr, nullptr)); }

// Neither shutdown() nor closesocket() of a listener ends an accept() everywhere; a connection
// does.
void EndAccept(int /*listener*/, int port) { Close(BeginToConnect(port)); }

int BeginToConnect(int port) {
  const int made = MakeSocket();
  u_long not_blocking = 1;
  ioctlsocket(HandleOf(made), FIONBIO, &not_blocking);
  const sockaddr_in address = Loopback(port);
  static_cast<void>(
      connect(HandleOf(made), reinterpret_cast<const sockaddr*>(&address), sizeof(address)));
  return made;
}

bool SendAll(int socket, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const int n =
        send(HandleOf(socket), text.data() + sent, static_cast<int>(text.size() - sent), 0);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

bool ReceiveMore(int socket, std::string& buffer) {
  char part[4096];
  const int n = recv(HandleOf(socket), part, sizeof(part), 0);
  if (n > 0) buffer.append(part, static_cast<std::size_t>(n));
  return n > 0;
}

// shutdown() alone lets a recv() wait that has begun.
void ShutDown(int socket) {
  shutdown(HandleOf(socket), SD_BOTH);
  CancelIoEx(reinterpret_cast<HANDLE>(HandleOf(socket)), nullptr);
}

void Close(int socket) { closesocket(HandleOf(socket)); }

}  // namespace s2c::testing_support
