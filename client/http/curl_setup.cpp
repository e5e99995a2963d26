// SPDX-License-Identifier: MIT
#include <algorithm>
#include <exception>

#include "client/base/text.h"
#include "client/http/curl_loop.h"

namespace s2c {
namespace {

// libcurl itself bounds heads from 8.3 on, and no trailers (issue 15).
constexpr std::size_t kMostHead = std::size_t{256} << 10;

int StatusOf(CURL* easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

std::size_t OnBody(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  Response& response = transfer.response;
  // No exception may pass through libcurl.
  try {
    if (response.status == 0) response.status = StatusOf(transfer.easy);
    transfer.taken = response.Add(transfer.request, data, size);
    if (!transfer.taken) return 0;
    // What was coded is told as a whole: only then is it known which bytes those are.
    if (response.part && !response.WasCoded()) transfer.loop->Tell(transfer);
  } catch (const std::exception&) {
    return 0;
  }
  return size;
}

std::size_t OnHeader(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  auto& headers = transfer.response.headers;
  transfer.head_size += size;
  try {
    if (transfer.head_size > kMostHead) {
      transfer.taken =
          Fail(ErrorKind::kTooLong, "its headers are longer than the " + std::to_string(kMostHead) +
                                        " bytes that are expected at most");
      return 0;
    }
    const std::string_view line = Trim(std::string_view(data, size));
    // A status line begins a new answer: what a 100 Continue said is not part of the last one.
    if (line.substr(0, 5) == "HTTP/") headers.clear();
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return size;
    headers.emplace_back(LowerCase(Trim(line.substr(0, colon))),
                         std::string(Trim(line.substr(colon + 1))));
  } catch (const std::exception&) {
    return 0;
  }
  return size;
}

// A connection that is begun for itself alone (CURLOPT_CONNECT_ONLY) is never used for a request,
// and one whose request is broken off here is closed. One that turns out to be for itself alone
// when it is there is kept like any other.
int OnConnected(void* easy, char*, char*, int, int) {
  return curl_easy_setopt(static_cast<CURL*>(easy), CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK
             ? CURL_PREREQFUNC_OK
             : CURL_PREREQFUNC_ABORT;
}

long HttpVersion(const std::string& version, bool https) {
  if (version == "1.0") return CURL_HTTP_VERSION_1_0;
  if (version == "1.1") return CURL_HTTP_VERSION_1_1;
  if (version == "2" || version == "2.0") return CURL_HTTP_VERSION_2_0;
  // The same as 2TLS there; of that, libcurl 8.23 takes no connection that has not answered yet, as
  // one that was made ahead.
  if (!https) return CURL_HTTP_VERSION_1_1;
  return CURL_HTTP_VERSION_2TLS;
}

long ProxyAuth(const std::string& name) {
  if (EqualIgnoringCase(name, "BASIC")) return CURLAUTH_BASIC;
  if (EqualIgnoringCase(name, "NTLM")) return CURLAUTH_NTLM;
  if (EqualIgnoringCase(name, "DIGEST")) return CURLAUTH_DIGEST;
  if (EqualIgnoringCase(name, "NEGOTIATE")) return CURLAUTH_NEGOTIATE;
  if (EqualIgnoringCase(name, "ANYSAFE")) return static_cast<long>(CURLAUTH_ANYSAFE);
  return static_cast<long>(CURLAUTH_ANY);
}

void SetText(CURL* easy, CURLoption option, const std::string& value) {
  if (!value.empty()) curl_easy_setopt(easy, option, value.c_str());
}

void SetUpConnection(CURL* easy, const ConnectionSettings& s, bool https) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer would hold up this and every other transfer past its time:
  // libcurl waits for the thread that asks it.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, HttpVersion(s.http_version, https));
  // Rather wait for a connection that can be shared than open one more. Without TLS it cannot be,
  // which libcurl would notice with the first answer only.
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, https ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(s.connect_timeout * 1000));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(s.timeout * 1000));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, s.low_speed_limit);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, s.low_speed_time);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, s.tcp_keepalive ? 1L : 0L);
  SetText(easy, CURLOPT_USERAGENT, s.user_agent);

  SetText(easy, CURLOPT_PROXY, https && !s.https_proxy.empty() ? s.https_proxy : s.proxy);
  SetText(easy, CURLOPT_PROXYUSERPWD, s.proxy_user_password.Reveal());
  if (!s.proxy_auth.empty()) curl_easy_setopt(easy, CURLOPT_PROXYAUTH, ProxyAuth(s.proxy_auth));

  SetText(easy, CURLOPT_CAINFO, s.ca_bundle);
  SetText(easy, CURLOPT_CAPATH, s.ca_path);
  // Schannel alone asks whether a certificate was called back. The list of an authority of one's
  // own is not to be had from everywhere, and then a good certificate would be refused.
  curl_easy_setopt(easy, CURLOPT_SSL_OPTIONS,
                   CURLSSLOPT_REVOKE_BEST_EFFORT | (s.native_ca ? CURLSSLOPT_NATIVE_CA : 0L));
  SetText(easy, CURLOPT_SSLCERT, s.client_certificate);
  SetText(easy, CURLOPT_SSLCERTTYPE, s.client_certificate_type);
  SetText(easy, CURLOPT_SSLKEY, s.client_key);
  SetText(easy, CURLOPT_KEYPASSWD, s.client_key_password.Reveal());
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, s.verify_tls ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, s.verify_tls ? 2L : 0L);
}

void AppendHeader(curl_slist*& list, const std::string& line) {
  if (curl_slist* const longer = curl_slist_append(list, line.c_str())) list = longer;
}

