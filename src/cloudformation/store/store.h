// Stacks, their resources, events, change sets and exports on disk (SQLite).
//
// Thread-safe. Owner: CloudFormation. What a member returned for is durable. A stack's record is changed only inside
// `change_stack`, so that an operation's thread and a caller do not undo one another. Does NOT know the wire.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/sqlite.h"
#include "cloudformation/store/records.h"

namespace mastic::cloudformation {

struct ExportRecord {
  std::string name, value, stack_id;
};

class Store {
 public:
  using Events = std::vector<EventRecord>;

  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder);

  /// Fails (AlreadyExistsException) when a stack of this name lives in the region.
  Result<void> add_stack(const StackRecord& stack, const Events& events);
  /// Reads, lets `body` change, and writes, with the events that `body` yields, in one step. Gives the new record.
  Result<StackRecord> change_stack(std::string_view id, const std::function<Result<Events>(StackRecord&)>& body);
  Result<void> erase_stack(std::string_view id);
  /// By ARN, also a deleted one; by name only one that lives.
  Result<std::optional<StackRecord>> find_stack(std::string_view region, std::string_view name_or_id);
  /// Newest first, deleted ones too.
  Result<std::vector<StackRecord>> stacks(std::string_view region);
  Result<std::vector<StackRecord>> every_stack();
  Result<std::vector<StackRecord>> children(std::string_view parent_id);

  Result<void> save(const ResourceRecord& resource, const Events& events = {});
  Result<void> erase(const ResourceRecord& resource, const Events& events = {});
  Result<std::vector<ResourceRecord>> resources(std::string_view stack_id);

  /// Newest first, those older than event number `before` (0: all), with their numbers.
  Result<std::vector<std::pair<int64_t, EventRecord>>> events(std::string_view stack_id, int64_t before, std::size_t limit);

  Result<void> save(const ChangeSetRecord& set);
  Result<void> erase_change_set(std::string_view id);
  Result<void> erase_change_sets(std::string_view stack_id);
  Result<std::optional<ChangeSetRecord>> find_change_set(std::string_view id);
  Result<std::optional<ChangeSetRecord>> find_change_set(std::string_view stack_id, std::string_view name);
  Result<std::vector<ChangeSetRecord>> change_sets(std::string_view stack_id);

  Result<std::optional<ExportRecord>> find_export(std::string_view region, std::string_view name);
  Result<std::vector<ExportRecord>> exports(std::string_view region);
  /// Replaces what a stack exports; fails when a name is another's or one in use would go or change.
  Result<void> set_exports(const StackRecord& stack, const std::vector<OutputRecord>& outputs);
  /// Replaces what a stack imports.
  Result<void> set_imports(const StackRecord& stack, const std::vector<std::string>& names);
  /// Names of the stacks that import it.
  Result<std::vector<std::string>> imports(std::string_view region, std::string_view export_name);

 private:
  explicit Store(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
  const std::unique_ptr<sqlite::Database> database_;
};

}  // namespace mastic::cloudformation
