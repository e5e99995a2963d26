// SPDX-License-Identifier: MIT
#include "tests/unit/support/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

namespace s2c::testing_support {
namespace {

int Bind(int* port) {
  const int bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bound < 0 || bind(bound, generic, length) != 0 || getsockname(bound, generic, &length) != 0)
    std::abort();  // without loopback no test here means anything
  *port = ntohs(address.sin_port);
  return bound;
}

int Listen(int* port) {
  const int listener = Bind(port);
  if (listen(listener, 64) != 0) std::abort();
  return listener;
}

bool SendAll(int socket, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t n = send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

// Adds what arrives; false at the end of the connection.
bool ReceiveMore(int socket, std::string& buffer) {
  char part[4096];
  const ssize_t n = recv(socket, part, sizeof(part), 0);
  if (n > 0) buffer.append(part, static_cast<std::size_t>(n));
  return n > 0;
}

std::size_t BodyLength(const std::string& head) {
  const std::string name = "Content-Length: ";
  const std::size_t at = head.find(name);
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + name.size(), nullptr, 10);
}

}  // namespace

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = Listen(&port_);
  acceptor_ = std::thread([this] { Accept(); });
}

HttpServer::~HttpServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  std::vector<std::thread> threads;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ends_ = true;
    changed_.notify_all();
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
    threads.swap(threads_);
  }
  for (std::thread& thread : threads) thread.join();
  for (const int socket : sockets_) close(socket);
}

std::string HttpServer::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::size_t HttpServer::connections() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return sockets_.size();
}

bool HttpServer::AwaitConnections(std::size_t count) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(30),
                           [&] { return sockets_.size() >= count; });
}

bool HttpServer::AwaitClosedConnection() {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return closed_ > 0; });
}

void HttpServer::GoOn() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++may_go_on_;
  changed_.notify_all();
}

bool HttpServer::SendAnswer(int socket, const std::string& answer) {
  for (std::size_t begin = 0;;) {
    const std::size_t pause = answer.find(kPause, begin);
    if (!SendAll(socket, answer.substr(begin, pause - begin))) return false;
    if (pause == std::string::npos) return true;
    begin = pause + std::string(kPause).size();
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return ends_ || may_go_on_ > 0; });
    if (ends_) return false;
    --may_go_on_;
  }
}

void HttpServer::Accept() {
  for (;;) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    sockets_.push_back(socket);
    changed_.notify_all();
    threads_.emplace_back([this, socket] { Serve(socket); });
  }
}

void HttpServer::Serve(int socket) {
  std::string buffer;
  for (;;) {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (ReceiveMore(socket, buffer)) continue;
      const std::lock_guard<std::mutex> lock(mutex_);
      ++closed_;
      changed_.notify_all();
      return;
    }
    const std::string head = buffer.substr(0, end + 2);
    const std::size_t whole = end + 4 + BodyLength(head);
    while (buffer.size() < whole && ReceiveMore(socket, buffer)) continue;
    std::string answer = handler_(head, buffer.substr(end + 4, whole - end - 4));
    buffer.erase(0, whole);
    const bool cut = answer.compare(0, 1, kCut) == 0;
    if (cut) answer.erase(0, 1);
    if (!SendAnswer(socket, answer) || cut) {
      shutdown(socket, SHUT_RDWR);
      return;
    }
  }
}

std::string HttpAnswer(int status, const std::string& body, const std::string& header_lines) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + header_lines + "\r\n" +
         body;
}

int ClosedPort() {
  // Stays bound, so that no other test's server comes to it.
  static const int port = [] {
    int found = 0;
    Bind(&found);
    return found;
  }();
  return port;
}

}  // namespace s2c::testing_support
