// SPDX-License-Identifier: MIT
// How block_fetch.h's waiters for different blocks go on, each as soon as his own is there.
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "client/http/curl_transport.h"
#include "client/io/block_fetch.h"
#include "client/io/remote_file.h"
#include "tests/unit/support/fake_file.h"
#include "tests/unit/support/fake_transport.h"
#include "tests/unit/support/http_server.h"
#include "tests/unit/support/result_matchers.h"
#include "tests/unit/support/system.h"

namespace s2c {
namespace {

using testing_support::Answer;
using testing_support::FakeTransport;
using testing_support::HttpAnswer;
using testing_support::HttpServer;
using testing_support::kKiB;
using testing_support::kMiB;
using testing_support::MakeUrl;
using testing_support::MessageOf;
using testing_support::Pattern;
using testing_support::SetVariable;

constexpr std::size_t kStep = 256 * kKiB;
constexpr std::chrono::seconds kLong{10};

// Counts how often its exchanges are waited for, and lets a test wait for that.
class Watched final : public Transport {
 public:
  explicit Watched(Transport& inner) : inner_(inner) {}

  std::unique_ptr<Exchange> Start(Request request) override {
    return std::make_unique<WatchedExchange>(*this, inner_.Start(std::move(request)));
  }
  int waits() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return waits_;
  }
  bool AwaitWaits(int waits) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, kLong, [&] { return waits_ >= waits; });
  }

 private:
  class WatchedExchange final : public Exchange {
   public:
    WatchedExchange(Watched& all, std::unique_ptr<Exchange> inner)
        : all_(all), inner_(std::move(inner)) {}
    Result<Response> WaitFor(std::size_t bytes) override {
      {
        const std::lock_guard<std::mutex> lock(all_.mutex_);
        ++all_.waits_;
        all_.changed_.notify_all();
      }
      return inner_->WaitFor(bytes);
    }

   private:
    Watched& all_;
    const std::unique_ptr<Exchange> inner_;
  };

  Transport& inner_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int waits_ = 0;
};

// Brings the first step, and more only where it is waited for up to `wanted` bytes, or may end.
class UpTo final : public Exchange {
 public:
  UpTo(std::string content, std::size_t wanted, const std::atomic<bool>& may_end)
      : content_(std::move(content)), wanted_(wanted), may_end_(may_end) {
    answer_.part = std::make_shared<Body>(content_.size());
    answer_.complete = false;
    Arrive(kStep);
  }
  Result<Response> WaitFor(std::size_t bytes) override {
    if (may_end_) Arrive(content_.size());
    if (bytes == wanted_) Arrive(wanted_);
    std::this_thread::yield();
    return answer_;
  }

 private:
  void Arrive(std::size_t to) {
    const std::size_t had = answer_.part->size();
    if (to <= had) return;
    EXPECT_TRUE(answer_.part->Append(content_.data() + had, to - had));
  }

  const std::string content_;
  const std::size_t wanted_;
  const std::atomic<bool>& may_end_;
  Response answer_ = Answer(206);
};

bool IsDone(const std::future<bool>& future) {
  return future.wait_for(kLong) == std::future_status::ready;
}

bool IsStillWaiting(const std::future<bool>& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
}

// A fetch of 256 blocks.
class Steps : public testing::Test {
 protected:
  void SetUp() override {
    transport_.Hold();
    transport_.Then(Answer(206, bytes_));
  }
  void Begin() {
    Request request;
    request.range = ByteRange{0, bytes_.size()};
    fetch_.Begin(watched_.Start(std::move(request)));
  }

  bool IsRight(std::uint64_t block) {
    const auto run = fetch_.WaitFor(block, [this](const Result<Response>& answer) {
      return Result<BlockRun>(BlockRun{0, bytes_.size(), answer->part});
    });
    const Block got = run ? run->Get(block) : Block();
    return got &&
           std::string(got.data(), got.size) == bytes_.substr(block * kBlockSize, kBlockSize);
  }
  std::future<bool> Waiter(std::uint64_t block) {
    return std::async(std::launch::async, [this, block] { return IsRight(block); });
  }

  const std::string bytes_ = Pattern(kMiB);
  FakeTransport transport_;
  Watched watched_{transport_};
  BlockFetch fetch_{0, kMiB / kBlockSize};
};

TEST_F(Steps, WhoWantsAnEarlierBlockDoesNotWaitForTheLater) {
  Begin();
  std::future<bool> late = Waiter(255);
  ASSERT_TRUE(watched_.AwaitWaits(1));
  std::future<bool> early = Waiter(3);
  transport_.LetThrough(kStep);
  EXPECT_TRUE(IsDone(early));
  EXPECT_TRUE(IsStillWaiting(late));
  transport_.Release();
  EXPECT_TRUE(early.get());
  EXPECT_TRUE(late.get());
}

TEST_F(Steps, EndWhereABlockThatIsWantedDoes) {
  std::atomic<bool> may_end{false};
  fetch_.Begin(std::make_unique<UpTo>(bytes_, 71 * kBlockSize, may_end));
  std::future<bool> late = Waiter(255);
  std::future<bool> early = Waiter(70);
  EXPECT_TRUE(IsDone(early));
  EXPECT_TRUE(IsStillWaiting(late));
  may_end = true;
  EXPECT_TRUE(early.get());
  EXPECT_TRUE(late.get());
}

TEST_F(Steps, AreFewForALoneReader) {
  Begin();
  std::future<bool> reader = Waiter(255);
  for (std::size_t bytes = 0; bytes < kMiB; bytes += kBlockSize) transport_.LetThrough(bytes);
  transport_.Release();
  EXPECT_TRUE(reader.get());
  EXPECT_LE(watched_.waits(), 5);
}

TEST(StepsOfAFile, AReaderGoesOnWhileAnotherWaitsForTheRest) {
  SetVariable("no_proxy", "*");
  const std::string content = Pattern(kMiB);
  HttpServer server([&](const std::string&, const std::string&) {
    std::string answer =
        HttpAnswer(206, content, "Content-Range: bytes 0-1048575/1048576\r\nETag: \"v1\"\r\n");
    const std::size_t head = answer.size() - content.size();
    answer.insert(head + kMiB / 2, HttpServer::kPause);
    return answer.insert(head, HttpServer::kPause);
  });
  CurlTransport transport{ConnectionSettings()};
  Watched watched(transport);
  BlockCache cache;
  RemoteFile file(watched, cache,
                  FileVersion{MakeUrl(server.Url()), kMiB, "2021", "output 'x' of inference 1"});
  const auto reader = [&](std::uint64_t offset) {
    return std::async(std::launch::async, [&, offset] {
      std::string got(1000, '?');
      const auto size = file.Read(offset, got.size(), got.data(), nullptr);
      return size && got == content.substr(static_cast<std::size_t>(offset), got.size());
    });
  };
  std::future<bool> all = std::async(std::launch::async, [&] {
    std::string got(kMiB, '?');
    const auto size = file.Read(0, got.size(), got.data(), nullptr);
    return size && got == content;
  });
  ASSERT_TRUE(watched.AwaitWaits(1));
  std::future<bool> early = reader(5);
  std::future<bool> middle = reader(kMiB / 2 - 1000);
  server.GoOn();
  EXPECT_TRUE(IsDone(early));
  EXPECT_TRUE(IsDone(middle));
  EXPECT_TRUE(IsStillWaiting(all));
  server.GoOn();
  EXPECT_TRUE(early.get() && middle.get() && all.get());
}

}  // namespace
}  // namespace s2c
