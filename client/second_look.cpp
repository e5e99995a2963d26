// SPDX-License-Identifier: MIT
#include "client/second_look.h"

#include <rapidjson/document.h>

#include "client/auth/jwt.h"
#include "client/base/json.h"
#include "client/base/text.h"

namespace s2c {
namespace {

constexpr char kInference[] = "inference";
constexpr char kFileServer[] = "file server";
constexpr char kLastBeginning[] = "last beginning";

// The last two are one for each account and service.
constexpr KeptAnswers::Shelf kInferences{0, 448};
constexpr KeptAnswers::Shelf kBeginnings{448, 448};
constexpr KeptAnswers::Shelf kLastBeginnings{896, 64};
constexpr KeptAnswers::Shelf kFileServers{960, 64};
static_assert(kFileServers.first + kFileServers.count == KeptAnswers::kMost);

using Allocator = rapidjson::Document::AllocatorType;

void SetText(JsonValue& object, const char* name, const Text& text, Allocator& allocator) {
  if (text)
    object.AddMember(
        JsonValue(name, allocator),
        JsonValue(text->data(), static_cast<rapidjson::SizeType>(text->size()), allocator),
        allocator);
}

JsonValue Resource(const char* type, std::int64_t id, JsonValue attributes, Allocator& allocator) {
  JsonValue resource(rapidjson::kObjectType);
  resource.AddMember("type", JsonValue(type, allocator), allocator);
  resource.AddMember("id", JsonValue(id), allocator);
  resource.AddMember("attributes", attributes, allocator);
  return resource;
}

// In the API's own form, so that it is read as that is.
std::string TextOf(const ResolvedInference& resolved) {
  const Inference& inference = resolved.inference;
  rapidjson::Document document(rapidjson::kObjectType);
  Allocator& allocator = document.GetAllocator();
  JsonValue outputs(rapidjson::kArrayType);
  for (const Output& output : inference.outputs) {
    JsonValue kept(rapidjson::kObjectType);
    SetText(kept, "name", output.name, allocator);
    SetText(kept, "file_type", output.file_type, allocator);
    SetText(kept, "data", output.data, allocator);
    if (output.bytes) kept.AddMember("bytes", JsonValue(*output.bytes), allocator);
    outputs.PushBack(kept, allocator);
  }
  JsonValue attributes(rapidjson::kObjectType);
  SetText(attributes, "status", inference.status, allocator);
  SetText(attributes, "timestamp_finished", inference.timestamp_finished, allocator);
  attributes.AddMember("output", outputs, allocator);
  JsonValue factbase(rapidjson::kObjectType);
  SetText(factbase, "uri", resolved.factbase->uri, allocator);
  document.AddMember(
      kInference, Resource("inference", inference.id, std::move(attributes), allocator), allocator);
  document.AddMember("factbase",
                     Resource("factbase", resolved.factbase->id, std::move(factbase), allocator),
                     allocator);
  return ToJson(document);
}

bool IsTiff(const std::string& bytes) { return StartsWith(bytes, "II") || StartsWith(bytes, "MM"); }

// A query may be a secret (a signature), and is no part of a result's address (ResultUrl).
bool HasQuery(const std::string& url) { return url.find('?') != std::string::npos; }

// Without what the API says of a version, another one has the same key.
bool HasKey(const std::string& user, const FileVersion& version) {
  return !user.empty() && version.size && !version.stamp.empty();
}

JsonDocument Parsed(const std::optional<std::string>& text) {
  const auto document = text ? ParseJson(*text) : Result<JsonDocument>();
  return document ? *document : nullptr;
}

std::optional<KeptBeginning> BeginningOf(std::optional<std::string> text) {
  const std::size_t line = text ? text->find('\n') : std::string::npos;
  if (line == std::string::npos) return std::nullopt;
  const auto head = ParseJson(std::string_view(*text).substr(0, line));
  if (!head) return std::nullopt;
  KeptBeginning beginning;
  beginning.validator = TextAt(**head, "validator").value_or("");
  if (const JsonValue* const headers = Find(**head, "headers"); headers && headers->IsObject()) {
    for (const auto& header : headers->GetObject())
      beginning.headers.emplace_back(header.name.GetString(), AsText(header.value).value_or(""));
  }
  beginning.bytes = text->erase(0, line + 1);
  return beginning;
}

}  // namespace

SecondLook::SecondLook(const std::string& folder, const Url& api_url)
    : inferences_(folder, kInferences),
      beginnings_(folder, kBeginnings),
      last_beginnings_(folder, kLastBeginnings),
      file_servers_(folder, kFileServers),
      server_(api_url.ToString()) {}

std::string SecondLook::UserOf(const Secret& token) {
  const auto issuer = JwtClaim(token, "iss");
  const auto subject = JwtClaim(token, "sub");
  return issuer && subject ? JsonText(*issuer) + "," + JsonText(*subject) : "";
}

std::string SecondLook::KeyOf(const std::string& user, const char* kind,
                              const std::string& what) const {
  return "[" + JsonText(server_) + "," + user + "," + JsonText(kind) + "," + what + "]";
}

std::string SecondLook::KeyOf(const std::string& user, const FileVersion& version) const {
  return KeyOf(user, "beginning",
               JsonText(version.url.ToString()) + "," + std::to_string(version.size.value_or(0)) +
                   "," + JsonText(version.stamp));
}

std::optional<ResolvedInference> SecondLook::FindInference(const std::string& user,
                                                           std::int64_t id) const {
  if (user.empty()) return std::nullopt;
  const auto document = Parsed(inferences_.Find(KeyOf(user, kInference, std::to_string(id))));
  const JsonValue* const found = FindAt(document, {kInference});
  const JsonValue* const factbase = FindAt(document, {"factbase"});
  if (!found || !factbase) return std::nullopt;
  auto inference = ReadInference(*found);
  if (!inference || inference->id != id) return std::nullopt;
  return ResolvedInference{std::move(*inference), ReadFactbase(*factbase), std::nullopt};
}

void SecondLook::KeepInference(const std::string& user, const ResolvedInference& resolved) const {
  if (user.empty() || !keeps()) return;
  const std::string key = KeyOf(user, kInference, std::to_string(resolved.inference.id));
  if (!resolved.inference.Succeeded() || !resolved.factbase || !resolved.factbase->uri ||
      HasQuery(*resolved.factbase->uri))
    return inferences_.Drop(key);
  inferences_.Keep(key, TextOf(resolved));
  if (const auto url = Url::Parse(*resolved.factbase->uri))
    file_servers_.Keep(KeyOf(user, kFileServer, ""), url->Origin());
}

std::optional<KeptBeginning> SecondLook::FindBeginning(const std::string& user,
                                                       const FileVersion& version) const {
  return HasKey(user, version) ? BeginningOf(beginnings_.Find(KeyOf(user, version))) : std::nullopt;
}

void SecondLook::UseLastBeginning(const std::string& user,
                                  const std::function<void(const std::string& bytes)>& use) const {
  if (user.empty()) return;
  const std::string place = KeyOf(user, kLastBeginning, "");
  const auto key = last_beginnings_.Find(place);
  const auto last = key ? BeginningOf(beginnings_.Find(*key)) : std::nullopt;
  if (!last) return;
  last_beginnings_.Drop(place);
  use(last->bytes);
  last_beginnings_.Keep(place, *key);
}

void SecondLook::KeepBeginning(const std::string& user, const FileVersion& version,
                               const KeptBeginning& beginning) const {
  if (!HasKey(user, version) || !keeps()) return;
  rapidjson::Document head(rapidjson::kObjectType);
  Allocator& allocator = head.GetAllocator();
  SetText(head, "validator", beginning.validator, allocator);
  JsonValue headers(rapidjson::kObjectType);
  for (const auto& [name, value] : beginning.headers)
    SetText(headers, name.c_str(), value, allocator);
  head.AddMember("headers", headers, allocator);
  const std::string key = KeyOf(user, version);
  beginnings_.Keep(key, ToJson(head) + "\n" + beginning.bytes);
  if (IsTiff(beginning.bytes)) last_beginnings_.Keep(KeyOf(user, kLastBeginning, ""), key);
}

void SecondLook::DropBeginning(const std::string& user, const FileVersion& version) const {
  if (HasKey(user, version)) beginnings_.Drop(KeyOf(user, version));
}

std::optional<Url> SecondLook::FindFileServer(const std::string& user) const {
  if (user.empty()) return std::nullopt;
  const auto text = file_servers_.Find(KeyOf(user, kFileServer, ""));
  const auto url = text ? Url::Parse(*text) : Result<Url>();
  return text && url ? std::optional<Url>(*url) : std::nullopt;
}

}  // namespace s2c
