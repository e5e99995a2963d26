// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

namespace s2c::testing_support {

/// The sockets of the system, as far as a server on loopback needs them: posix_socket.cpp and
/// windows_socket.cpp. One is a number, and a negative one is none.

/// Bound to a free port of loopback, which nobody can connect to yet. Without loopback no test
/// means anything: it ends the program.
int BindToLoopback(int* port);
/// Lets so many wait to be taken.
void Listen(int socket, int queue);
/// Waits for somebody who connects, or for EndAccept().
int Accept(int listener);
/// Accept() in another thread returns: nothing, or a connection that nobody uses.
void EndAccept(int listener, int port);

/// Begins to connect to a port of loopback, without waiting for anybody who takes it.
int BeginToConnect(int port);

/// All of it; false where the connection does not take it.
bool SendAll(int socket, const std::string& text);
/// Adds what arrives; false at the end of the connection.
bool ReceiveMore(int socket, std::string& buffer);
/// Ends the connection in both directions, and what waits for it in another thread.
void ShutDown(int socket);
void Close(int socket);

}  // namespace s2c::testing_support
