#include <doctest/doctest.h>

#include "classify/csv.h"
#include "classify/grok.h"
#include "classify/inspect.h"
#include "classify/message.h"

using namespace mastic::classify;

namespace {

Inspection look(std::string bytes, std::vector<Classifier> classifiers = {}) {
  return inspect(Content::of_bytes(std::move(bytes)), "file", classifiers);
}

std::string schema_text(const Schema& columns) {
  std::string text;
  for (const auto& column : columns) text += (text.empty() ? "" : ", ") + column.name + " " + catalog_text(column.type);
  return text;
}

std::string schema_of(std::string bytes, std::vector<Classifier> classifiers = {}) {
  const auto found = look(std::move(bytes), std::move(classifiers));
  return found.problem.empty() ? found.classification + ": " + schema_text(found.columns) : found.problem;
}

}  // namespace

TEST_CASE("types of two files become one") {
  CHECK(merge({Kind::int_}, {Kind::bigint}).kind == Kind::bigint);
  CHECK(merge({Kind::bigint}, {Kind::double_}).kind == Kind::double_);
  CHECK(merge({Kind::unknown}, {Kind::date}).kind == Kind::date);
  CHECK(merge({Kind::date}, {Kind::timestamp}).kind == Kind::timestamp);
  CHECK(merge({Kind::boolean}, {Kind::int_}).kind == Kind::string);
  CHECK(catalog_text(merge(decimal_of(5, 2), {Kind::int_})) == "decimal(12,2)");
  const Type left{Kind::struct_, 0, 0, {{"a", {Kind::int_}}}};
  const Type right{Kind::struct_, 0, 0, {{"b", {Kind::string}}, {"a", {Kind::bigint}}}};
  CHECK(catalog_text(merge(array_of(left), array_of(right))) == "array<struct<a:bigint,b:string>>");
}

TEST_CASE("csv: a header is a row of text over columns that are not all text") {
  CHECK(schema_of("Name,Age\nAda,36\nBob,41\n") == "csv: name string, age bigint");
  // All columns are text: the first row is not different enough from the others.
  CHECK(schema_of("name,city\nada,london\nbob,paris\n") == "csv: col0 string, col1 string");
  // A cell that is a number is no name.
  CHECK(schema_of("name,1\nada,2\nbob,3\n") == "csv: col0 string, col1 bigint");
  CHECK(schema_of("a,b,\n1,x,\n2,y,\n") == "csv: a bigint, b string");  // a delimiter at the end of lines
  CHECK(schema_of(std::string(150, 'x') + ",b,c\n1,2,3\n4,5,6\n") == "csv: col0 string, col1 string, col2 string");
  CHECK(schema_of("a|b\n1|2.5\n3|4\n") == "csv: a bigint, b double");
  CHECK(schema_of("a\tb\n1\ttrue\n3\tFALSE\n") == "csv: a bigint, b boolean");
  CHECK(schema_of("a;b\n1;x,y\n3;z\n") == "csv: a bigint, b string");
  CHECK(schema_of("a,b\n") == "no classifier recognises it");  // one row is no table
  CHECK(schema_of("just a line\nand another\n") == "no classifier recognises it");
  const auto quoted = look("id,\"last, first\"\n1,\"Love\"\"lace, Ada\"\n2,\"B\nob\"\n");
  CHECK(schema_text(quoted.columns) == "id bigint, last, first string");
  CHECK(quoted.table_parameters.at("areColumnsQuoted") == "true");
  CHECK(quoted.table_parameters.at("skip.header.line.count") == "1");
  CHECK(quoted.records == 2);
  CHECK(schema_of("a,a,A\n1,2,3\n4,5,6\n") == "csv: a bigint, a_1 bigint, a_2 bigint");
}

