// SearchTables.
#include <algorithm>
#include <tuple>

#include "glue/catalog/operations/answers.h"
#include "glue/catalog/partition_rows.h"
#include "glue/catalog/table_search.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

struct Match {
  std::vector<std::string> place;  // the field sorted by, then what makes it one place
  wire::Table table;
};

Result<std::vector<Match>> find_matches(const wire::SearchTablesRequest& request, const std::string& sorted_by,
                                        Catalog& catalog) {
  std::vector<Match> found;
  TRY_DO(catalog.visit_tables([&](wire::Table table) -> Result<void> {
    if (request.search_text && !matches(table, *request.search_text)) return {};
    if (request.filters) {
      TRY(wanted, matches(table, *request.filters));
      if (!wanted) return {};
    }
    TRY(value, sort_value(table, sorted_by));
    found.push_back({{value, table.database_name.value_or(""), table.name}, std::move(table)});
    return {};
  }));
  return found;
}

Result<wire::SearchTablesResponse> search_tables(const wire::SearchTablesRequest& request, const Context& context,
                                                 Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  wire::SearchTablesResponse response;
  response.table_list.emplace();
  if (request.resource_share_type == "FOREIGN" || request.resource_share_type == "FEDERATED")
    return response;  // there are none
  const auto criterion =
      request.sort_criteria && !request.sort_criteria->empty() ? request.sort_criteria->front() : wire::SortCriterion{};
  const bool descending = criterion.sort == "DESC";
  TRY(found, find_matches(request, criterion.field_name.value_or("Name"), catalog));
  const auto before = [&](const std::vector<std::string>& left, const std::vector<std::string>& right) {
    return descending ? right < left : left < right;
  };
  std::ranges::sort(found, before, &Match::place);
  TRY(after, page_key(request.next_token));
  const auto size = static_cast<std::size_t>(request.max_results.value_or(100));
  const auto last = partition_values(after);
  for (auto& match : found) {
    if (!after.empty() && !before(last, match.place)) continue;
    if (response.table_list->size() == size) {
      const auto& shown = response.table_list->back();
      TRY(value, sort_value(shown, criterion.field_name.value_or("Name")));
      response.next_token = page_token(partition_key({value, shown.database_name.value_or(""), shown.name}));
      break;
    }
    match.table.catalog_id = context.account_id;
    response.table_list->push_back(std::move(match.table));
  }
  return response;
}

}  // namespace

void add_search_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::SearchTables>(
      [&](const auto& request, const Context& context) { return search_tables(request, context, catalog); });
}

}  // namespace mastic::glue
