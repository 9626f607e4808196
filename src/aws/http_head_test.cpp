#include "aws/http_head.h"

#include <doctest/doctest.h>

#include <string>

using namespace mastic::aws;

namespace {

struct Parsed {
  explicit Parsed(std::string text) : bytes(std::move(text)) { problem = parse_head(bytes, 100, head); }
  std::string bytes;
  HttpHead head;
  HeadProblem problem;
};

Parsed parse(const std::string& lines) { return Parsed(lines + "\r\n\r\n"); }

}  // namespace

TEST_CASE("a request's head is taken apart") {
  const auto request =
      parse("PUT /b/a%2F?x=1&y HTTP/1.1\r\nHost: h:1\r\nContent-Length: 12\r\nX-Amz-Meta-A: \t v v \r\nExpect: 100-Continue");
  REQUIRE(request.problem == HeadProblem::none);
  CHECK(request.head.method == "PUT");
  CHECK(request.head.path == "/b/a%2F");
  CHECK(request.head.query == "x=1&y");
  CHECK(request.head.host == "h:1");
  CHECK(request.head.content_length == 12);
  CHECK(request.head.find("x-amz-meta-a") == "v v");
  CHECK(request.head.expects_continue);
  CHECK(request.head.keep_alive);
}

TEST_CASE("keep-alive follows the version and the Connection header") {
  CHECK_FALSE(parse("GET / HTTP/1.0").head.keep_alive);
  CHECK(parse("GET / HTTP/1.0\r\nConnection: keep-alive").head.keep_alive);
  CHECK_FALSE(parse("GET / HTTP/1.1\r\nConnection: x, Close").head.keep_alive);
}

TEST_CASE("where two readers could disagree, the head is refused") {
  for (const char* lines :
       {"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked", "GET / HTTP/1.1\r\nContent-Length: -1",
        "GET / HTTP/1.1\r\nContent-Length: 1,1", "GET / HTTP/1.1\r\nContent-Length: ", "GET / HTTP/1.1\r\nA : b",
        "GET / HTTP/1.1\r\nA: b\r\n c", "GET / HTTP/1.1\r\nA: b\nB: c", "GET  / HTTP/1.1\r\n: b", "GET / x HTTP/1.1",
        "GET /\x01 HTTP/1.1", "G@T / HTTP/1.1", "GET HTTP/1.1", "GET / HTTP/1.1\r\nHost: a\r\nHost: b", "GET a HTTP/1.1", "",
        "GET / FTP/1.1"}) {
    CAPTURE(lines);
    CHECK(parse(lines).problem == HeadProblem::bad_request);
  }
  CHECK(parse("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked").problem == HeadProblem::not_implemented);
  CHECK(parse("GET / HTTP/2.0").problem == HeadProblem::bad_version);
}

TEST_CASE("the end of a head is found however it arrives") {
  const std::string bytes = "\r\nGET / HTTP/1.1\r\nA: b\r\n\r\nrest";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const auto first = find_head_end(std::string_view(bytes).substr(0, cut), 0);
    CHECK(first.has_value() == (cut >= bytes.size() - 4));
    CHECK(find_head_end(bytes, first ? 0 : cut) == bytes.size() - 4);
  }
}