TEST_CASE("csv classifiers of users") {
  CsvClassifier csv{.name = "c", .delimiter = "^", .header = Header::absent};
  CHECK(schema_of("1^a\n2^b\n", {csv}) == "csv: col0 bigint, col1 string");
  csv.columns = {"ID", "Name"};
  CHECK(schema_of("1^a\n2^b\n", {csv}) == "csv: id bigint, name string");
  csv.datatypes = {"STRING", "DATE"};
  CHECK(schema_of("1^2020-01-01\n2^2020-01-02\n", {csv}) == "csv: id string, name date");
  csv.header = Header::present;
  csv.columns = {};
  csv.datatypes = {};
  CHECK(schema_of("x^y\na^b\n", {csv}) == "csv: x string, y string");
  CHECK(schema_of("{\"a\":1}\n", {csv}) == "json: a int");  // not the classifier's: the built-in ones go on
  const CsvClassifier single{.name = "s", .allows_single_column = true};
  CHECK(schema_of("n\n1\n2\n", {single}) == "csv: n bigint");
  const CsvClassifier quote{.name = "q", .delimiter = ",", .quote = "'"};
  const auto found = look("a,b\n1,'x,y'\n2,'z'\n", {quote});
  CHECK(found.serialization_library == "org.apache.hadoop.hive.serde2.OpenCSVSerde");
  CHECK(found.serde_parameters.at("quoteChar") == "'");
  CHECK(schema_text(found.columns) == "a bigint, b string");
}

TEST_CASE("json: documents, their arrays, and what a path selects") {
  CHECK(schema_of("{\"Id\":1,\"tags\":[\"a\"],\"at\":{\"x\":1.5}}\n{\"id\":5000000000,\"new\":null}\n") ==
        "json: id bigint, tags array<string>, at struct<x:double>, new string");
  CHECK(schema_of("[{\"a\":1},{\"b\":true}]") == "json: array array<struct<a:int,b:boolean>>");
  CHECK(schema_of("[{\"a\":1},{\"b\":true}]", {JsonClassifier{"j", "$[*]"}}) == "json: a int, b boolean");
  CHECK(schema_of("{\"rows\":[{\"a\":1},{\"a\":2}]}", {JsonClassifier{"j", "$.rows[*]"}}) == "json: a int");
  CHECK(schema_of("{\"a\":1}\n{\"a\":\"x\"}\n") == "json: a string");
  CHECK(look("{\n \"a\": 1\n}\n").table_parameters.contains("multiLine"));
  CHECK(!look("{\"a\": 1}\n{\"a\": 2}").table_parameters.contains("multiLine"));
  CHECK(schema_of("{\"a\": }\n") == "no classifier recognises it");
  CHECK(problem_of(JsonClassifier{"j", "a.b"}) != "");
}

TEST_CASE("xml: rows by their tag, or by what repeats") {
  const std::string text =
      "<?xml version=\"1.0\"?><!-- c --><people><person id=\"7\"><name>Ada</name><age>36</age></person>"
      "<person id=\"8\"><name>Bob</name><phone>1</phone><phone>2</phone></person></people>";
  CHECK(schema_of(text) == "xml: _id bigint, name string, age bigint, phone array<bigint>");
  CHECK(schema_of(text, {XmlClassifier{"x", "folk", "person"}}) ==
        "folk: _id bigint, name string, age bigint, phone array<bigint>");
  CHECK(look(text).table_parameters.at("rowTag") == "person");
  CHECK(look(text).records == 2);
  CHECK(schema_of("<a><b></a>") == "no classifier recognises it");
}

TEST_CASE("grok: columns by name and type, custom patterns, bounded matching") {
  const GrokClassifier grok{"g", "visits", "^%{IP:Client} %{WORD:verb} %{INT:ms:int} %{KIND:kind}$", "KIND (?:hit|miss)\n"};
  CHECK(schema_of("10.0.0.1 GET 12 hit\n10.0.0.2 PUT 7 miss\n", {grok}) ==
        "visits: client string, verb string, ms int, kind string");
  CHECK(schema_of("10.0.0.1 GET 12 other\n", {grok}) == "no classifier recognises it");
  CHECK(problem_of(GrokClassifier{"g", "c", "%{NOBODY:x}", ""}).find("NOBODY") != std::string::npos);
  CHECK(problem_of(GrokClassifier{"g", "c", "%{A:x}", "A %{B}\nB %{A}"}) == "a grok pattern means itself");
  CHECK(problem_of(GrokClassifier{"g", "c", "%{INT:x:money}", ""}).find("money") != std::string::npos);
  CHECK(problem_of(GrokClassifier{"g", "c", "(%{INT:x}", ""}) != "");
  CHECK(problem_of(GrokClassifier{"g", "c", "%{INT}", ""}) != "");
  // Would take for ever without a bound.
  const auto evil = Grok::compile("^(a+)+%{INT:x}$", "");
  REQUIRE(evil);
  CHECK(!evil->matches(std::string(5000, 'a') + "!"));
}

