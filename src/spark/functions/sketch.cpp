// Sketches: HyperLogLog, theta, tuple, KLL, count-min. A sketch is a binary value.
#include <array>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

using Names = std::array<std::string_view, 2>;

Row sketch_of(Row row) { return row.gives(types::binary()).nulls(Nulls::never); }

Accepts key() {
  return one_of({integer(), long_type(), string(), binary(), double_type(), exact(types::float_type()), array()});
}

void add_tuple_functions(Table& table) {
  const auto lg = constant(12);
  const auto mode = constant("sum");
  for (const auto name : Names{"tuple_sketch_agg_double", "tuple_sketch_agg_integer"})
    table.push_back(sketch_of(aggregate(name)
                                  .takes({key(), name.ends_with("double") ? double_type() : integer(), integer(), string()})
                                  .optional(2)
                                  .defaults({lg, mode})));
  for (const auto name : Names{"tuple_union_agg_double", "tuple_union_agg_integer"})
    table.push_back(sketch_of(aggregate(name).takes({binary(), integer(), string()}).optional(2).defaults({lg, mode})));
  for (const auto name : Names{"tuple_intersection_agg_double", "tuple_intersection_agg_integer"})
    table.push_back(sketch_of(aggregate(name).takes({binary(), string()}).optional(1).defaults({mode})));
  for (const auto name : Names{"tuple_sketch_estimate_double", "tuple_sketch_estimate_integer"})
    table.push_back(scalar(name).takes({binary()}).gives(types::double_type()));
  for (const auto name : Names{"tuple_sketch_theta_double", "tuple_sketch_theta_integer"})
    table.push_back(scalar(name).takes({binary()}).gives(types::double_type()));
  table.push_back(scalar("tuple_sketch_summary_double")
                      .takes({binary(), string()})
                      .optional(1)
                      .defaults({mode})
                      .gives(types::double_type()));
  table.push_back(scalar("tuple_sketch_summary_integer")
                      .takes({binary(), string()})
                      .optional(1)
                      .defaults({mode})
                      .gives(types::long_type()));
  static constexpr std::array<std::string_view, 4> unions{"tuple_union_double", "tuple_union_integer",
                                                          "tuple_union_theta_double", "tuple_union_theta_integer"};
  for (const auto name : unions)
    table.push_back(
        scalar(name).takes({binary(), binary(), integer(), string()}).optional(2).defaults({lg, mode}).gives(types::binary()));
  static constexpr std::array<std::string_view, 4> intersections{"tuple_intersection_double", "tuple_intersection_integer",
                                                                 "tuple_intersection_theta_double",
                                                                 "tuple_intersection_theta_integer"};
  for (const auto name : intersections)
    table.push_back(scalar(name).takes({binary(), binary(), string()}).optional(1).defaults({mode}).gives(types::binary()));
  static constexpr std::array<std::string_view, 4> differences{
      "tuple_difference_double", "tuple_difference_integer", "tuple_difference_theta_double", "tuple_difference_theta_integer"};
  for (const auto name : differences) table.push_back(scalar(name).takes({binary(), binary()}).gives(types::binary()));
}

struct KllNames {
  DataType value;
  std::string_view make;
  std::string_view merge_all;
  std::string_view merge;
  std::string_view count;
  std::string_view quantile;
  std::string_view rank;
  std::string_view text;
};

// An array of ranks gives an array of answers.
TypingRule kll_answer(DataType asked, DataType answer) {
  return [=](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    if (!call.arguments[0].type.is(TypeKind::binary))
      return fail(unexpected_type(call, 0, "\"BINARY\"", call.arguments[0].type));
    const auto& given = call.arguments[1].type;
    const bool many = given.is(TypeKind::array);
    const auto wanted = many ? types::array(asked, given.contains_null) : asked;
    auto type = implicit_cast(given, exact(wanted), call.ansi);
    if (!type) return fail(unexpected_type(call, 1, required_type_text(exact(wanted)), given));
    return TypedCall{{types::binary(), wanted},
                     many ? types::array(answer, true) : answer,
                     call.arguments[0].nullable || call.arguments[1].nullable};
  };
}

void add_kll_functions(Table& table) {
  const std::array<KllNames, 3> kinds{{
      {types::long_type(), "kll_sketch_agg_bigint", "kll_merge_agg_bigint", "kll_sketch_merge_bigint",
       "kll_sketch_get_n_bigint", "kll_sketch_get_quantile_bigint", "kll_sketch_get_rank_bigint",
       "kll_sketch_to_string_bigint"},
      {types::float_type(), "kll_sketch_agg_float", "kll_merge_agg_float", "kll_sketch_merge_float", "kll_sketch_get_n_float",
       "kll_sketch_get_quantile_float", "kll_sketch_get_rank_float", "kll_sketch_to_string_float"},
      {types::double_type(), "kll_sketch_agg_double", "kll_merge_agg_double", "kll_sketch_merge_double",
       "kll_sketch_get_n_double", "kll_sketch_get_quantile_double", "kll_sketch_get_rank_double",
       "kll_sketch_to_string_double"},
  }};
  for (const auto& kind : kinds) {
    table.push_back(sketch_of(aggregate(kind.make).takes({exact(kind.value), integer()}).optional(1)));
    table.push_back(sketch_of(aggregate(kind.merge_all).takes({binary(), integer()}).optional(1)));
    table.push_back(scalar(kind.merge).takes({binary(), binary()}).gives(types::binary()));
    table.push_back(scalar(kind.count).takes({binary()}).gives(types::long_type()));
    table.push_back(scalar(kind.quantile).takes({binary(), any()}).typed_by(kll_answer(types::double_type(), kind.value)));
    table.push_back(scalar(kind.rank).takes({binary(), any()}).typed_by(kll_answer(kind.value, types::double_type())));
    table.push_back(scalar(kind.text).takes({binary()}).gives(types::string()));
  }
}

}  // namespace

Table sketch_functions() {
  const auto lg = constant(12);
  Table table{
      sketch_of(aggregate("hll_sketch_agg")
                    .takes({one_of({integer(), long_type(), string(), binary()}), integer()})
                    .optional(1)
                    .defaults({lg})),
      sketch_of(aggregate("hll_union_agg").takes({binary(), boolean()}).optional(1).defaults({constant(false)})),
      scalar("hll_sketch_estimate").takes({binary()}).gives(types::long_type()),
      scalar("hll_union")
          .takes({binary(), binary(), boolean()})
          .optional(1)
          .defaults({constant(false)})
          .gives(types::binary())
          .nulls(Nulls::always),
      sketch_of(aggregate("theta_sketch_agg").takes({key(), integer()}).optional(1).defaults({lg})),
      sketch_of(aggregate("theta_union_agg").takes({binary(), integer()}).optional(1).defaults({lg})),
      sketch_of(aggregate("theta_intersection_agg").takes({binary()})),
      scalar("theta_sketch_estimate").takes({binary()}).gives(types::long_type()),
      scalar("theta_union").takes({binary(), binary(), integer()}).optional(1).defaults({lg}).gives(types::binary()),
      scalar("theta_intersection").takes({binary(), binary()}).gives(types::binary()),
      scalar("theta_difference").takes({binary(), binary()}).gives(types::binary()),
      sketch_of(aggregate("count_min_sketch")
                    .takes({one_of({integral(), string(), binary()}), double_type(), double_type(), integer()})),
  };
  add_tuple_functions(table);
  add_kll_functions(table);
  return table;
}

}  // namespace mastic::spark
