// URLs as Java reads them.
//   spark_url_encode(VARCHAR), spark_url_decode(VARCHAR), spark_try_url_decode(VARCHAR): application/x-www-form-urlencoded
//   spark_parse_url(url, part, key), spark_try_parse_url(…): java.net.URI's parts; `key` may be NULL (no key asked for)
#include <algorithm>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void url_encode(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : view(text)) {
      if (is_alphanumeric(c) || c == '.' || c == '-' || c == '*' || c == '_') {
        out += c;
      } else if (c == ' ') {
        out += '+';
      } else {
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte >> 4], digits[byte & 15]};
      }
    }
    return add_string(result, out);
  });
}

std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size() || hexadecimal(text[i + 1]) < 0 || hexadecimal(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(hexadecimal(text[i + 1]) * 16 + hexadecimal(text[i + 2]));
    i += 2;
  }
  return out;
}

template <OnFailure on_failure>
void url_decode(DataChunk& input, ExpressionState&, Vector& result) {
  convert_vector<string_t, string_t>(
      input.data[0], result, input.size(),
      [&](string_t text) -> std::optional<string_t> {
        const auto decoded = decode(view(text));
        if (!decoded) return std::nullopt;
        return add_string(result, *decoded);
      },
      [](string_t text) {
        if (on_failure == OnFailure::error) throw_spark_error("CANNOT_DECODE_URL", {{"url", text.GetString()}});
      });
}

/// The raw parts of a URI; a part that is not there is nullopt.
struct Uri {
  std::optional<std::string_view> scheme, authority, user, host, path, query, fragment;
};

bool is_legal(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos)
      return false;
    if (c == '%' && (i + 2 >= text.size() || hexadecimal(text[i + 1]) < 0 || hexadecimal(text[i + 2]) < 0)) return false;
  }
  return true;
}

void split_authority(Uri& uri) {
  auto rest = *uri.authority;
  std::optional<std::string_view> user;
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    user = rest.substr(0, at);
    rest.remove_prefix(at + 1);
  }
  std::string_view host = rest;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return;
    host = rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
  } else {
    host = rest.substr(0, rest.find(':'));
    rest.remove_prefix(host.size());
    // Not a host name: the authority is a registry's, without host and user.
    if (host.empty() || !std::ranges::all_of(host, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; })) return;
    const auto label = host.substr(
        host.find_last_of('.', host.size() - 2) == std::string_view::npos ? 0 : host.find_last_of('.', host.size() - 2) + 1);
    const bool digits = std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    if (!digits && label.front() >= '0' && label.front() <= '9') return;
  }
  if (!rest.empty() &&
      (rest.front() != ':' || !std::ranges::all_of(rest.substr(1), [](char c) { return c >= '0' && c <= '9'; })))
    return;
  uri.user = user;
  uri.host = host;
}

std::optional<Uri> parse(std::string_view text) {
  if (!is_legal(text)) return std::nullopt;
  Uri uri;
  auto rest = text;
  if (const auto hash = rest.find('#'); hash != std::string_view::npos) {
    uri.fragment = rest.substr(hash + 1);
    rest = rest.substr(0, hash);
    if (uri.fragment->find('#') != std::string_view::npos) return std::nullopt;
  }
  const auto colon = rest.find_first_of(":/?");
  if (colon != std::string_view::npos && rest[colon] == ':') {
    const auto scheme = rest.substr(0, colon);
    if (scheme.empty() || !std::isalpha(static_cast<unsigned char>(scheme.front())) ||
        !std::ranges::all_of(scheme, [](char c) { return is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; }))
      return std::nullopt;
    uri.scheme = scheme;
    rest.remove_prefix(colon + 1);
    if (rest.empty()) return std::nullopt;
    if (rest.front() != '/') return uri;  // opaque: mailto:a@b
  }
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    uri.query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto end = std::min(rest.find('/'), rest.size());
    if (end > 0) {
      uri.authority = rest.substr(0, end);
      split_authority(uri);
    } else if (rest.empty()) {
      return std::nullopt;
    }
    rest.remove_prefix(end);
  }
  uri.path = rest;
  return uri;
}

std::optional<std::string> part_of(const Uri& uri, std::string_view part) {
  const auto text = [](const std::optional<std::string_view>& value) -> std::optional<std::string> {
    if (!value) return std::nullopt;
    return std::string(*value);
  };
  if (part == "HOST") return text(uri.host);
  if (part == "PATH") return text(uri.path);
  if (part == "QUERY") return text(uri.query);
  if (part == "REF") return text(uri.fragment);
  if (part == "PROTOCOL") return text(uri.scheme);
  if (part == "AUTHORITY") return text(uri.authority);
  if (part == "USERINFO") return text(uri.user);
  if (part != "FILE") return std::nullopt;
  if (!uri.path) return std::nullopt;
  return std::string(*uri.path) + (uri.query ? "?" + std::string(*uri.query) : "");
}

std::optional<std::string> query_value(std::string_view query, std::string_view key) {
  while (true) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=')
      return std::string(pair.substr(key.size() + 1));
    if (end == query.size()) return std::nullopt;
    query.remove_prefix(end + 1);
  }
}

template <OnFailure on_failure>
void parse_url(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const bool keyed = input.ColumnCount() > 2;
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto url = input.data[0].GetValue(row);
    const auto part = input.data[1].GetValue(row);
    const auto key = keyed ? input.data[2].GetValue(row) : Value();
    std::optional<std::string> found;
    if (!url.IsNull() && !part.IsNull() && !(keyed && key.IsNull())) {
      const auto& text = duckdb::StringValue::Get(url);
      const auto uri = parse(text);
      if (!uri && on_failure == OnFailure::error) throw_spark_error("INVALID_URL", {{"url", text}});
      if (uri) found = part_of(*uri, duckdb::StringValue::Get(part));
      if (keyed) {
        found = found && duckdb::StringValue::Get(part) == "QUERY" ? query_value(*found, duckdb::StringValue::Get(key))
                                                                   : std::nullopt;
      }
    }
    duckdb::FlatVector::SetNull(result, row, !found);
    if (found) duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, *found);
  }
}

}  // namespace

void register_url_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  loader.RegisterFunction(kernel("spark_url_encode", {text}, text, url_encode));
  loader.RegisterFunction(kernel("spark_url_decode", {text}, text, url_decode<OnFailure::error>));
  loader.RegisterFunction(kernel("spark_try_url_decode", {text}, text, url_decode<OnFailure::null>));
  for (const duckdb::vector<LogicalType>& arguments :
       {duckdb::vector<LogicalType>{text, text}, duckdb::vector<LogicalType>{text, text, text}}) {
    loader.RegisterFunction(kernel("spark_parse_url", arguments, text, parse_url<OnFailure::error>));
    loader.RegisterFunction(kernel("spark_try_parse_url", arguments, text, parse_url<OnFailure::null>));
  }
}

}  // namespace mastic::engine