TEST_CASE("logs that Glue knows by name") {
  const auto kind = [](std::string text) { return look(std::move(text)).classification; };
  CHECK(kind("1.2.3.4 - frank [10/Oct/2000:13:55:36 -0700] \"GET /a.gif HTTP/1.0\" 200 2326\n") == "apache");
  CHECK(kind("1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 304 - \"http://a/\" \"Mozilla/4.08 (X)\"\n") ==
        "combined_apache");
  CHECK(kind("Mar  7 10:01:02 host kernel: [   12.345] usb 1-1: new device\n") == "linux_kernel");
  CHECK(kind("I, [2024-03-07T10:01:02.123456 #42]  INFO -- app: started\n") == "ruby_logger");
  CHECK(kind("1286536308.779    180 192.168.0.224 TCP_MISS/200 411 GET http://a/b.js - DIRECT/10.0.0.1 text/javascript\n") ==
        "squid");
  CHECK(kind("1339518083.107412 [0 127.0.0.1:60866] \"keys\" \"*\"\n") == "redismonlog");
  CHECK(kind("[4018] 14 Nov 07:01:22.119 * Background saving terminated with success\n") == "redislog");
  CHECK(kind("1:M 14 Nov 2023 07:01:22.119 # Server initialized\n") == "redislog");
  CHECK(kind("#Software: IIS\n2024-03-07 10:01:02 10.0.0.1 GET /a - 80 - 10.0.0.9 Mozilla/5.0 - 200 0 0 15\n") ==
        "microsoft_log");
}

TEST_CASE("what is not read is named") {
  CHECK(look(std::string("\xe0\x01\x00\xea\x21\x05", 6)).problem.find("Ion") != std::string::npos);
  CHECK(look(std::string("\x10\x00\x00\x00\x10", 5) + std::string("a\0\x01\0\0\0\0\0\0\0\0", 11)).problem.find("BSON") !=
        std::string::npos);
  CHECK(look(std::string("PK\x03\x04rest of it", 14)).problem.find("zip") != std::string::npos);
  CHECK(look("PAR1 and nothing of the kind PAR1").problem.find("parquet") != std::string::npos);
  CHECK(look("PAR1").problem.find("parquet") != std::string::npos);
  CHECK(look(std::string("Obj\x01\x02", 5)).problem.find("avro") != std::string::npos);
  CHECK(look("\x1f\x8b\x08 not gzip at all").problem.find("gzip") != std::string::npos);
}

TEST_CASE("messages come back as they were") {
  auto found = look("a,b\n1,x\n2,y\n");
  found.records = 1'000'000;
  const auto back = decode_inspection(encode(found));
  REQUIRE(back);
  CHECK(back->columns == found.columns);
  CHECK(back->table_parameters == found.table_parameters);
  CHECK(back->records == found.records);
  CHECK(!decode_inspection("nonsense"));
  const std::vector<Classifier> classifiers{GrokClassifier{"g", "c", "p", "q"},
                                            CsvClassifier{.name = "c", .header = Header::absent, .columns = {"a"}}};
  const auto given = decode_classifiers(encode(classifiers));
  REQUIRE(given);
  REQUIRE(given->size() == 2);
  CHECK(std::get<CsvClassifier>((*given)[1]).columns == std::vector<std::string>{"a"});
  CHECK(std::get<CsvClassifier>((*given)[1]).header == Header::absent);
}
