// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "client/session.h"
#include "tests/unit/support/documents.h"
#include "tests/unit/support/fake_clock.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/result_matchers.h"

namespace s2c::testing_support {

/// A service on loopback that answers as a test says, and a session with it.
class ServiceTest : public testing::Test {
 protected:
  struct Asked {
    std::string what;  ///< "POST /v1/inference", without a query
    std::string query;
    std::string head;
    std::string body;
  };
  using Answering = std::function<std::string(const Asked&)>;

  ServiceTest() {
    SessionSettings settings;
    settings.api_url = server_.Url("/v1");
    settings.auth_url = server_.Url("/realm");
    settings.client_id = "c";
    settings.access_token = Secret("t");
    settings.retry_delay = 0.001;
    settings.max_retry = 2;
    session_ = *Session::For(settings);
    When("GET /realm/userinfo", HttpAnswer(200, R"({"preferred_username": "demo"})"));
  }

  static std::string Document(const std::string& resource, int status = 200) {
    return HttpAnswer(status, R"({"data": )" + resource + "}",
                      "Content-Type: application/vnd.api+json\r\n");
  }
  static std::string List(const std::string& resources) {
    return HttpAnswer(200, R"({"data": [)" + resources + R"(], "links": {"self": "/"}})",
                      "Content-Type: application/vnd.api+json\r\n");
  }
  static std::string Inference(const std::string& id, const std::string& status,
                               const std::string& message = "") {
    return Resource("inference", id,
                    R"({"status": ")" + status + R"(", "status_message": ")" + message + R"("})");
  }
  static std::string Lost() { return std::string(HttpServer::kCut); }

  /// From here on `what` is answered so; by one answer after the other, the last for ever.
  void When(const std::string& what, std::string answer) {
    WhenAsked(what, [answer = std::move(answer)](const Asked&) { return answer; });
  }
  void WhenAsked(const std::string& what, Answering answering) {
    const std::lock_guard<std::mutex> lock(mutex_);
    answers_[what] = {std::move(answering)};
  }
  void Then(const std::string& what, std::string answer) {
    const std::lock_guard<std::mutex> lock(mutex_);
    answers_[what].push_back([answer = std::move(answer)](const Asked&) { return answer; });
  }

  std::vector<std::string> Requests() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string> all;
    for (const Asked& asked : asked_) all.push_back(asked.what);
    return all;
  }
  Asked Last(const std::string& what) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto asked = asked_.rbegin(); asked != asked_.rend(); ++asked)
      if (asked->what == what) return *asked;
    ADD_FAILURE() << "nobody asked " << what;
    return {};
  }
  std::size_t Count(const std::string& what) const {
    const auto all = Requests();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), what));
  }

  Session& session() { return *session_; }

  FakeClock clock_;
  std::shared_ptr<Session> session_;

 private:
  std::string Serve(const std::string& head, const std::string& body) {
    const std::string line = head.substr(0, head.find(" HTTP/"));
    const std::size_t mark = line.find('?');
    Asked asked{line.substr(0, mark), mark == std::string::npos ? "" : line.substr(mark + 1), head,
                body};
    Answering answering;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      asked_.push_back(asked);
      auto& left = answers_[asked.what];
      if (!left.empty()) answering = left.front();
      if (left.size() > 1) left.erase(left.begin());
    }
    return answering ? answering(asked) : HttpAnswer(404, R"({"errors": [{"title": "none"}]})");
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Answering>> answers_;
  std::vector<Asked> asked_;
  HttpServer server_{
      [this](const std::string& head, const std::string& body) { return Serve(head, body); }};
};

}  // namespace s2c::testing_support
