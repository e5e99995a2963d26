// SPDX-License-Identifier: MIT
#include "tests/unit/support/http_server.h"

#include <chrono>
#include <cstdlib>

#include "tests/unit/support/socket.h"

namespace s2c::testing_support {
namespace {

std::size_t BodyLength(const std::string& head) {
  const std::string name = "Content-Length: ";
  const std::size_t at = head.find(name);
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + name.size(), nullptr, 10);
}

}  // namespace

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = BindToLoopback(&port_);
  Listen(listener_, 64);
  acceptor_ = std::thread([this] { TakeConnections(); });
}

HttpServer::~HttpServer() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ends_ = true;
    changed_.notify_all();
  }
  EndAccept(listener_, port_);
  acceptor_.join();
  Close(listener_);
  // Nobody adds to these any more.
  for (const int socket : sockets_) ShutDown(socket);
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) Close(socket);
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

void HttpServer::TakeConnections() {
  for (;;) {
    const int socket = Accept(listener_);
    if (socket < 0) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ends_) {
      Close(socket);
      return;
    }
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
      ShutDown(socket);
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
    BindToLoopback(&found);
    return found;
  }();
  return port;
}

}  // namespace s2c::testing_support
