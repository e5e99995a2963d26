// SPDX-License-Identifier: MIT
#include "client/base/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>
#include <locale>
#include <sstream>

#include "client/base/text.h"

namespace s2c {
namespace {

constexpr int kMaxDepth = 200;
// Each takes 16 bytes, as a key does, and, while it is read, as many again, however short it is: 64
// MB of `0,` took 1.13 GB. With the digits that coordinates have, this is more than 64 MB.
constexpr std::size_t kMaxValues = 8'000'000;

// Numbers as texts: what RapidJSON 1.1 makes of 0e308 is another number (it counts the leading
// zeros of zero), and to get there it shifts and adds beyond its types (tests/fuzz).
constexpr unsigned kParseFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
    rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseNanAndInfFlag;

template <class Number>
bool Read(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

// Of what from_chars calls out of range, zero where it is too small, an infinity where too large.
double BeyondRange(std::string_view text) {
  std::istringstream stream{std::string(text)};
  stream.imbue(std::locale::classic());
  double number = 0;
  stream >> number;
  return std::fabs(number) > 1 ? HUGE_VAL : 0.0;
}

// The half of a surrogate pair that is escaped there (RFC 8259, section 7), or 0.
unsigned HalfAt(std::string_view json, std::size_t at) {
  if (at >= json.size() || json.substr(at, 2) != "\\u" || json.size() - at < 6) return 0;
  const char* const end = json.data() + at + 6;
  unsigned code = 0;
  const auto [stop, error] = std::from_chars(end - 4, end, code, 16);
  return error == std::errc() && stop == end && code >= 0xD800 && code <= 0xDFFF ? code : 0;
}

// Half a pair is what Python writes for a byte that is no text, and JavaScript for a text that it
// has cut. RapidJSON 1.1 refuses the first half alone, and makes bytes of the second that are no
// UTF-8 (RFC 3629, section 3); later versions refuse both. U+FFFD is as long, so that places stay.
std::optional<std::string> WithoutLoneSurrogates(std::string_view json) {
  std::optional<std::string> mended;
  for (std::size_t at = json.find('\\'), length = 0; at != std::string_view::npos;
       at = json.find('\\', at + length)) {
    const unsigned half = HalfAt(json, at);
    const bool is_pair = half > 0 && half < 0xDC00 && HalfAt(json, at + 6) >= 0xDC00;
    length = is_pair ? 12 : half ? 6 : 2;
    if (!half || is_pair) continue;
    if (!mended) mended = std::string(json);
    mended->replace(at, length, "\\ufffd");
  }
  return mended;
}

// Hands everything on to the document that is built, reads the numbers and counts the levels.
template <class Target>
class Builder {
 public:
  explicit Builder(Target& target) : target_(target) {}
  bool too_deep() const { return depth_ > kMaxDepth; }
  bool too_large() const { return too_large_; }
  bool too_many() const { return values_ > kMaxValues; }

  using Size = rapidjson::SizeType;
  bool Null() { return Count() && target_.Null(); }
  bool Bool(bool v) { return Count() && target_.Bool(v); }
  bool Int(int v) { return target_.Int(v); }
  bool Uint(unsigned v) { return target_.Uint(v); }
  bool Int64(std::int64_t v) { return target_.Int64(v); }
  bool Uint64(std::uint64_t v) { return target_.Uint64(v); }
  bool Double(double v) { return target_.Double(v); }
  // RFC 8259, section 6, and NaN, Inf and Infinity, as the reader has found it to be.
  bool RawNumber(const char* s, Size n, bool /*copy*/) {
    if (!Count()) return false;
    const std::string_view text(s, n);
    const bool is_negative = text[0] == '-';
    const char first = text[is_negative ? 1 : 0];
    if (first == 'N') return target_.Double(std::nan(""));
    if (first == 'I') return target_.Double(is_negative ? -HUGE_VAL : HUGE_VAL);
    std::int64_t below = 0;
    if (is_negative && Read(text, below)) return target_.Int64(below);
    std::uint64_t above = 0;
    if (!is_negative && Read(text, above)) return target_.Uint64(above);
    double number = 0;
    if (!Read(text, number)) number = is_negative ? -BeyondRange(text) : BeyondRange(text);
    too_large_ = std::isinf(number);
    return !too_large_ && target_.Double(number);
  }
  bool String(const char* s, Size n, bool copy) { return Count() && target_.String(s, n, copy); }
  bool Key(const char* s, Size n, bool copy) { return Count() && target_.Key(s, n, copy); }
  bool StartObject() { return Count() && ++depth_ <= kMaxDepth && target_.StartObject(); }
  bool EndObject(Size n) { return --depth_, target_.EndObject(n); }
  bool StartArray() { return Count() && ++depth_ <= kMaxDepth && target_.StartArray(); }
  bool EndArray(Size n) { return --depth_, target_.EndArray(n); }

 private:
  bool Count() { return ++values_ <= kMaxValues; }

  Target& target_;
  int depth_ = 0;
  std::size_t values_ = 0;
  bool too_large_ = false;
};

// The generator that Document::Populate() asks for.
struct Generator {
  std::string_view text;
  bool too_deep = false;
  bool too_many = false;
  rapidjson::ParseResult outcome{};

  template <class Target>
  bool operator()(Target& target) {
    Builder<Target> builder(target);
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::Reader reader;
    outcome = reader.Parse<kParseFlags>(stream, builder);
    too_deep = builder.too_deep();
    too_many = builder.too_many();
    if (builder.too_large()) outcome.Set(rapidjson::kParseErrorNumberTooBig, outcome.Offset());
    return !outcome.IsError();
  }
};

}  // namespace

Result<JsonDocument> ParseJson(std::string_view text) {
  // RFC 8259, section 8.1.
  text = WithoutByteOrderMark(text);
  const auto mended = WithoutLoneSurrogates(text);
  if (mended) text = *mended;
  auto document = std::make_shared<rapidjson::Document>();
  Generator generator{text};
  document->Populate(generator);
  if (generator.too_deep)
    return Fail(ErrorKind::kProtocol,
                "JSON nested deeper than " + std::to_string(kMaxDepth) + " levels");
  if (generator.too_many)
    return Fail(ErrorKind::kProtocol,
                "JSON of more than " + std::to_string(kMaxValues) + " values");
  if (generator.outcome.IsError())
    return Fail(ErrorKind::kProtocol, "broken JSON at byte " +
                                          std::to_string(generator.outcome.Offset()) + ": " +
                                          rapidjson::GetParseError_En(generator.outcome.Code()));
  return JsonDocument(std::move(document));
}

const JsonValue* Find(const JsonValue& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

const JsonValue* FindAt(const JsonDocument& document, std::initializer_list<const char*> path) {
  const JsonValue* found = document.get();
  for (const char* name : path) found = found ? Find(*found, name) : nullptr;
  return found;
}

std::optional<std::string> AsText(const JsonValue& value) {
  if (value.IsString()) return std::string(value.GetString(), value.GetStringLength());
  if (value.IsNumber() || value.IsBool()) return ToJson(value);
  return std::nullopt;
}

std::optional<std::string> TextAt(const JsonValue& object, const char* name) {
  const JsonValue* const value = Find(object, name);
  return value ? AsText(*value) : std::nullopt;
}

std::optional<double> AsNumber(const JsonValue& value) {
  if (value.IsNumber()) return value.GetDouble();
  if (!value.IsString()) return std::nullopt;
  double number = 0;
  if (!Read(Trim({value.GetString(), value.GetStringLength()}), number)) return std::nullopt;
  return number;
}

std::optional<double> NumberAt(const JsonValue& object, const char* name) {
  const JsonValue* const value = Find(object, name);
  return value ? AsNumber(*value) : std::nullopt;
}

std::optional<std::int64_t> AsId(const JsonValue& value) {
  if (value.IsInt64() && value.GetInt64() >= 0) return value.GetInt64();
  if (!value.IsString()) return std::nullopt;
  const auto id = ParseUnsigned({value.GetString(), value.GetStringLength()});
  if (!id || *id > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(*id);
}

std::string ToJson(const JsonValue& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
                    rapidjson::CrtAllocator, rapidjson::kWriteNanAndInfFlag>
      writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string JsonText(std::string_view text) {
  return ToJson(JsonValue(rapidjson::StringRef(text.data() ? text.data() : "",
                                               static_cast<rapidjson::SizeType>(text.size()))));
}

}  // namespace s2c
