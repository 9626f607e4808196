#include "console/console.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "aws/json.h"
#include "console/assets.h"
#include "console/sessions.h"

namespace mastic::console {
namespace {

constexpr std::string_view prefix = "/_mastic/console";

/// Nothing from elsewhere, no script that is not a file of ours. The editor and the charts make style elements of their own.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' "
    "data:; "
    "connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const Asset* find_asset(std::string_view path) {
  const auto all = assets();
  const auto found = std::ranges::lower_bound(all, path, {}, &Asset::path);
  return found != all.end() && found->path == path ? &*found : nullptr;
}

/// What the client can read; gzip when it says nothing that fits, as every browser reads it.
std::pair<std::string_view, std::string_view> choose_encoding(const Asset& asset, std::string_view accepted) {
  if (asset.plain.length > 0) return {"", bytes_of(asset.plain)};
  if (accepted.find("br") != std::string_view::npos) return {"br", bytes_of(asset.brotli)};
  return {"gzip", bytes_of(asset.gzip)};
}

Result<aws::PageAnswer> answer_asset(const aws::PageRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    return fail(Error{"MethodNotAllowed", "The console's files can only be read.", 405});
  }
  const std::string_view path = request.rest;
  const auto* asset = find_asset(path);
  // A stale page asks for a chunk of an older build: no page may come in its place.
  if (asset == nullptr && path.starts_with("/assets/")) {
    return fail(Error{"NotFound", fmt::format("The console has no such file: {}", path), 404});
  }
  const bool is_page = asset == nullptr || asset->path == "/index.html";
  if (is_page) asset = find_asset("/index.html");
  if (asset == nullptr) return fail(Error{"NotFound", "This program was built without its console.", 404});

  aws::PageAnswer answer{.content_type = std::string(asset->content_type)};
  const auto etag = fmt::format("\"{}\"", asset->etag);
  // Names of assets carry a hash of their content.
  const bool forever = !is_page && asset->path.starts_with("/assets/");
  answer.headers = {{"ETag", etag},
                    {"Cache-Control", forever ? "public, max-age=31536000, immutable" : "no-cache"},
                    {"Content-Security-Policy", std::string(content_security_policy)},
                    {"X-Content-Type-Options", "nosniff"},
                    {"Referrer-Policy", "no-referrer"},
                    {"Cross-Origin-Opener-Policy", "same-origin"},
                    {"Vary", "Accept-Encoding"}};
  if (request.call.header("if-none-match") == etag) {
    answer.status = 304;
    return answer;
  }
  const auto [encoding, bytes] = choose_encoding(*asset, request.call.header("accept-encoding").value_or(""));
  if (!encoding.empty()) answer.headers.emplace_back("Content-Encoding", encoding);
  answer.body = bytes;
  return answer;
}

aws::PageAnswer session_answer(bool keys_required, const std::optional<Session>& session) {
  aws::PageAnswer answer;
  answer.headers = {{"Cache-Control", "no-store"}};
  aws::JsonWriter writer(answer.body);
  writer.open_object();
  writer.key("keys_required");
  writer.boolean(keys_required);
  if (session) {
    writer.key("access_key");
    writer.text(session->access_key);
    writer.key("csrf");
    writer.text(session->csrf);
  }
  writer.close_object();
  return answer;
}

std::string cookie(std::string_view value, const aws::PageRequest& request, int64_t seconds) {
  const bool over_tls = request.call.header("x-forwarded-proto") == "https";
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", Sessions::cookie_name, value, seconds,
                     over_tls ? "; Secure" : "");
}

struct Secrets {
  std::string access_key, secret, token;
};

Result<Secrets> read_secrets(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  const auto malformed = [] {
    return fail(Error{"InvalidInput", R"(Send {"access_key": "…", "secret_access_key": "…"}.)", 400});
  };
  if (parser.parse(body.data(), body.size()).get(document) != simdjson::SUCCESS) return malformed();
  std::string_view access_key, secret, token;
  if (document["access_key"].get(access_key) != simdjson::SUCCESS) return malformed();
  if (document["secret_access_key"].get(secret) != simdjson::SUCCESS) return malformed();
  if (document["session_token"].get(token) != simdjson::SUCCESS) token = {};
  return Secrets{std::string(access_key), std::string(secret), std::string(token)};
}

Result<aws::PageAnswer> answer_session(Sessions* sessions, const aws::PageRequest& request) {
  const auto cookies = request.call.header("cookie").value_or("");
  if (request.method == "GET") {
    return session_answer(sessions != nullptr, sessions != nullptr ? sessions->find(cookies) : std::nullopt);
  }
  if (sessions == nullptr) return session_answer(false, std::nullopt);
  if (request.method == "DELETE") {
    sessions->sign_out(cookies);
    auto answer = session_answer(true, std::nullopt);
    answer.headers.emplace_back("Set-Cookie", cookie("", request, 0));
    return answer;
  }
  if (request.method != "POST") return fail(Error{"MethodNotAllowed", "GET, POST or DELETE.", 405});
  TRY(secrets, read_secrets(request.call.body));
  const auto session = sessions->sign_in(secrets.access_key, secrets.secret, secrets.token);
  if (!session) return fail(Error{"AccessDenied", "This access key and secret are not those of a key of this server.", 403});
  auto answer = session_answer(true, session);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Sessions::idle_maximum).count();
  answer.headers.emplace_back("Set-Cookie", cookie(session->id, request, seconds));
  return answer;
}

}  // namespace

Console::Console(const aws::KeyStore* keys, const Clock& clock)
    : sessions_(keys != nullptr ? std::make_unique<Sessions>(*keys, clock) : nullptr) {}

Console::~Console() = default;

void Console::add_pages(aws::Pages& pages) {
  pages.add({.prefix = std::string(prefix), .access = aws::PageAccess::everybody}, answer_asset);
  pages.add({.prefix = std::string(prefix) + "/session", .access = aws::PageAccess::everybody},
            [sessions = sessions_.get()](const aws::PageRequest& request) { return answer_session(sessions, request); });
  if (!sessions_) return;
  // An event stream cannot send a header: reading is the cookie's alone, which no other site's page can send.
  pages.identify_with([sessions = sessions_.get()](const aws::PageRequest& request) -> std::optional<std::string> {
    const auto cookies = request.call.header("cookie").value_or("");
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const auto session =
        reads ? sessions->find(cookies) : sessions->find(cookies, request.call.header("x-mastic-csrf").value_or(""));
    if (!session) return std::nullopt;
    return session->access_key;
  });
}

std::function<std::optional<std::string>(const aws::HttpHead&)> Console::session_of() const {
  if (!sessions_) return {};
  return [sessions = sessions_.get()](const aws::HttpHead& head) -> std::optional<std::string> {
    const auto token = head.find("x-mastic-csrf");
    if (!token) return std::nullopt;
    const auto session = sessions->find(head.find("cookie").value_or(""), *token);
    if (!session) return std::nullopt;
    return session->access_key;
  };
}

}  // namespace mastic::console
