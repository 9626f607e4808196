#include "spark/sql/token.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace mastic::spark::sql {
namespace {

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Longest first: the first that matches is taken. `>>` is left to the parser, since it also ends nested types.
constexpr auto symbols = std::to_array<std::string_view>(
    {"<=>", "<<", "<>", "<=", ">=", "!=", "==", "||", "|>", "::", "->", "=>", "(", ")", ",", ".", "+", "-",
     "*",   "/",  "%",  "=",  "<",  ">",  "[",  "]",  ":",  "~",  "&",  "|",  "^", ";", "!", "{", "}"});

void append_utf8(std::string& out, unsigned long code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

bool all_digits(std::string_view text, int base) {
  return std::ranges::all_of(text, [&](char c) {
    return base == 16 ? std::isxdigit(static_cast<unsigned char>(c)) != 0 : c >= '0' && c < '0' + base;
  });
}

// Backslash escapes of a string literal, as Spark's unescapeSQLString: \n \t \r \b \0 \Z, octal \101, \uXXXX,
// \UXXXXXXXX; \% and \_ keep their backslash for LIKE; any other escaped character stands for itself.
std::string unescape(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\' || i + 1 == body.size()) {
      out += body[i];
      continue;
    }
    const char c = body[++i];
    if (c == 'u' && i + 4 < body.size() && all_digits(body.substr(i + 1, 4), 16)) {
      append_utf8(out, std::stoul(std::string(body.substr(i + 1, 4)), nullptr, 16));
      i += 4;
    } else if (c == 'U' && i + 8 < body.size() && all_digits(body.substr(i + 1, 8), 16)) {
      append_utf8(out, std::stoul(std::string(body.substr(i + 1, 8)), nullptr, 16) & 0x1FFFFF);
      i += 8;
    } else if (c >= '0' && c <= '1' && i + 2 < body.size() && all_digits(body.substr(i, 3), 8)) {
      out += static_cast<char>(std::stoul(std::string(body.substr(i, 3)), nullptr, 8));
      i += 2;
    } else {
      switch (c) {
        case '0': out += '\0'; break;
        case 'b': out += '\b'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'Z': out += '\x1A'; break;
        case '%': out += "\\%"; break;
        case '_': out += "\\_"; break;
        default: out += c;
      }
    }
  }
  return out;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  SparkResult<std::vector<Token>> run() {
    for (;;) {
      TRY_DO(skip_blanks());
      if (at_ >= text_.size()) break;
      TRY_DO(next());
    }
    push(TokenKind::end, "", at_);
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void push(TokenKind kind, std::string text, std::size_t begin, std::string suffix = "") {
    tokens_.push_back({kind, std::move(text), std::move(suffix), begin, at_});
  }

  SparkError error_here(std::size_t begin) const {
    return syntax_error(text_, {TokenKind::symbol, std::string(text_.substr(begin, 1)), "", begin, begin + 1});
  }

  SparkResult<void> skip_blanks() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(peek()))) {
        ++at_;
      } else if (text_.substr(at_, 2) == "--") {
        const auto newline = text_.find('\n', at_);
        at_ = newline == std::string_view::npos ? text_.size() : newline;
      } else if (text_.substr(at_, 2) == "/*" && peek(2) != '+') {
        TRY_DO(skip_comment());
      } else {
        return {};
      }
    }
    return {};
  }

  SparkResult<void> skip_comment() {  // bracketed comments nest
    const std::size_t begin = at_;
    int depth = 0;
    do {
      if (text_.substr(at_, 2) == "/*") {
        ++depth;
        at_ += 2;
      } else if (text_.substr(at_, 2) == "*/") {
        --depth;
        at_ += 2;
      } else if (at_ >= text_.size()) {
        return fail(locate(parse_error("UNCLOSED_BRACKETED_COMMENT"), text_, begin, at_));
      } else {
        ++at_;
      }
    } while (depth > 0);
    return {};
  }

  SparkResult<void> next() {
    const std::size_t begin = at_;
    const char c = peek();
    if (text_.substr(at_, 3) == "/*+") return hint();
    if ((c == 'r' || c == 'R') && (peek(1) == '\'' || peek(1) == '"')) {
      ++at_;
      return string(begin, true);
    }
    if (c == '\'' || c == '"') return string(begin, false);
    if (c == '`') return quoted();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)) && !follows_name())) return number();
    if (is_letter(c)) {
      while (is_letter(peek()) || is_digit(peek())) ++at_;
      push(TokenKind::word, std::string(text_.substr(begin, at_ - begin)), begin);
      return {};
    }
    if (c == '?') {
      ++at_;
      push(TokenKind::parameter, "", begin);
      return {};
    }
    if (c == ':' && is_letter(peek(1)) && !follows_operand()) {
      ++at_;
      while (is_letter(peek()) || is_digit(peek())) ++at_;
      push(TokenKind::parameter, std::string(text_.substr(begin + 1, at_ - begin - 1)), begin);
      return {};
    }
    for (const auto symbol : symbols) {
      if (text_.substr(at_, symbol.size()) != symbol) continue;
      at_ += symbol.size();
      push(TokenKind::symbol, std::string(symbol), begin);
      return {};
    }
    return fail(error_here(begin));
  }

  // `a.1`: after a name, a dot is a separator, not a decimal point.
  [[nodiscard]] bool follows_name() const {
    return !tokens_.empty() && tokens_.back().end == at_ && tokens_.back().kind != TokenKind::symbol;
  }
  // `struct<a:int>` and `v:field`: a colon that touches an operand separates, it names no parameter.
  [[nodiscard]] bool follows_operand() const { return follows_name(); }

  SparkResult<void> hint() {
    const std::size_t begin = at_;
    const auto end = text_.find("*/", at_ + 3);
    if (end == std::string_view::npos)
      return fail(locate(parse_error("UNCLOSED_BRACKETED_COMMENT"), text_, begin, text_.size()));
    at_ = end + 2;
    push(TokenKind::hint, std::string(text_.substr(begin + 3, end - begin - 3)), begin);
    return {};
  }

  SparkResult<void> string(std::size_t begin, bool raw) {
    const char quote = peek();
    const std::size_t body = ++at_;
    std::string value;
    for (std::size_t from = body;;) {
      if (at_ >= text_.size()) return fail(error_here(begin));
      if (!raw && peek() == '\\' && at_ + 1 < text_.size()) {
        at_ += 2;
      } else if (peek() == quote) {
        const auto part = text_.substr(from, at_ - from);
        value += raw ? std::string(part) : unescape(part);
        ++at_;
        if (raw || peek() != quote) break;
        value += quote;  // a doubled quote is one
        from = ++at_;
      } else {
        ++at_;
      }
    }
    push(TokenKind::string, std::move(value), begin);
    return {};
  }

  SparkResult<void> quoted() {
    const std::size_t begin = at_++;
    std::string value;
    for (;; ++at_) {
      if (at_ >= text_.size()) return fail(error_here(begin));
      if (peek() == '`' && peek(1) != '`') break;
      if (peek() == '`') ++at_;
      value += text_[at_];
    }
    ++at_;
    push(TokenKind::quoted, std::move(value), begin);
    return {};
  }

  SparkResult<void> number() {
    const std::size_t begin = at_;
    bool point = false;
    bool exponent = false;
    while (is_digit(peek())) ++at_;
    if (peek() == '.' && !(is_letter(peek(1)) && !std::isspace(static_cast<unsigned char>(peek(1))) && peek(1) != 'e' &&
                           peek(1) != 'E' && !is_suffix(at_ + 1))) {
      point = true;
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    if ((peek() == 'e' || peek() == 'E') && (is_digit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && is_digit(peek(2))))) {
      exponent = true;
      at_ += 2;
      while (is_digit(peek())) ++at_;
    }
    std::string digits(text_.substr(begin, at_ - begin));
    const std::string suffix = take_suffix();
    if (!point && !exponent && suffix.empty() && is_letter(peek())) {  // 2abc is an identifier
      while (is_letter(peek()) || is_digit(peek())) ++at_;
      push(TokenKind::word, std::string(text_.substr(begin, at_ - begin)), begin);
      return {};
    }
    const bool is_real = suffix == "F" || suffix == "D" || (exponent && suffix != "BD");
    const auto kind = is_real                                 ? TokenKind::real
                      : (point || exponent || suffix == "BD") ? TokenKind::decimal
                                                              : TokenKind::integer;
    push(kind, std::move(digits), begin, suffix);
    return {};
  }

  [[nodiscard]] bool is_suffix(std::size_t at) const {
    const auto rest = text_.substr(at);
    const std::size_t length = rest.size() >= 2 && std::toupper(rest[0]) == 'B' && std::toupper(rest[1]) == 'D' ? 2 : 1;
    if (rest.empty() || std::string_view("LSYFDlsyfdBb").find(rest[0]) == std::string_view::npos) return false;
    if (length == 1 && std::toupper(rest[0]) == 'B') return false;
    return rest.size() == length || !(is_letter(rest[length]) || is_digit(rest[length]));
  }

  std::string take_suffix() {
    if (at_ >= text_.size() || !is_suffix(at_)) return "";
    const std::size_t length = std::toupper(text_[at_]) == 'B' ? 2 : 1;
    std::string suffix(text_.substr(at_, length));
    std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return std::toupper(c); });
    at_ += length;
    return suffix;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

