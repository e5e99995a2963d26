// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace s2c::testing_support {

/// A real HTTP/1.1 server on loopback at a free port, one thread per connection. What it sends is
/// the test's own text, byte by byte, so that it can be as broken as a server can be.
class HttpServer {
 public:
  /// Takes a request's head and body as they came. What it returns is sent as it is; a text that
  /// begins with kCut is sent without that, and the connection is closed after it.
  using Handler = std::function<std::string(const std::string& head, const std::string& body)>;
  static constexpr const char* kCut = "\x01";
  /// Where this stands in an answer, what follows waits for a GoOn().
  static constexpr const char* kPause = "\x02pause\x02";

  explicit HttpServer(Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// `http://127.0.0.1:PORT` and the path.
  std::string Url(const std::string& path = "/") const;
  /// Those that were taken: the client may have made one more that waits for that.
  std::size_t connections() const;
  /// Blocks until so many were taken; false after thirty seconds.
  bool AwaitConnections(std::size_t count);
  /// Blocks until a connection was closed by the client; false after ten seconds.
  bool AwaitClosedConnection();
  /// Ends one pause, also one that is still to come.
  void GoOn();

 private:
  bool SendAnswer(int socket, const std::string& answer);
  void TakeConnections();
  void Serve(int socket);

  const Handler handler_;
  int listener_ = -1;
  int port_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::size_t closed_ = 0;
  std::size_t may_go_on_ = 0;
  bool ends_ = false;
  std::thread acceptor_;
};

/// A whole answer: status line, Content-Length, these header lines, the body.
std::string HttpAnswer(int status, const std::string& body, const std::string& header_lines = "");

/// A port on loopback where nobody listens.
int ClosedPort();

}  // namespace s2c::testing_support
