// SPDX-License-Identifier: MIT
#include "client/jobs/run_start.h"

#include <algorithm>

#include "client/api/document_sink.h"
#include "client/api/filter.h"
#include "client/base/log.h"
#include "client/jobs/resource_change.h"

namespace s2c {
namespace {

// Of the owner's newest: no account starts as many within the seconds that this takes.
constexpr std::uint64_t kLookedAt = 20;

// The inference that an earlier attempt has made; 0 where there is none.
Result<std::int64_t> LookFor(Session& session, const RunRequest& request) {
  const std::string mine =
      RowFilter::Compare("owner", Comparison::kEqual, request.owner).ToParameter(SIZE_MAX).json;
  ListQuery query{"inference", {"area_of_interest"}, mine};
  query.limit = kLookedAt;
  PageReader reader = session.List(std::move(query));
  for (std::uint64_t seen = 0; seen < kLookedAt;) {
    const auto page = reader.Next();
    if (!page) return Pass(page);
    if (!*page) break;
    for (const Row& row : (*page)->rows) {
      const JsonValue* const attributes = Find(*row.resource, "attributes");
      const auto area = attributes ? TextAt(*attributes, "area_of_interest") : std::nullopt;
      if (area && area->find(request.mark) != std::string::npos) return row.id;
      ++seen;
    }
  }
  return 0;
}

Error WithDoubt(Error error, const std::string& what) {
  error.message += "; " + what +
                   ": look at the newest inferences (ogrinfo S2C: inference, or s2c list) before "
                   "it is run again";
  return error;
}

}  // namespace

Result<std::int64_t> StartRun(Session& session, const RunRequest& request, Clock& clock) {
  const auto pause = std::chrono::duration_cast<Clock::Duration>(
      std::chrono::duration<double>(std::max(session.settings().retry_delay, 0.1)));
  for (int attempt = 0;; ++attempt) {
    const auto created = session.Create("inference", request.document);
    if (created) {
      if (const auto id = CreatedId(*created)) return *id;
    } else if (!DocumentSink::IsInDoubt(created.error())) {
      return Pass(created);
    }
    Error error = created ? Error{ErrorKind::kProtocol,
                                  "the answer to a new inference does not name it; check "
                                  "S2C_API_URL",
                                  0}
                          : created.error();
    // The server may still be at it.
    clock.SleepFor(pause);
    const auto found = LookFor(session, request);
    if (!found)
      return tl::unexpected<Error>(
          WithDoubt(std::move(error), "whether it was created is not known"));
    if (*found != 0) {
      LogDebug("inference " + std::to_string(*found) + " was created, though " + error.message);
      return *found;
    }
    // An answer that says that the server failed is one; a proxy's says that it may still come.
    if (error.http_status == 500) return tl::unexpected<Error>(std::move(error));
    if (error.kind != ErrorKind::kInterrupted || attempt >= session.settings().max_retry)
      return tl::unexpected<Error>(
          WithDoubt(std::move(error), "it is not in the list so far, and may still be created"));
  }
}

std::string StartedSentence(std::int64_t id) {
  const std::string number = std::to_string(id);
  return "inference " + number + " was created: S2C:" + number +
         " opens its results once it has ended (`s2c wait " + number + "`, or WAIT=YES)";
}

}  // namespace s2c