SparkResult<std::vector<Token>> tokenize(std::string_view text) { return Lexer(text).run(); }

SparkError syntax_error(std::string_view text, const Token& at, bool superfluous) {
  const std::string found =
      at.kind == TokenKind::end ? "end of input" : "'" + std::string(text.substr(at.begin, at.end - at.begin)) + "'";
  // Spark's own parser knows no context yet when it stumbles.
  auto error =
      locate(parse_error("PARSE_SYNTAX_ERROR", {{"error", found}, {"hint", superfluous ? ": extra input " + found : ""}}), text,
             at.begin, at.end);
  error.contexts.clear();
  return error;
}

SparkError locate(SparkError error, std::string_view text, std::size_t begin, std::size_t end) {
  const auto before = text.substr(0, begin);
  const auto line = std::ranges::count(before, '\n') + 1;
  const auto newline = before.rfind('\n');
  const std::size_t position = newline == std::string_view::npos ? begin : begin - newline - 1;
  std::string sql;
  std::size_t from = 0;
  for (int64_t number = 1; from <= text.size(); ++number) {
    const auto to = std::min(text.find('\n', from), text.size());
    sql.append(text.substr(from, to - from)).append("\n");
    if (number == line) sql.append(std::string(position, '-')).append("^^^\n");
    from = to + 1;
  }
  error.message += " (line " + std::to_string(line) + ", pos " + std::to_string(position) + ")\n\n== SQL ==\n" + sql;
  error.contexts.push_back({.fragment = std::string(text.substr(begin, end - begin)),
                            .call_site = "",
                            .sql_text = std::string(text),
                            .start_index = static_cast<int>(begin),
                            .stop_index = static_cast<int>(end > begin ? end - 1 : end)});
  return error;
}

}  // namespace mastic::spark::sql
