#include "aws/pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/digest.h"
#include "aws/encoding.h"
#include "aws/exchange.h"
#include "aws/json.h"
#include "aws/node.h"
#include "aws/sigv4.h"

namespace mastic::aws {
namespace {

constexpr std::string_view root = "/_mastic";

bool is_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool changes_something(std::string_view method) { return method != "GET" && method != "HEAD"; }

/// A browser names the site whose script sends a request; `null` is a site that it will not name.
bool is_of_another_site(const HttpHead& head) {
  const auto origin = head.find("origin");
  if (!origin) return false;
  const auto scheme_end = origin->find("://");
  return scheme_end == std::string_view::npos || origin->substr(scheme_end + 3) != head.host;
}

}  // namespace

void Pages::add(Route route, Handler handler) {
  const auto longer = [&](const Entry& entry) { return entry.route.prefix.size() < route.prefix.size(); };
  const auto place = std::ranges::find_if(entries_, longer);
  entries_.insert(place, Entry{std::move(route), std::move(handler)});
}

bool Pages::owns(const Exchange& exchange) const {
  if (!is_below(exchange.head.path, root)) return false;
  const auto credential = find_credential(exchange.head);
  return !credential || !*credential || (*credential)->service != "s3";
}

const Pages::Entry* Pages::find(std::string_view path) const {
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) { return is_below(path, entry.route.prefix); });
  return found == entries_.end() ? nullptr : &*found;
}

Result<void> Pages::identify(Exchange& exchange, const PageRequest& request, const KeyStore& keys, Instant now) const {
  TRY(credential, find_credential(exchange.head));
  if (credential) {
    const auto sent_hash = exchange.head.find("x-amz-content-sha256").value_or(std::string_view{});
    const auto hash = to_hex(Digest::of(DigestKind::sha256, exchange.call.body));
    // What was signed is the body's hash; one that the client states and does not keep to is no signature of this body.
    if (!sent_hash.empty() && sent_hash != unsigned_payload && sent_hash != hash)
      return fail(signature_mismatch(Protocol::json));
    TRY_DO(verify_request(exchange.head, *credential, sent_hash.empty() ? std::string_view(hash) : sent_hash, keys, now,
                          Protocol::json));
    exchange.context.access_key = credential->access_key;
    exchange.context.region = credential->region;
  } else {
    std::optional<std::string> known;
    for (const auto& check : identify_) {
      if (!known) known = check(request);
    }
    if (!known) {
      return fail(Error{"AuthenticationRequired",
                        "Keys are configured: sign this request (Signature Version 4) with one of them, or log in.", 401});
    }
    exchange.context.access_key = std::move(*known);
  }
  const auto key = keys.find(exchange.context.access_key);
  if (!key) return fail(Error{"AuthenticationRequired", "The key of this session is no longer known: log in again.", 401});
  if (!key->account_id.empty()) exchange.context.account_id = key->account_id;
  return {};
}

Result<PageAnswer> Pages::answer(Exchange& exchange, const KeyStore* keys, Instant now) const {
  const auto* entry = find(exchange.head.path);
  if (entry == nullptr) {
    return fail(Error{"NotFound", fmt::format("There is nothing at this path: {}", exchange.head.path), 404});
  }
  if (changes_something(exchange.head.method) && is_of_another_site(exchange.head)) {
    return fail(Error{"CrossOriginRefused", "Another site's page may not change anything here.", 403});
  }
  const PageRequest request{.method = exchange.head.method,
                            .path = exchange.head.path,
                            .rest = percent_decode(exchange.head.path.substr(entry->route.prefix.size()), false),
                            .call = exchange.call,
                            .context = exchange.context};
  if (keys != nullptr && entry->route.access != PageAccess::everybody) {
    TRY_DO(identify(exchange, request, *keys, now));
    if (permit_ && !entry->route.action.empty()) {
      auto permitted = permit_(exchange.context, entry->route.action);
      if (!permitted) return fail(Error{"AccessDenied", std::move(permitted).error().message, 403});
    }
  }
  return entry->handler(request);
}

PageAnswer Pages::refusal(const Error& error) {
  PageAnswer answer{.status = error.http_status};
  JsonWriter writer(answer.body);
  writer.open_object();
  writer.key("code");
  writer.text(error.code);
  writer.key("message");
  writer.text(error.message);
  for (const auto& [name, json] : error.members) {
    writer.any_key(name);
    writer.raw(json);
  }
  writer.close_object();
  answer.body += '\n';
  return answer;
}

}  // namespace mastic::aws
