// GROUP BY: plain columns, ROLLUP, CUBE, GROUPING SETS, and any mixture of them.
//
// A mixture is the product of the grouping sets that its elements stand for: a, ROLLUP (b) is ((a, b), (a)).
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

// Equal keys stand at different places.
void clear_places(google::protobuf::Message& message) {
  if (message.GetDescriptor() == Expression::descriptor()) static_cast<Expression&>(message).clear_common();
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    if (!field->is_repeated()) {
      clear_places(*reflection->MutableMessage(&message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      clear_places(*reflection->MutableRepeatedMessage(&message, field, i));
  }
}

constexpr std::size_t grouping_sets_max = 4096;

void append(std::vector<Expression>& to, const std::vector<Expression>& from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace

SparkResult<std::vector<Expression>> Grammar::grouping_columns() {
  // (a, b) groups by both; ((a)) and (a + b) are expressions.
  if (at_symbol("(") && at_symbol(")", 1)) {
    at_ += 2;
    return std::vector<Expression>{};
  }
  TRY(value, expression());
  std::vector<Expression> columns;
  if (value.has_unresolved_function() && value.unresolved_function().function_name() == "struct" &&
      tokens_[at_ - 1].text == ")") {
    for (auto& part : *value.mutable_unresolved_function()->mutable_arguments()) columns.push_back(std::move(part));
  } else {
    columns.push_back(std::move(value));
  }
  return columns;
}

SparkResult<Grammar::GroupingSets> Grammar::grouping_element() {
  const DepthGuard guard(*this);
  TRY_DO(enter());
  const bool is_sets = at_word("GROUPING") && at_word("SETS", 1) && at_symbol("(", 2);
  const bool is_rollup = at_word("ROLLUP") && at_symbol("(", 1);
  const bool is_cube = at_word("CUBE") && at_symbol("(", 1);
  GroupingSets sets;
  if (is_sets) {
    at_ += 3;
    do {
      TRY(inner, grouping_element());
      for (auto& set : inner) sets.push_back(std::move(set));
    } while (take_symbol(","));
    TRY_DO(expect_symbol(")"));
    return sets;
  }
  if (!is_rollup && !is_cube) {
    TRY(columns, grouping_columns());
    sets.push_back(std::move(columns));
    return sets;
  }
  at_ += 2;
  GroupingSets parts;
  if (!at_symbol(")")) {
    do {
      TRY(columns, grouping_columns());
      parts.push_back(std::move(columns));
    } while (take_symbol(","));
  }
  TRY_DO(expect_symbol(")"));
  if (is_cube && parts.size() > 12) return fail(unsupported_here("CUBE of more than 12 columns inside a mixture"));
  const std::size_t count = is_rollup ? parts.size() + 1 : std::size_t{1} << parts.size();
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<Expression> set;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      const bool kept = is_rollup ? part < parts.size() - i : (i & (std::size_t{1} << (parts.size() - 1 - part))) == 0;
      if (kept) append(set, parts[part]);
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

SparkResult<Relation> Grammar::group_by(Relation input, std::vector<Expression> items) {
  using Aggregate = proto::Aggregate;
  Relation result;
  mark(result, "sql");
  auto* aggregate = result.mutable_aggregate();
  *aggregate->mutable_input() = std::move(input);
  for (auto& item : items) *aggregate->add_aggregate_expressions() = std::move(item);
  aggregate->set_group_type(Aggregate::GROUP_TYPE_GROUPBY);
  if (at_word("ALL") && !at_symbol(".", 1) && !at_symbol("(", 1)) {
    ++at_;
    mark(result, "sql all");
    return result;
  }
  // One ROLLUP or CUBE of plain columns alone has a form of its own.
  if (at_any_word({"ROLLUP", "CUBE"}) && at_symbol("(", 1) && !at_symbol("(", 2)) {
    const std::size_t begin = at_;
    const bool cube = at_word("CUBE");
    at_ += 2;
    auto keys = expression_list();
    if (keys && take_symbol(")") && !at_symbol(",")) {
      aggregate->set_group_type(cube ? Aggregate::GROUP_TYPE_CUBE : Aggregate::GROUP_TYPE_ROLLUP);
      for (auto& key : *keys) *aggregate->add_grouping_expressions() = std::move(key);
      return result;
    }
    at_ = begin;
  }
  std::vector<std::string> known;  // keys met so far, by their serialized form
  const auto add_key = [&](const Expression& key) {
    Expression bare = key;
    clear_places(bare);
    const std::string text = bare.SerializeAsString();
    if (std::ranges::find(known, text) != known.end()) return;
    known.push_back(text);
    *aggregate->add_grouping_expressions() = key;
  };
  bool plain = true;
  GroupingSets product(1);
  do {
    plain = plain && !(at_word("GROUPING") && at_word("SETS", 1)) && !(at_any_word({"ROLLUP", "CUBE"}) && at_symbol("(", 1));
    TRY(element, grouping_element());
    for (const auto& set : element)
      for (const auto& key : set) add_key(key);
    GroupingSets next;
    if (product.size() * element.size() > grouping_sets_max) return fail(unsupported_here("so many grouping sets"));
    for (const auto& left : product) {
      for (const auto& right : element) {
        next.push_back(left);
        append(next.back(), right);
      }
    }
    product = std::move(next);
  } while (take_symbol(","));
  if (plain) {
    if (take_words({"WITH", "ROLLUP"})) aggregate->set_group_type(Aggregate::GROUP_TYPE_ROLLUP);
    if (take_words({"WITH", "CUBE"})) aggregate->set_group_type(Aggregate::GROUP_TYPE_CUBE);
    if (!(at_word("GROUPING") && at_word("SETS", 1))) return result;
    // GROUP BY a, b GROUPING SETS (…): the sets alone count.
    TRY(sets, grouping_element());
    product = std::move(sets);
    for (const auto& set : product)
      for (const auto& key : set) add_key(key);
  }
  aggregate->set_group_type(Aggregate::GROUP_TYPE_GROUPING_SETS);
  for (const auto& set : product) {
    auto* target = aggregate->add_grouping_sets();
    for (const auto& key : set) *target->add_grouping_set() = key;
  }
  return result;
}

}  // namespace mastic::spark::sql
