#include "spark/connect/show_text.h"

#include <doctest/doctest.h>

using namespace mastic::spark_connect;

namespace {
ShowInput people() {
  return {.names = {"name", "n"}, .rows = {{"Tom", "14"}, {std::nullopt, "2"}}, .rows_max = 20, .truncate = 20};
}
}  // namespace

TEST_CASE("cells are right-aligned when they may be cut") {
  CHECK(show_table(people()) == R"(+----+---+
|name|  n|
+----+---+
| Tom| 14|
|NULL|  2|
+----+---+
)");
}

TEST_CASE("without a cut they are left-aligned") {
  ShowInput input = people();
  input.truncate = 0;
  CHECK(show_table(input) == R"(+----+---+
|name|n  |
+----+---+
|Tom |14 |
|NULL|2  |
+----+---+
)");
}

TEST_CASE("rows and cells beyond the limits are cut") {
  ShowInput input = people();
  input.rows_max = 1;
  input.truncate = 5;
  input.rows[0][0] = "Maximilian";
  CHECK(show_table(input) == R"(+-----+---+
| name|  n|
+-----+---+
|Ma...| 14|
+-----+---+
only showing top 1 row)");
  input.truncate = 3;
  CHECK(show_table(input).find("| Max|") != std::string::npos);
}

TEST_CASE("one record after the other") {
  ShowInput input = people();
  input.rows_max = 1;
  CHECK(show_vertically(input) == "-RECORD 0---\n name | Tom \n n    | 14  \nonly showing top 1 row");
  input.ends_lines = true;
  CHECK(show_vertically(input).ends_with("only showing top 1 row\n"));
  input.rows.clear();
  CHECK(show_vertically(input) == "(0 rows)\n");
}

TEST_CASE("wide characters take two places and control characters are shown") {
  const ShowInput input{.names = {"c"}, .rows = {{"日本"}, {"a\tb"}}, .rows_max = 20, .truncate = 20};
  CHECK(show_table(input) == R"(+----+
|   c|
+----+
|日本|
|a\tb|
+----+
)");
}

TEST_CASE("no columns") {
  CHECK(show_table({.names = {}, .rows = {{}}, .rows_max = 20, .truncate = 20}) == "++\n||\n++\n||\n++\n");
}

TEST_CASE("HTML escapes") {
  CHECK(show_html({.names = {"a<b"}, .rows = {{"\"&"}}, .rows_max = 20, .truncate = 20}) ==
        "<table border='1'>\n<tr><th>a&lt;b</th></tr>\n<tr><td>&quot;&amp;</td></tr>\n</table>\n");
}