void SetUpRequest(CURL* easy, Transfer& transfer) {
  const Request& request = transfer.request;
  curl_easy_setopt(easy, CURLOPT_URL, request.url.ToString().c_str());
  for (const auto& [name, value] : request.headers)
    AppendHeader(transfer.header_lines, name + ": " + value);
  if (!request.bearer.empty())
    AppendHeader(transfer.header_lines, "Authorization: Bearer " + request.bearer.Reveal());
  if (request.range) {
    const std::string range =
        std::to_string(request.range->offset) + "-" + std::to_string(request.range->end() - 1);
    curl_easy_setopt(easy, CURLOPT_RANGE, range.c_str());
  }
  // On a connection that was used before, libcurl sends again what a server closes without an
  // answer, and which it may have acted on.
  if (request.repeats_in_doubt) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  // A range counts the bytes of the coded form (RFC 9110, section 14), so codings are for whole
  // documents only. Empty: all that libcurl can decode, which it does as well where a proxy codes
  // what should not be.
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, request.range ? "identity" : "");
  if (request.method != "GET")
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "POST" || request.method == "PATCH" || !request.body.empty()) {
    AppendHeader(transfer.header_lines, "Expect:");  // no round trip for a 100 Continue
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.header_lines);
}

// Of an expired certificate curl with Schannel says no more than that nothing was connected.
bool IsTlsTrustFailure(CURLcode code, const std::string& why) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CERTPROBLEM ||
         (code == CURLE_SSL_CONNECT_ERROR && why.find("SEC_E_CERT_") != std::string::npos);
}

// OpenSSL and GnuTLS say in words what is wrong with a certificate, Schannel by the names of its
// codes, since its words are in the user's language. A file that cannot be read has any name.
std::string TrustAdvice(CURLcode code, const std::string& why) {
  const auto says = [&](const char* word) {
    return code != CURLE_SSL_CACERT_BADFILE && why.find(word) != std::string::npos;
  };
  if (says("expired") || says("not yet valid") || says("expiration") || says("CERT_EXPIRED") ||
      says("NOT_TIME_VALID"))
    return "check the clock of this machine, or tell the operator of that server";
  if (says("match") || says("WRONG_PRINCIPAL"))
    return "it is another host's than the one that S2C_API_URL, S2C_AUTH_URL or the service names";
  return "set GDAL_CURL_CA_BUNDLE to the file of the authority that signed it";
}

bool IsWithoutConnection(CURLcode code) {
  return code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_RESOLVE_HOST ||
         code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PROXY;
}

// A name server or a router that says no only after seconds would take as long again.
bool HasTakenLong(CURL* easy) {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
  return microseconds > 1000000;
}

Error NoConnection(bool is_silent, const std::string& server, const std::string& why) {
  return Error{is_silent ? ErrorKind::kSilent : ErrorKind::kUnreachable,
               "cannot connect to " + server + " (" + why + ")", 0};
}

}  // namespace

// Who reads an option or an answer refuses it there, by name; this is for what nobody thought of.
Status CheckHeaders(const Request& request) {
  std::string refused = HasControl(request.bearer.Reveal()) ? "Authorization" : "";
  for (const auto& [name, value] : request.headers) {
    if (HasControl(name) || HasControl(value)) refused = OneLine(name);
  }
  if (refused.empty()) return {};
  return Fail(ErrorKind::kInvalidInput, "the request header '" + refused +
                                            "' holds a line break or another control character, "
                                            "and is not sent");
}

void SetUpEasy(CURL* easy, const ConnectionSettings& settings, Transfer& transfer) {
  SetUpConnection(easy, settings, transfer.request.url.IsHttps());
  SetUpRequest(easy, transfer);
  if (transfer.request.only_connect) {
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, OnConnected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, easy);
  }
  // The address was checked by Url; libcurl must not be led to another protocol by anything.
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error_text.data());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
}

bool IsUnsent(CURL* easy) {
  // CURLINFO_PRETRANSFER_TIME is 0 up to curl 8.14, and not in 8.23, where no connection was made.
  long sent = 0;
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
  return sent == 0;
}

bool HasBegunToConnect(CURL* easy) {
  curl_off_t looked_up = 0;
  curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
  return looked_up > 0;
}

Result<Response> ReadOutcome(CURLcode code, Transfer& transfer) {
  const std::string server = transfer.request.url.Origin();
  if (code == CURLE_OK) {
    transfer.response.status = StatusOf(transfer.easy);
    return std::move(transfer.response);
  }
  if (!transfer.taken)
    return Fail(transfer.taken.error().kind,
                "what " + server + " sends cannot be taken: " + transfer.taken.error().message,
                transfer.taken.error().http_status);
  const std::string why = transfer.error_text[0] ? OneLine(transfer.error_text.data())
                                                 : std::string(curl_easy_strerror(code));
  if (IsTlsTrustFailure(code, why))
    return Fail(ErrorKind::kInvalidInput, "the certificate of " + server + " is not trusted (" +
                                              why + "): " + TrustAdvice(code, why));
  if (code == CURLE_BAD_CONTENT_ENCODING)
    return Fail(ErrorKind::kProtocol,
                "what " + server + " sends is compressed and cannot be decoded (" + why + ")");
  if (IsWithoutConnection(code))
    return tl::unexpected<Error>(NoConnection(HasTakenLong(transfer.easy), server, why));
  if (code == CURLE_OPERATION_TIMEDOUT && IsUnsent(transfer.easy))
    return tl::unexpected<Error>(NoConnection(true, server, why));
  if (code == CURLE_OPERATION_TIMEDOUT && StatusOf(transfer.easy) == 0)
    return Fail(ErrorKind::kSilent,
                server + " does not answer (" + why + "; S2C_TIMEOUT gives it more time)");
  return Fail(ErrorKind::kInterrupted, "the connection to " + server + " broke off (" + why + ")");
}

}  // namespace s2c
