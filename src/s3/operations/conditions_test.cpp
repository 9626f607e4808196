#include "s3/operations/conditions.h"

#include <doctest/doctest.h>

#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/copy_source.h"
#include "s3/operations/ranges.h"
#include "s3/operations/tags.h"

using namespace mastic;
using namespace mastic::s3;

namespace {

std::string code_of(const Result<void>& result) { return result ? "" : result.error().code; }
std::string range_of(const char* header, int64_t size) {
  const auto range = parse_range(header, size);
  if (!range) return range.error().code;
  return *range ? std::to_string((*range)->offset) + "+" + std::to_string((*range)->length) : "whole";
}

}  // namespace

TEST_CASE("conditions and which of them outranks which") {
  const Instant changed{std::chrono::seconds{1'000'000} + std::chrono::milliseconds{300}};
  const Instant same_second{std::chrono::seconds{1'000'000}};
  const Instant before = same_second - std::chrono::seconds{1};
  const Object object{.size = 1, .last_modified = changed, .etag = "e", .storage_class = {}};
  const auto read = [&](const Conditions& conditions) { return code_of(check_read(conditions, object)); };
  CHECK(read({}) == "");
  CHECK(read({.if_match = "\"e\""}) == "");
  CHECK(read({.if_match = "*"}) == "");
  CHECK(read({.if_match = "\"x\", \"e\""}) == "");
  CHECK(read({.if_match = "x"}) == "PreconditionFailed");
  CHECK(read({.if_match = "e", .if_unmodified_since = before}) == "");
  CHECK(read({.if_unmodified_since = before}) == "PreconditionFailed");
  CHECK(read({.if_unmodified_since = same_second}) == "");
  CHECK(read({.if_none_match = "e"}) == "NotModified");
  CHECK(read({.if_none_match = "x", .if_modified_since = changed}) == "");
  CHECK(read({.if_none_match = "e", .if_modified_since = before}) == "NotModified");
  CHECK(read({.if_modified_since = same_second}) == "NotModified");
  CHECK(read({.if_modified_since = before}) == "");
  CHECK(code_of(check_copy_source({.if_none_match = "e"}, object)) == "PreconditionFailed");

  CHECK_FALSE(write_precondition(std::nullopt, "\"e\"", "k"));
  CHECK_FALSE(*write_precondition(std::nullopt, std::nullopt, "k"));
  const auto free = *write_precondition(std::nullopt, "*", "k");
  CHECK(code_of(free(nullptr)) == "");
  CHECK(code_of(free(&object)) == "PreconditionFailed");
  const auto match = *write_precondition("\"e\"", std::nullopt, "k");
  CHECK(code_of(match(nullptr)) == "NoSuchKey");
  CHECK(code_of(match(&object)) == "");
}

TEST_CASE("ranges") {
  CHECK(range_of("bytes=0-4", 10) == "0+5");
  CHECK(range_of("bytes=5-", 10) == "5+5");
  CHECK(range_of("bytes=-3", 10) == "7+3");
  CHECK(range_of("bytes=-30", 10) == "0+10");
  CHECK(range_of("bytes=3-99999999999999999999", 10) == "3+7");
  CHECK(range_of("bytes=10-", 10) == "InvalidRange");
  CHECK(range_of("bytes=-0", 10) == "InvalidRange");
  CHECK(range_of("bytes=0-", 0) == "InvalidRange");
  CHECK(range_of("bytes=0-1,3-4", 10) == "whole");
  CHECK(range_of("bytes=4-2", 10) == "whole");
  CHECK(range_of("bytes=-", 10) == "whole");
  CHECK(range_of("lines=1-2", 10) == "whole");
  CHECK(range_of("bytes=a-2", 10) == "whole");
  CHECK(parse_copy_range("bytes=2-9", 10)->length == 8);
  CHECK_FALSE(parse_copy_range("bytes=2-10", 10));
  CHECK_FALSE(parse_copy_range("bytes=2-", 10));
}

TEST_CASE("names of buckets, sources of copies, tags, codings") {
  for (const auto* name : {"abc", "my.bucket-1", "0123456789012345678901234567890123456789012345678901234567890ab"})
    CHECK(is_bucket_name(name));
  for (const auto* name : {"ab", "Abc", "-abc", "abc-", "a..b", "a_b", "192.168.5.4", "xn--abc", "abc-s3alias", ""})
    CHECK_FALSE(is_bucket_name(name));

  const auto source = parse_copy_source("/bucket/dir%2Fa%20b+c%3F.csv?versionId=null");
  REQUIRE(source);
  CHECK(source->bucket == "bucket");
  CHECK(source->key == "dir/a b+c?.csv");
  CHECK_FALSE(parse_copy_source("bucket"));
  CHECK_FALSE(parse_copy_source("bucket/"));
  CHECK(parse_copy_source("bucket/key?versionId=abc")->version_id == "abc");

  CHECK(*parse_tagging_header("a=1&b=x%20y+z&c") == Tags{{"a", "1"}, {"b", "x y z"}, {"c", ""}});
  CHECK(parse_tagging_header(std::nullopt)->empty());
  CHECK_FALSE(parse_tagging_header("a=1&a=2"));
  CHECK_FALSE(parse_tagging_header("=1"));
  CHECK(percent_decode("%4", false) == "%4");
  CHECK(percent_decode("%zz%41", false) == "%zzA");

  CHECK(without_aws_chunked("gzip,aws-chunked") == "gzip");
  CHECK(without_aws_chunked("aws-chunked") == "");
  CHECK(without_aws_chunked("br, gzip") == "br,gzip");
}
