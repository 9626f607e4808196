// The server's own paths, `/_mastic/…`: what no AWS service owns (health, metrics, lineage, the console).
//
//   aws::Pages pages;
//   pages.add({.prefix = "/_mastic/health", .access = aws::PageAccess::everybody}, [](const aws::PageRequest& request) {
//     return aws::PageAnswer{.body = "{}\n"};
//   });
//   aws::Server server(services, {.pages = &pages});
//
// A route owns its prefix and every path below it; the longest prefix wins, a path under `/_mastic` without a route is a 404.
// Who may ask: without configured keys everybody, as for every service. With keys, a route that is not `everybody`'s wants
// a request signed with Signature Version 4 (any service name but s3), or one that a check of identify_with knows (the
// console's cookie); whoever that is must then be permitted the route's `action` by permit_with's check. A request that
// changes something is refused when a browser sends it for another site (its Origin is not this host).
//
// Filled before the server runs, then only read. Handlers are called on the server's threads, many at a time, and may block
// for as long as any other handler; what takes longer is a PageStream.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/body.h"
#include "aws/call.h"
#include "aws/service.h"
#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {

struct Exchange;
class KeyStore;

/// A request's parts; nothing here outlives the call.
struct PageRequest {
  std::string_view method;
  std::string_view path;       // as sent, without the query
  std::string rest;            // what follows the route's prefix, decoded: "" or "/…"
  const IncomingCall& call;    // header(), parameter() of the query (decoded), body
  const CallContext& context;  // access_key: who asks; empty when that is not known
};

/// What is sent bit by bit: events for a browser, the lines of a long export. Asked by one thread at a time; destroyed when
/// it has ended, when the client has gone or when the server stops.
class PageStream {
 public:
  virtual ~PageStream() = default;
  /// The next bytes; "" when there are none at the moment (asked again after PageAnswer::poll_interval); nothing when the
  /// stream has ended. Does not block.
  virtual std::optional<std::string> next() = 0;
};

struct PageAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::optional<OutgoingBody> file = {};    // instead of `body`: a file, or a part of one
  std::unique_ptr<PageStream> stream = {};  // instead of `body`
  std::chrono::milliseconds poll_interval{100};
};

enum class PageAccess : uint8_t { callers, everybody };

class Pages {
 public:
  /// A failure is answered with its http_status and `{"code": …, "message": …}`.
  using Handler = std::function<Result<PageAnswer>(const PageRequest&)>;
  /// The access key in whose name an unsigned request comes; nothing: this check does not know.
  using Identify = std::function<std::optional<std::string>(const PageRequest&)>;
  /// Whether the caller may do `action`; fails with AccessDenied's sentence.
  using Permit = std::function<Result<void>(const CallContext&, std::string_view action)>;

  struct Route {
    std::string prefix;  // "/_mastic/lineage"
    PageAccess access = PageAccess::callers;
    std::string action = "";  // asked of permit_with: "mastic:GetLineage"; empty: every caller may
  };

  void add(Route route, Handler handler);
  void identify_with(Identify identify) { identify_.push_back(std::move(identify)); }
  void permit_with(Permit permit) { permit_ = std::move(permit); }

  /// Whether the request is for a path of the server's own: below `/_mastic`, and not signed as a request to S3, where a
  /// bucket named in the host may have such a key.
  [[nodiscard]] bool owns(const Exchange& exchange) const;
  /// With the whole request in `exchange.call`. `keys` null: nobody is asked who they are.
  [[nodiscard]] Result<PageAnswer> answer(Exchange& exchange, const KeyStore* keys, Instant now) const;
  /// `{"code": …, "message": …}`.
  [[nodiscard]] static PageAnswer refusal(const Error& error);

 private:
  struct Entry {
    Route route;
    Handler handler;
  };
  [[nodiscard]] const Entry* find(std::string_view path) const;
  [[nodiscard]] Result<void> identify(Exchange& exchange, const PageRequest& request, const KeyStore& keys, Instant now) const;

  std::vector<Entry> entries_;  // longest prefix first
  std::vector<Identify> identify_;
  Permit permit_;
};

}  // namespace mastic::aws
