// SPDX-License-Identifier: MIT
#include "driver/catalogue/boolean_words.h"

#include <algorithm>
#include <cctype>

#include "client/base/text.h"

namespace s2c {
namespace {

struct SqlToken {
  enum class Kind { kBlank, kWord, kName, kText, kSign };
  Kind kind;
  std::string_view text;  ///< as written, quotes included
};

bool IsWordPart(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

// Its length, as OGR's lexer ends it (swqlex()): a backslash escapes the quote, in texts a second
// quote does, too.
std::size_t QuotedLength(std::string_view sql) {
  const char quote = sql.front();
  for (std::size_t i = 1; i < sql.size(); ++i) {
    const bool twice = i + 1 < sql.size() && sql[i + 1] == quote;
    if (twice && (sql[i] == '\\' || (sql[i] == quote && quote == '\''))) {
      ++i;
    } else if (sql[i] == quote) {
      return i + 1;
    }
  }
  return sql.size();
}

SqlToken NextToken(std::string_view sql) {
  using Kind = SqlToken::Kind;
  const auto run = [&](auto is_part) {
    return static_cast<std::size_t>(std::find_if_not(sql.begin(), sql.end(), is_part) -
                                    sql.begin());
  };
  const char first = sql.front();
  if (first == '\'' || first == '"')
    return {first == '"' ? Kind::kName : Kind::kText, sql.substr(0, QuotedLength(sql))};
  if (IsWordPart(first)) return {Kind::kWord, sql.substr(0, run(IsWordPart))};
  if (std::isspace(static_cast<unsigned char>(first)) != 0) return {Kind::kBlank, sql.substr(0, 1)};
  return {Kind::kSign, sql.substr(0, 1)};
}

// "1" and "0" for the words, quoted or not; empty for anything else.
std::string_view ValueOf(std::string_view word) {
  if (EqualIgnoringCase(word, "true")) return "1";
  return EqualIgnoringCase(word, "false") ? "0" : "";
}

std::string_view Unquoted(const SqlToken& token) {
  const bool quoted = token.kind == SqlToken::Kind::kName || token.kind == SqlToken::Kind::kText;
  return quoted && token.text.size() > 1 ? token.text.substr(1, token.text.size() - 2) : token.text;
}

// A statement without its blanks.
class Statement {
 public:
  Statement(std::vector<SqlToken> tokens, const std::vector<std::string>& fields)
      : tokens_(std::move(tokens)), fields_(fields) {}

  /// Whether the text at `place` is compared with a boolean field.
  bool IsOfBoolean(std::size_t place) const {
    return IsBoolean(PassSigns(place, -1)) || IsBoolean(PassSigns(place, 1)) || IsListed(place);
  }

 private:
  bool IsWord(std::size_t place, const char* word) const {
    return place < tokens_.size() && tokens_[place].kind == SqlToken::Kind::kWord &&
           EqualIgnoringCase(tokens_[place].text, word);
  }

  bool IsSign(std::size_t place, std::string_view signs) const {
    return place < tokens_.size() && tokens_[place].kind == SqlToken::Kind::kSign &&
           signs.find(tokens_[place].text) != std::string_view::npos;
  }

  bool IsBoolean(std::size_t place) const {
    if (place >= tokens_.size() || tokens_[place].kind == SqlToken::Kind::kText) return false;
    const std::string_view name = Unquoted(tokens_[place]);
    return std::any_of(fields_.begin(), fields_.end(),
                       [&](const std::string& field) { return EqualIgnoringCase(field, name); });
  }

  // The place behind a comparison's signs; none where no comparison is.
  std::size_t PassSigns(std::size_t place, int step) const {
    const auto move = static_cast<std::size_t>(step);
    std::size_t other = place + move;
    while (IsSign(other, "=<>!")) other += move;
    return other == place + move ? tokens_.size() : other;
  }

  bool IsListed(std::size_t place) const {
    std::size_t before = place - 1;
    while (before < place && !IsSign(before, "()")) --before;
    if (!IsSign(before, "(") || !IsWord(before - 1, "IN")) return false;
    before -= IsWord(before - 2, "NOT") ? 3 : 2;
    return IsBoolean(before);
  }

  const std::vector<SqlToken> tokens_;
  const std::vector<std::string>& fields_;
};

}  // namespace

std::string WithoutBooleanWords(std::string_view sql, const std::vector<std::string>& fields) {
  std::vector<SqlToken> tokens, all;
  for (std::string_view rest = sql; !rest.empty(); rest.remove_prefix(all.back().text.size())) {
    all.push_back(NextToken(rest));
    if (all.back().kind != SqlToken::Kind::kBlank) tokens.push_back(all.back());
  }
  const Statement statement(std::move(tokens), fields);
  std::string text;
  std::size_t place = 0;
  for (const SqlToken& token : all) {
    const std::string_view value = ValueOf(Unquoted(token));
    const bool is_value =
        !value.empty() && (token.kind == SqlToken::Kind::kWord ||
                           (token.kind == SqlToken::Kind::kText && statement.IsOfBoolean(place)));
    text += is_value ? value : token.text;
    if (token.kind != SqlToken::Kind::kBlank) ++place;
  }
  return text;
}

}  // namespace s2c
