// SPDX-License-Identifier: MIT
#include "client/api/filter.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <utility>

#include "client/base/json.h"
#include "client/base/url.h"

namespace s2c {
namespace {

using Buffer = rapidjson::StringBuffer;

template <class Write>
std::string JsonOf(Write write) {
  Buffer buffer;
  rapidjson::Writer<Buffer> writer(buffer);
  write(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string JsonList(const std::vector<std::int64_t>& values) {
  return JsonOf([&](auto& writer) {
    writer.StartArray();
    for (const std::int64_t value : values) writer.Int64(value);
    writer.EndArray();
  });
}

// The library finds SQLAlchemy's __eq__ for eq, and so on.
const char* Operator(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return "eq";
    case Comparison::kNotEqual:
      return "ne";
    case Comparison::kLess:
      return "lt";
    case Comparison::kLessOrEqual:
      return "le";
    case Comparison::kGreater:
      return "gt";
    case Comparison::kGreaterOrEqual:
      return "ge";
  }
  return "eq";
}

}  // namespace

Comparison Inverse(Comparison comparison) {
  switch (comparison) {
    case Comparison::kEqual:
      return Comparison::kNotEqual;
    case Comparison::kNotEqual:
      return Comparison::kEqual;
    case Comparison::kLess:
      return Comparison::kGreaterOrEqual;
    case Comparison::kLessOrEqual:
      return Comparison::kGreater;
    case Comparison::kGreater:
      return Comparison::kLessOrEqual;
    case Comparison::kGreaterOrEqual:
      return Comparison::kLess;
  }
  return comparison;
}

Comparison Mirrored(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess:
      return Comparison::kGreater;
    case Comparison::kLessOrEqual:
      return Comparison::kGreaterOrEqual;
    case Comparison::kGreater:
      return Comparison::kLess;
    case Comparison::kGreaterOrEqual:
      return Comparison::kLessOrEqual;
    default:
      return comparison;
  }
}

RowFilter RowFilter::All() { return RowFilter(Kind::kAll); }

RowFilter RowFilter::None() { return RowFilter(Kind::kNone); }

RowFilter RowFilter::Leaf(std::string_view name, const char* op, const std::string& value) {
  RowFilter leaf(Kind::kLeaf);
  leaf.leaf_ = R"({"name":)" + JsonText(name) + R"(,"op":")" + op + R"(","val":)" + value + "}";
  return leaf;
}

RowFilter RowFilter::Null(std::string_view name) { return Leaf(name, "is_", "null"); }

RowFilter RowFilter::NotNull(std::string_view name) { return Leaf(name, "isnot", "null"); }

RowFilter RowFilter::Compare(std::string_view name, Comparison comparison, std::int64_t value) {
  if (comparison == Comparison::kEqual) return In(name, {value});
  return Leaf(name, Operator(comparison), std::to_string(value));
}

RowFilter RowFilter::Compare(std::string_view name, Comparison comparison, double value) {
  return Leaf(name, Operator(comparison), JsonOf([&](auto& writer) { writer.Double(value); }));
}

RowFilter RowFilter::Compare(std::string_view name, Comparison comparison, std::string_view value) {
  return Leaf(name, Operator(comparison), JsonText(value));
}

RowFilter RowFilter::Is(std::string_view name, bool value) {
  return Leaf(name, "eq", value ? "true" : "false");
}

RowFilter RowFilter::In(std::string_view name, const std::vector<std::int64_t>& values) {
  if (values.empty()) return None();
  RowFilter in(Kind::kIn);
  in.leaf_ = name;
  in.values_ = values;
  return in;
}

RowFilter RowFilter::NotIn(std::string_view name, const std::vector<std::int64_t>& values) {
  return values.empty() ? NotNull(name) : Leaf(name, "notin_", JsonList(values));
}

RowFilter RowFilter::NotLike(std::string_view name, std::string_view pattern) {
  return Leaf(name, "notlike", JsonText(pattern));
}

RowFilter RowFilter::ILike(std::string_view name, std::string_view pattern) {
  return Leaf(name, "ilike", JsonText(pattern));
}

RowFilter RowFilter::NotILike(std::string_view name, std::string_view pattern) {
  return Leaf(name, "notilike", JsonText(pattern));
}

RowFilter RowFilter::Every(std::vector<RowFilter> parts) {
  return Joined(Kind::kEvery, std::move(parts));
}

RowFilter RowFilter::Any(std::vector<RowFilter> parts) {
  return Joined(Kind::kAny, std::move(parts));
}

// Of an OR, equalities of one field become one IN: many ids, as "fid = 1 OR fid = 2 ...", are short
// then.
void RowFilter::Add(RowFilter part) {
  if (kind_ == Kind::kAny && part.kind_ == Kind::kIn) {
    for (RowFilter& other : parts_) {
      if (other.kind_ != Kind::kIn || other.leaf_ != part.leaf_) continue;
      other.values_.insert(other.values_.end(), part.values_.begin(), part.values_.end());
      return;
    }
  }
  parts_.push_back(std::move(part));
}

// A chain of ANDs becomes one list: the server walks the nesting by recursion.
RowFilter RowFilter::Joined(Kind kind, std::vector<RowFilter> parts) {
  const Kind neutral = kind == Kind::kEvery ? Kind::kAll : Kind::kNone;
  const Kind decisive = kind == Kind::kEvery ? Kind::kNone : Kind::kAll;
  RowFilter joined(kind);
  for (RowFilter& part : parts) {
    if (part.kind_ == decisive) return RowFilter(decisive);
    if (part.kind_ == neutral) continue;
    if (part.kind_ == kind) {
      for (RowFilter& inner : part.parts_) joined.Add(std::move(inner));
    } else {
      joined.Add(std::move(part));
    }
  }
  if (joined.parts_.empty()) return RowFilter(neutral);
  if (joined.parts_.size() == 1) {
    RowFilter only = std::move(joined.parts_.front());
    return only;
  }
  return joined;
}

std::string RowFilter::Json() const {
  switch (kind_) {
    case Kind::kAll:
      return NotNull("id").leaf_;
    case Kind::kNone:
      return Null("id").leaf_;
    case Kind::kLeaf:
      return leaf_;
    case Kind::kIn:
      return values_.size() == 1 ? Leaf(leaf_, "eq", std::to_string(values_[0])).leaf_
                                 : Leaf(leaf_, "in", JsonList(values_)).leaf_;
    case Kind::kEvery:
    case Kind::kAny:
      break;
  }
  std::string json = kind_ == Kind::kEvery ? R"({"and":[)" : R"({"or":[)";
  for (const RowFilter& part : parts_) json += part.Json() + ",";
  json.back() = ']';
  return json + "}";
}

RowFilter::Parameter RowFilter::ToParameter(std::size_t limit) const {
  Parameter parameter;
  if (kind_ == Kind::kAll) return parameter;
  std::vector<std::string> conditions;
  if (kind_ == Kind::kEvery) {
    for (const RowFilter& part : parts_) conditions.push_back(part.Json());
  } else {
    conditions.push_back(Json());
  }
  std::size_t size = PercentEncode("[]").size();
  for (const std::string& condition : conditions) {
    const std::size_t more = PercentEncode("," + condition).size();
    if (size + more > limit) {
      parameter.whole = false;
      continue;
    }
    size += more;
    parameter.json += (parameter.json.empty() ? "[" : ",") + condition;
  }
  if (!parameter.json.empty()) parameter.json += "]";
  return parameter;
}

}  // namespace s2c
