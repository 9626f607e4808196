#include "spark/analyze/relations/time_window.h"

#include "spark/analyze/rewrite.h"

namespace mastic::spark {

RelationPtr rows_in_windows(const RelationPtr& input, const std::vector<Item>& items) {
  RelationPtr plan = input;
  for (const auto& item : items) {
    walk(item.expression, [&](const ExpressionPtr& expression) {
      const auto* call = std::get_if<Call>(&expression->node);
      if (call == nullptr || call->function != "window" || !call->arguments[0]->nullable) return true;
      auto has_time = make_expression(types::boolean(), false, Call{"isnotnull", {call->arguments[0]}});
      plan = make_relation(plan->output, Filter{plan, std::move(has_time)});
      return true;
    });
  }
  return plan;
}

}  // namespace mastic::spark
