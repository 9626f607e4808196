// No plan that a client may send, and no SQL text, may crash the analyzer, hang it, or overflow its stack.
//
// The first byte chooses: a serialized Relation, or SQL text.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "spark/analyze/analyzer.h"
#include "spark/analyze/test_context.h"
#include "spark/connect/relations.pb.h"
#include "spark/sql/parser.h"

namespace {

using mastic::spark::TestContext;
namespace types = mastic::spark::types;

TestContext make_context(bool ansi) {
  TestContext context;
  context.settings["spark.sql.ansi.enabled"] = ansi ? "true" : "false";
  context.add_view("t", {{"a", types::integer(), true, {}},
                         {"b", types::string(), true, {}},
                         {"c", types::array(types::integer(), true), true, {}},
                         {"d", types::decimal(10, 2), true, {}},
                         {"e", types::of(mastic::spark::TypeKind::date), true, {}},
                         {"s", types::structure({{"x", types::long_type(), true, {}}}), true, {}},
                         {"m", types::map(types::string(), types::double_type(), true), true, {}}});
  return context;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  auto context = make_context((data[0] & 2U) != 0);
  mastic::spark::Analyzer analyzer(context);
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((data[0] & 1U) != 0) {
    const auto query = mastic::spark::sql::parse_query(rest);
    if (query) static_cast<void>(analyzer.resolve(*query));
    return 0;
  }
  ::spark::connect::Relation relation;
  // As gRPC reads it: its own limit on nesting holds.
  if (relation.ParseFromArray(rest.data(), static_cast<int>(rest.size()))) static_cast<void>(analyzer.resolve(relation));
  return 0;
}
