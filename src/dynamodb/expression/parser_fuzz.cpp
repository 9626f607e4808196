// Expressions from anywhere: parsing never crashes, and what parses can be evaluated.
#include <cstdint>

#include "dynamodb/expression/apply_update.h"
#include "dynamodb/expression/evaluate.h"
#include "dynamodb/expression/key_condition.h"
#include "dynamodb/expression/parser.h"
#include "dynamodb/expression/project.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace mastic::dynamodb;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::optional<std::map<std::string, std::string>> names{{{"#n", "n"}, {"#l", "l"}}};
  ExpressionValues values;
  values.values.set(":a", Value::string("a"));
  values.values.set(":l", Value::list({Value::string("x")}));
  values.values.set(":n", Value::number(Number::from_integer(1)));
  Item item;
  item.set("l", Value::list({Value::string("x"), Value::list({})}));
  item.set("n", Value::number(Number::from_integer(5)));
  const std::optional<ExpressionValues> given = values;
  expression::Placeholders placeholders(names, given);
  if (const auto node = expression::parse_condition("FilterExpression", text, placeholders)) {
    expression::ItemDocument document(item);
    static_cast<void>(expression::holds(*node, document));
    static_cast<void>(expression::to_key_condition(*node, {{"n", Type::number}, std::nullopt}));
  }
  if (const auto update = expression::parse_update(text, placeholders)) static_cast<void>(expression::apply(*update, item));
  if (const auto paths = expression::parse_projection(text, placeholders)) static_cast<void>(expression::project(item, *paths));
  return 0;
}
