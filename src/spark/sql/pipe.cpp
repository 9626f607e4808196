// The pipe syntax: FROM t |> WHERE a > 1 |> AGGREGATE sum(b) GROUP BY c |> ORDER BY c
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

Relation projected(Relation input, std::vector<Expression> items) {
  Relation relation;
  auto* project = relation.mutable_project();
  *project->mutable_input() = std::move(input);
  for (auto& item : items) *project->add_expressions() = std::move(item);
  return relation;
}

}  // namespace

SparkResult<Relation> Grammar::piped(Relation input) {
  while (take_symbol("|>")) {
    const std::size_t before = pending_subqueries_.size();
    if (at_word("SELECT") || at_word("EXTEND")) {
      const bool extend = at_word("EXTEND");
      ++at_;
      const bool distinct = !extend && take_word("DISTINCT");
      std::vector<Expression> items;
      if (extend) items.emplace_back().mutable_unresolved_star();
      do {
        TRY(item, named_expression());
        items.push_back(std::move(item));
      } while (take_symbol(","));
      input = projected(std::move(input), std::move(items));
      if (distinct) {
        Relation deduplicated;
        *deduplicated.mutable_deduplicate()->mutable_input() = std::move(input);
        deduplicated.mutable_deduplicate()->set_all_columns_as_keys(true);
        input = std::move(deduplicated);
      }
    } else if (take_word("SET")) {
      Relation changed;
      do {
        TRY(column, name());
        TRY_DO(expect_symbol("="));
        TRY(value, expression());
        auto* alias = changed.mutable_with_columns()->add_aliases();
        alias->add_name(std::move(column));
        *alias->mutable_expr() = std::move(value);
      } while (take_symbol(","));
      *changed.mutable_with_columns()->mutable_input() = std::move(input);
      input = std::move(changed);
    } else if (take_word("DROP")) {
      Relation dropped;
      do {
        TRY(column, name());
        *dropped.mutable_drop()->add_columns() = attribute({column});
      } while (take_symbol(","));
      *dropped.mutable_drop()->mutable_input() = std::move(input);
      input = std::move(dropped);
    } else if (take_word("AS")) {
      TRY(alias, name());
      Relation aliased_input;
      aliased_input.mutable_subquery_alias()->set_alias(std::move(alias));
      *aliased_input.mutable_subquery_alias()->mutable_input() = std::move(input);
      input = std::move(aliased_input);
    } else if (take_word("WHERE")) {
      TRY(condition, expression());
      Relation filtered;
      *filtered.mutable_filter()->mutable_input() = std::move(input);
      *filtered.mutable_filter()->mutable_condition() = std::move(condition);
      input = std::move(filtered);
    } else if (take_word("AGGREGATE")) {
      TRY(aggregated, pipe_aggregate(std::move(input)));
      input = std::move(aggregated);
    } else if (at_any_word({"UNION", "EXCEPT", "MINUS", "SETMINUS", "INTERSECT"})) {
      Relation combined;
      auto* operation = combined.mutable_set_op();
      operation->set_set_op_type(at_word("UNION")       ? proto::SetOperation::SET_OP_TYPE_UNION
                                 : at_word("INTERSECT") ? proto::SetOperation::SET_OP_TYPE_INTERSECT
                                                        : proto::SetOperation::SET_OP_TYPE_EXCEPT);
      ++at_;
      operation->set_is_all(take_word("ALL"));
      take_word("DISTINCT");
      TRY(right, query_primary());
      *operation->mutable_left_input() = std::move(input);
      *operation->mutable_right_input() = std::move(right);
      input = std::move(combined);
    } else if (at_any_word({"ORDER", "SORT", "CLUSTER", "DISTRIBUTE", "LIMIT", "OFFSET"})) {
      TRY(organized, organize(std::move(input)));
      input = std::move(organized);
    } else if (at_word("PIVOT") && at_symbol("(", 1)) {
      TRY(pivoted, pivot(std::move(input)));
      TRY(named, aliased(std::move(pivoted)));
      input = std::move(named);
    } else if (at_word("UNPIVOT")) {
      TRY(unpivoted, unpivot(std::move(input)));
      TRY(named, aliased(std::move(unpivoted)));
      input = std::move(named);
    } else if (at_word("TABLESAMPLE")) {
      TRY(part, sampled(std::move(input)));
      input = std::move(part);
    } else if (at_word("LATERAL") && at_word("VIEW", 1)) {
      TRY(viewed, lateral_view(std::move(input)));
      input = std::move(viewed);
    } else {
      bool matched = false;
      TRY(joined, join(std::move(input), matched));
      if (!matched) return fail(error_here());
      input = std::move(joined);
    }
    input = with_pending_subqueries(std::move(input), before);
  }
  return input;
}

// AGGREGATE [aggregates] [GROUP BY keys]: the keys come first, as df.groupBy(keys).agg(aggregates) gives them.
SparkResult<Relation> Grammar::pipe_aggregate(Relation input) {
  std::vector<Expression> items;
  if (!at_word("GROUP")) {
    do {
      TRY(item, named_expression());
      items.push_back(std::move(item));
    } while (take_symbol(","));
  }
  Relation result;
  auto* aggregate = result.mutable_aggregate();
  aggregate->set_group_type(proto::Aggregate::GROUP_TYPE_GROUPBY);
  *aggregate->mutable_input() = std::move(input);
  for (auto& item : items) *aggregate->add_aggregate_expressions() = std::move(item);
  if (take_words({"GROUP", "BY"})) {
    do {
      TRY(key, named_expression());
      *aggregate->add_grouping_expressions() = std::move(key);
    } while (take_symbol(","));
  }
  return result;
}

}  // namespace mastic::spark::sql
