#include <algorithm>

#include "glue/catalog/operations/answers.h"
#include "glue/names.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

std::string caller_arn(const Context& context) { return "arn:aws:iam::" + context.account_id + ":root"; }

/// Governed tables' transactions and time travel are gone from Glue's documentation; the members are still modelled.
template <typename Request>
Result<void> check_no_transaction(const Request& request) {
  if (request.transaction_id) return fail(error::unsupported("TransactionId"));
  return {};
}

Result<wire::CreateTableResponse> create_table(const wire::CreateTableRequest& request, const Context& context,
                                               Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(check_no_transaction(request));
  if (request.open_table_format_input) return fail(error::unsupported("OpenTableFormatInput"));
  if (!request.table_input) return fail(error::invalid_input("TableInput is missing."));
  TRY_DO(catalog.create_table(request.database_name, *request.table_input, caller_arn(context),
                              request.partition_indexes.value_or(std::vector<wire::PartitionIndex>{})));
  return wire::CreateTableResponse{};
}

Result<wire::GetTableResponse> get_table(const wire::GetTableRequest& request, const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(check_no_transaction(request));
  if (request.query_as_of_time) return fail(error::unsupported("QueryAsOfTime"));
  TRY(table, catalog.find_table(request.database_name, request.name));
  // Glue answers a missing table with EntityNotFoundException, not with an empty body: clients branch on that code to
  // decide "create" or "update".
  if (!table) return fail(error::table_not_found(request.name));
  table->catalog_id = context.account_id;
  wire::GetTableResponse response;
  response.table = std::move(table);
  return response;
}

/// What AttributesToGet leaves of a table: its name, and its type when that is asked for.
wire::Table chosen(wire::Table table, const std::vector<std::string>& attributes) {
  wire::Table chosen;
  chosen.name = std::move(table.name);
  chosen.database_name = std::move(table.database_name);
  if (std::ranges::find(attributes, "TABLE_TYPE") != attributes.end()) chosen.table_type = std::move(table.table_type);
  return chosen;
}

Result<wire::GetTablesResponse> get_tables(const wire::GetTablesRequest& request, const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(check_no_transaction(request));
  if (request.query_as_of_time) return fail(error::unsupported("QueryAsOfTime"));
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(tables, catalog.list_tables(request.database_name, request.expression.value_or(""), page));
  for (auto& table : tables.entries) {
    if (request.attributes_to_get && !request.attributes_to_get->empty())
      table = chosen(std::move(table), *request.attributes_to_get);
    table.catalog_id = context.account_id;
  }
  wire::GetTablesResponse response;
  response.next_token = next_token(tables);
  response.table_list = std::move(tables.entries);
  return response;
}

Result<wire::UpdateTableResponse> update_table(const wire::UpdateTableRequest& request, const Context& context,
                                               Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(check_no_transaction(request));
  if (request.update_open_table_format_input) return fail(error::unsupported("UpdateOpenTableFormatInput"));
  if (request.view_update_action) return fail(error::unsupported("ViewUpdateAction"));
  if (!request.table_input) return fail(error::invalid_input("TableInput is missing."));
  if (request.name && lower_name(*request.name) != lower_name(request.table_input->name)) {
    return fail(error::invalid_input("A table cannot be renamed: TableInput.Name must be the table's name."));
  }
  TableUpdate update;
  update.skip_archive = request.skip_archive.value_or(false);
  update.expected_version = request.version_id;
  TRY_DO(catalog.update_table(request.database_name, *request.table_input, update));
  return wire::UpdateTableResponse{};
}

Result<wire::DeleteTableResponse> delete_table(const wire::DeleteTableRequest& request, const Context& context,
                                               Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(check_no_transaction(request));
  TRY_DO(catalog.delete_table(request.database_name, request.name));
  return wire::DeleteTableResponse{};
}

Result<wire::BatchDeleteTableResponse> batch_delete_table(const wire::BatchDeleteTableRequest& request, const Context& context,
                                                          Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(check_no_transaction(request));
  TRY(database, catalog.find_database(request.database_name));
  if (!database) return fail(error::database_not_found(request.database_name));
  std::vector<wire::TableError> errors;
  for (const auto& name : request.tables_to_delete) {
    const auto deleted = catalog.delete_table(request.database_name, name);
    if (deleted) continue;
    if (deleted.error().http_status >= 500) return fail(deleted.error());
    wire::TableError error;
    error.table_name = name;
    error.error_detail = error_detail(deleted.error());
    errors.push_back(std::move(error));
  }
  wire::BatchDeleteTableResponse response;
  if (!errors.empty()) response.errors = std::move(errors);
  return response;
}

}  // namespace

void add_table_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::CreateTable>(
      [&](const auto& request, const Context& context) { return create_table(request, context, catalog); });
  service.on<wire::GetTable>([&](const auto& request, const Context& context) { return get_table(request, context, catalog); });
  service.on<wire::GetTables>(
      [&](const auto& request, const Context& context) { return get_tables(request, context, catalog); });
  service.on<wire::UpdateTable>(
      [&](const auto& request, const Context& context) { return update_table(request, context, catalog); });
  service.on<wire::DeleteTable>(
      [&](const auto& request, const Context& context) { return delete_table(request, context, catalog); });
  service.on<wire::BatchDeleteTable>(
      [&](const auto& request, const Context& context) { return batch_delete_table(request, context, catalog); });
}

}  // namespace mastic::glue
