#include <algorithm>
#include <deque>

#include "dynamodb/errors.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"
#include "dynamodb/operations/item_write.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

template <typename Part>
Result<WriteCondition> condition_of(const Part& part, expression::Placeholders& placeholders, bool has_update) {
  const bool any = has_update || !std::optional<std::string>(part.condition_expression).value_or("").empty();
  TRY_DO(placeholders.check_given(any, any ? "" : "ConditionExpression is null"));
  return parse_write_condition(part, placeholders);
}

struct Planner {
  Store& store;
  WriteOutcome* outcome;

  Result<Write> plan(const wire::ConditionCheck& part) {
    expression::Placeholders placeholders(part.expression_attribute_names, part.expression_attribute_values);
    TRY_DO(placeholders.check_given(true, ""));
    WriteCondition condition;
    TRY(node, expression::parse_condition("ConditionExpression", part.condition_expression, placeholders));
    condition.node = std::move(node);
    condition.show_item_on_failure = part.return_values_on_condition_check_failure == "ALL_OLD";
    TRY_DO(placeholders.check_all_used());
    TRY(table, find_table(store, part.table_name));
    TRY(key, checked_key(*table->definition(), part.key));
    return condition_check(table, std::move(key), std::move(condition));
  }
  Result<Write> plan(const wire::Put& part) {
    expression::Placeholders placeholders(part.expression_attribute_names, part.expression_attribute_values);
    TRY(condition, condition_of(part, placeholders, false));
    TRY_DO(placeholders.check_all_used());
    TRY(table, find_table(store, part.table_name));
    TRY(checked, checked_item(*table->definition(), part.item));
    return put_write(table, std::move(checked.key), std::move(checked.item), std::move(condition), outcome);
  }
  Result<Write> plan(const wire::Delete& part) {
    expression::Placeholders placeholders(part.expression_attribute_names, part.expression_attribute_values);
    TRY(condition, condition_of(part, placeholders, false));
    TRY_DO(placeholders.check_all_used());
    TRY(table, find_table(store, part.table_name));
    TRY(key, checked_key(*table->definition(), part.key));
    return delete_write(table, std::move(key), std::move(condition), outcome);
  }
  Result<Write> plan(const wire::Update& part) {
    expression::Placeholders placeholders(part.expression_attribute_names, part.expression_attribute_values);
    TRY(condition, condition_of(part, placeholders, true));
    TRY(update, expression::parse_update(part.update_expression, placeholders));
    TRY_DO(placeholders.check_all_used());
    TRY(table, find_table(store, part.table_name));
    const auto definition = table->definition();
    TRY(key, checked_key(*definition, part.key));
    TRY_DO(check_no_key_updated(*definition, update));
    return update_write(table, std::move(key), part.key, std::move(update), std::move(condition), outcome);
  }
};

Result<Write> plan(const wire::TransactWriteItem& item, Store& store, WriteOutcome* outcome) {
  const int given =
      item.condition_check.has_value() + item.put.has_value() + item.delete_.has_value() + item.update.has_value();
  if (given != 1) return fail(errors::validation("TransactItems can only contain one of Check, Put, Update or Delete"));
  Planner planner{store, outcome};
  if (item.condition_check) return planner.plan(*item.condition_check);
  if (item.put) return planner.plan(*item.put);
  if (item.delete_) return planner.plan(*item.delete_);
  return planner.plan(*item.update);
}

