#include "dynamodb/operations/item_write.h"

#include <algorithm>
#include <memory>

#include "dynamodb/errors.h"
#include "dynamodb/expression/apply_update.h"
#include "dynamodb/expression/evaluate.h"
#include "dynamodb/operations/capacity.h"
#include "dynamodb/operations/item_checks.h"

namespace mastic::dynamodb {
namespace {

constexpr std::string_view no_attributes{"\0", 1};  // the encoding of an item that is not there

Result<void> check(const WriteCondition& condition, const StoredItem* old) {
  if (!condition.node) return {};
  expression::EncodedDocument document(old ? std::string_view(old->encoded) : no_attributes);
  if (expression::holds(*condition.node, document)) return {};
  auto error = errors::condition_failed();
  if (condition.show_item_on_failure && old) error.members.emplace_back("Item", WireItem::of(old->encoded).json);
  return fail(std::move(error));
}

}  // namespace

double WriteOutcome::write_units() const {
  return dynamodb::write_units(std::max(before ? before->size_bytes : 0, after ? after->size_bytes : 0));
}

Write put_write(TablePtr table, std::string key, StoredItem item, WriteCondition condition, WriteOutcome* outcome) {
  const bool needs_old = outcome != nullptr || condition.node.has_value();
  return {.table = std::move(table),
          .key = std::move(key),
          .needs_old = needs_old,
          .decide = [item = std::move(item), condition = std::move(condition),
                     outcome](const StoredItem* old) mutable -> Result<Change> {
            TRY_DO(check(condition, old));
            if (outcome) {
              if (old) outcome->before = *old;
              outcome->after = item;
            }
            return Change::put(std::move(item));
          }};
}

Write delete_write(TablePtr table, std::string key, WriteCondition condition, WriteOutcome* outcome) {
  const bool needs_old = outcome != nullptr || condition.node.has_value();
  return {.table = std::move(table),
          .key = std::move(key),
          .needs_old = needs_old,
          .decide = [condition = std::move(condition), outcome, needs_old](const StoredItem* old) -> Result<Change> {
            TRY_DO(check(condition, old));
            if (outcome && old) outcome->before = *old;
            if (needs_old && !old) return Change();
            return Change::remove();
          }};
}

Write update_write(TablePtr table, std::string key, Item key_item, expression::Update update, WriteCondition condition,
                   WriteOutcome* outcome) {
  auto definition = table->definition();
  return {.table = std::move(table),
          .key = std::move(key),
          .needs_old = true,
          .decide = [key_item = std::move(key_item), update = std::move(update), condition = std::move(condition),
                     definition = std::move(definition), outcome](const StoredItem* old) -> Result<Change> {
            TRY_DO(check(condition, old));
            Item before = key_item;
            if (old) {
              TRY(decoded, decode_item(old->encoded));
              before = std::move(decoded);
            }
            TRY(after, expression::apply(update, before));
            TRY(stored, checked_update(*definition, after));
            if (outcome) {
              if (old) outcome->before = *old;
              outcome->after = stored;
            }
            return Change::put(std::move(stored));
          }};
}

Write condition_check(TablePtr table, std::string key, WriteCondition condition) {
  return {.table = std::move(table),
          .key = std::move(key),
          .needs_old = true,
          .decide = [condition = std::move(condition)](const StoredItem* old) -> Result<Change> {
            TRY_DO(check(condition, old));
            return Change();
          }};
}

Result<void> check_no_key_updated(const TableDefinition& table, const expression::Update& update) {
  for (const auto& action : update.actions)
    if (is_key_attribute(table.keys, action.path.top()))
      return fail(
          errors::invalid_parameter("Cannot update attribute " + action.path.top() + ". This attribute is part of the key"));
  return {};
}

}  // namespace mastic::dynamodb