/// Stands for everything that a request asks.
uint64_t fingerprint(const wire::TransactWriteItemsRequest& request) {
  std::string text;
  const auto add = [&](std::string_view part) { codec::append_bytes(text, part); };
  const auto add_part = [&](std::string_view kind, const auto& part) {
    add(kind);
    add(part.table_name);
    if constexpr (requires { part.key; }) append_encoded(text, part.key);
    if constexpr (requires { part.item; }) append_encoded(text, part.item);
    if constexpr (requires { part.update_expression; }) add(part.update_expression);
    add(std::optional<std::string>(part.condition_expression).value_or(""));
    for (const auto& [placeholder, name] : part.expression_attribute_names.value_or(std::map<std::string, std::string>())) {
      add(placeholder);
      add(name);
    }
    append_encoded(text, part.expression_attribute_values.value_or(ExpressionValues()).values);
  };
  for (const auto& item : request.transact_items) {
    if (item.condition_check) add_part("check", *item.condition_check);
    if (item.put) add_part("put", *item.put);
    if (item.delete_) add_part("delete", *item.delete_);
    if (item.update) add_part("update", *item.update);
  }
  return key_codec::partition_hash(text);
}

/// Answers why each part failed or did not, as TransactionCanceledException does.
Error cancelled(const std::vector<std::optional<Error>>& failures) {
  std::string codes;
  std::string reasons;
  for (const auto& failure : failures) {
    std::string code = "None";
    std::string shown;
    if (failure) {
      code = failure->code == "ConditionalCheckFailedException" ? "ConditionalCheckFailed" : "ValidationError";
      for (const auto& [name, json] : failure->members) shown += ",\"" + name + "\":" + json;
      // Messages hold names that users chose: they must be escaped.
      Item message;
      message.set("m", Value::string(failure->message));
      const auto json = WireItem::of(message).json;  // {"m":{"S":"…"}}
      shown += ",\"Message\":" + json.substr(10, json.size() - 12);
    }
    codes += (codes.empty() ? "" : ", ") + code;
    reasons += (reasons.empty() ? "" : ",") + ("{\"Code\":\"" + code + "\"" + shown + "}");
  }
  auto error = errors::transaction_cancelled("Transaction cancelled, please refer cancellation reasons for specific reasons [" +
                                             codes + "]");
  error.members.emplace_back("CancellationReasons", "[" + reasons + "]");
  return error;
}

}  // namespace

Result<wire::TransactWriteItemsResponse> transact_write_items(const wire::TransactWriteItemsRequest& request,
                                                              Environment& environment, const aws::CallContext&) {
  std::deque<WriteOutcome> outcomes;
  std::vector<std::optional<Error>> failures(request.transact_items.size());
  std::vector<Write> writes;
  for (std::size_t i = 0; i < request.transact_items.size(); ++i) {
    TRY(write, plan(request.transact_items[i], environment.store, &outcomes.emplace_back()));
    // The store asks every decision, so each part can say what it thinks.
    write.decide = [decide = std::move(write.decide), &failure = failures[i]](const StoredItem* old) {
      auto change = decide(old);
      if (!change) failure = change.error();
      return change;
    };
    writes.push_back(std::move(write));
  }
  std::vector<std::string_view> keys;
  for (const auto& write : writes) keys.push_back(write.key);
  std::ranges::sort(keys);
  if (std::ranges::adjacent_find(keys) != keys.end())
    return fail(errors::validation("Transaction request cannot include multiple operations on one item"));

  const auto write = [&]() -> Result<void> {
    if (!request.client_request_token) return environment.store.write(writes);
    return environment.store.write_once(writes, {*request.client_request_token, fingerprint(request), environment.clock.now()});
  };
  if (auto written = write(); !written) {
    if (std::ranges::any_of(failures, [](const auto& failure) { return failure.has_value(); }))
      return fail(cancelled(failures));
    return fail(std::move(written).error());
  }

  wire::TransactWriteItemsResponse response;
  std::map<std::string, double> units;
  for (std::size_t i = 0; i < writes.size(); ++i) units[writes[i].table->definition()->name] += 2 * outcomes[i].write_units();
  for (const auto& [name, used] : units)
    if (auto capacity = consumed_capacity(request.return_consumed_capacity, name, used)) {
      if (!response.consumed_capacity) response.consumed_capacity.emplace();
      response.consumed_capacity->push_back(std::move(*capacity));
    }
  return response;
}

}  // namespace mastic::dynamodb
