#include "spark/lower/write.h"

#include <fmt/format.h>

#include <duckdb.hpp>
#include <duckdb/parser/parsed_data/copy_info.hpp>
#include <duckdb/parser/statement/copy_statement.hpp>
#include <duckdb/parser/tableref/basetableref.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/identifiers.h"
#include "engine/duckdb_failure.h"
#include "engine/profile.h"
#include "engine/sources/item_values.h"
#include "spark/lower/arrow_files.h"
#include "spark/lower/execute.h"
#include "spark/lower/file_listing.h"
#include "spark/lower/file_options.h"
#include "spark/lower/lowering.h"
#include "spark/lower/output_files.h"
#include "spark/lower/partition_values.h"
#include "spark/lower/types.h"
#include "spark/lower/write_format.h"

namespace mastic::spark {
namespace {

using duckdb::Value;

/// How many files: what the last Repartition or range on the way down said; 1 when none did.
int partitions_of(const Relation& relation) {
  const RelationPtr* input = nullptr;
  if (const auto* node = std::get_if<Repartition>(&relation.node)) {
    const int wanted = std::max(1, node->partitions);
    return node->shuffle ? wanted : std::min(wanted, partitions_of(*node->input));
  }
  if (const auto* node = std::get_if<RangeRows>(&relation.node)) return std::max(1, node->partitions);
  if (const auto* node = std::get_if<Project>(&relation.node)) input = &node->input;
  if (const auto* node = std::get_if<Filter>(&relation.node)) input = &node->input;
  if (const auto* node = std::get_if<Alias>(&relation.node)) input = &node->input;
  return input != nullptr ? partitions_of(**input) : 1;
}

/// One file to be: a query for its rows.
struct Part {
  std::string folder;  // "k=v/…/" or empty
  duckdb::unique_ptr<duckdb::QueryNode> query;
  int64_t bucket = -1;
  std::size_t piece = 0;  // of a folder's rows, when maxRecordsPerFile cuts them
};

class FileWriter {
 public:
  FileWriter(engine::Connection& connection, const WriteFiles& command, const LowerOptions& options,
             const FolderPlaces& elsewhere)
      : connection_(connection),
        command_(command),
        options_(options),
        elsewhere_(elsewhere),
        lowering_(options),
        format_(command, lowering_) {}
  ~FileWriter() {
    if (!cached_.empty()) static_cast<void>(connection_.drop_cached(cached_));
  }

  SparkResult<WriteSummary> run() {
    WriteSummary summary;
    TRY_DO(format_.check());
    TRY_DO(check_columns());
    TRY(there, something_at(connection_.engine().stores(), command_.path));
    if (there && command_.mode == SaveMode::error_if_exists) {
      return fail(analysis_error("PATH_ALREADY_EXISTS", {{"outputPath", command_.path}}));
    }
    if (there && command_.mode == SaveMode::ignore) {
      summary.skipped = true;
      return summary;
    }
    TRY(output, OutputFiles::open(connection_.engine().stores(), command_.path, elsewhere_));
    TRY(parts, split());
    const std::string job = random_uuid();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool one_task = !command_.partition_columns.empty() || command_.buckets > 0;
      const auto bucket = parts[i].bucket < 0 ? std::string() : fmt::format("_{:05}", parts[i].bucket);
      const auto name = fmt::format("{}part-{:05}-{}{}{}c{:03}{}", parts[i].folder, one_task ? 0 : i, job, bucket,
                                    one_task ? "." : "-", parts[i].piece, format_.extension());
      TRY(file, output->add(name));
      TRY(rows, write_part(std::move(parts[i].query), file));
      summary.rows += rows;
      std::error_code ignored;
      const auto bytes = std::filesystem::file_size(file, ignored);
      summary.bytes += bytes;
      if (!ignored) engine::report_written(bytes);
      names.push_back(name);
    }
    TRY(success, output->add("_SUCCESS"));
    std::ofstream(success).flush();
    std::vector<std::string> removed;
    if (command_.replaced_folders) {
      removed = *command_.replaced_folders;
    } else if (command_.mode == SaveMode::overwrite) {
      if (command_.dynamic_overwrite && !command_.partition_columns.empty()) {
        std::set<std::string> folders;
        for (const auto& part : partition_folders_) folders.insert(part.first);
        removed.assign(folders.begin(), folders.end());
      } else {
        removed.emplace_back();
      }
    }
    TRY_DO(output->commit(removed));
    for (const auto& name : names) summary.files.push_back(output->location(name));
    for (auto& [folder, values] : partition_folders_)
      summary.partitions.push_back({std::move(values), output->location(folder)});
    return summary;
  }

 private:
  SparkResult<uint64_t> write_part(duckdb::unique_ptr<duckdb::QueryNode> query, const std::string& file) {
    if (is_arrow_format(format_.name())) {
      auto select = std::make_unique<duckdb::SelectStatement>();
      select->node = std::move(query);
      return write_arrow_file(connection_, std::move(select), data_columns(), format_.name(), format_.compression(),
                              command_.options, file);
    }
    if (format_.writes_lines()) {
      auto select = std::make_unique<duckdb::SelectStatement>();
      select->node = std::move(query);
      return write_lines(connection_, std::move(select), format_.line_format(data_columns()), file);
    }
    auto copy = std::make_unique<duckdb::CopyStatement>();
    copy->info = format_.copy_info(std::move(query));
    copy->info->file_path = file;
    auto rows = connection_.run(std::move(copy));
    if (!rows) return fail(to_spark_error(rows.error()));
    return *rows;
  }

  SparkResult<void> check_columns() {
    std::set<std::string> names;
    for (const auto& attribute : command_.input->output) {
      if (!names.insert(lower_case(attribute.name)).second) {
        return fail(analysis_error("COLUMN_ALREADY_EXISTS", {{"columnName", "`" + lower_case(attribute.name) + "`"}}));
      }
    }
    for (const auto& name : command_.partition_columns) {
      if (!names.contains(lower_case(name))) {
        return fail(analysis_error("PARTITION_COLUMN_NOT_FOUND_IN_SCHEMA", {{"column", name}, {"schema", name}}));
      }
    }
    if (names.size() == command_.partition_columns.size() && !names.empty()) {
      return fail(analysis_error("ALL_PARTITION_COLUMNS_NOT_ALLOWED"));
    }
    return {};
  }

  SparkResult<std::vector<Part>> split() {
    try {
      const int wanted = partitions_of(*command_.input);
      const auto rows_max = std::stoll(option(command_.options, {"maxrecordsperfile"}, "0"));
      if (command_.partition_columns.empty() && command_.buckets <= 0 && wanted == 1 && rows_max <= 0) {
        std::vector<Part> parts;
        parts.push_back(
            {"", format_.query(lowering_.relation(*command_.input).wrapped(column_ids(*command_.input)), data_columns())});
        return parts;
      }
      return split_cached(wanted, rows_max);
    } catch (Unlowered& unlowered) {
      return fail(std::move(unlowered.error));
    } catch (const std::exception& exception) {
      return fail(to_spark_error(engine::to_failure(exception)));
    }
  }

  /// Several files: the rows are computed once, kept, and selected for each file.
  SparkResult<std::vector<Part>> split_cached(int wanted, int64_t rows_max) {
    const auto columns = column_ids(*command_.input);
    auto block = lowering_.relation(*command_.input).wrapped(columns);
    // Rows of one partition and bucket side by side: then a file's rows are a range of the kept ones.
    for (const auto& attribute : split_attributes()) {
      block.orders.push_back(lowering_.order_by(ast::column(attribute.id), true, true));
    }
    for (const auto& name : command_.sort_columns) {
      for (const auto& attribute : command_.input->output) {
        if (lower_case(attribute.name) == lower_case(name))
          block.orders.push_back(lowering_.order_by(ast::column(attribute.id), true, true));
      }
    }
    cached_ = "write_" + random_hex(12);
    auto rows = connection_.cache(cached_, std::unique_ptr<duckdb::QueryNode>(std::move(block).to_node(columns).release()));
    if (!rows) return fail(to_spark_error(rows.error()));
    std::vector<Part> parts;
    if (split_attributes().empty()) {
      const auto total = static_cast<int64_t>(*rows);
      int64_t each = std::max<int64_t>(1, (total + wanted - 1) / std::max(1, wanted));
      if (rows_max > 0) each = std::min(each, rows_max);
      for (int64_t from = 0; from < total || parts.empty(); from += each) parts.push_back(range_part("", from, from + each));
      return parts;
    }
    TRY(groups, row_groups());
    int64_t at = 0;
    for (auto& group : groups) {
      std::string folder;
      const auto attributes = partition_attributes();
      for (std::size_t i = 0; i < attributes.size(); ++i) {
        folder += escape_partition_text(attributes[i].name) + "=" +
                  (group.texts[i] == hive_default_partition ? group.texts[i] : escape_partition_text(group.texts[i])) + "/";
      }
      if (!folder.empty()) {
        auto place = folder.substr(0, folder.size() - 1);
        if (partition_folders_.empty() || partition_folders_.back().first != place)
          partition_folders_.emplace_back(std::move(place), std::move(group.texts));
      }
      const int64_t end = at + group.rows;
      for (std::size_t piece = 0; at < end; ++piece) {
        const int64_t to = rows_max > 0 ? std::min(end, at + rows_max) : end;
        parts.push_back(range_part(folder, at, to));
        parts.back().bucket = group.bucket;
        parts.back().piece = piece;
        at = to;
      }
    }
    if (parts.empty() && command_.partition_columns.empty()) parts.push_back(range_part("", 0, 0));
    return parts;
  }

  Part range_part(const std::string& folder, int64_t from, int64_t to) {
    auto table = duckdb::make_uniq<duckdb::BaseTableRef>();
    table->catalog_name = "memory";
    table->schema_name = "main";
    table->table_name = cached_;
    Block block;
    block.from = std::move(table);
    ast::Exprs range;
    range.push_back(ast::column(std::string("rowid")));
    range.push_back(ast::constant(Value::BIGINT(from)));
    range.push_back(ast::constant(Value::BIGINT(to)));
    block.where.push_back(ast::fill("$1 >= $2 AND $1 < $3", range));
    Part part;
    part.folder = folder;
    part.query = format_.query(std::move(block), data_columns());
    return part;
  }

  /// The kept rows' partitions and buckets, in the order in which the rows lie.
  struct RowGroup {
    std::vector<std::string> texts;  // the partition's values
    int64_t bucket = -1;
    int64_t rows = 0;
  };
  SparkResult<std::vector<RowGroup>> row_groups() {
    auto table = duckdb::make_uniq<duckdb::BaseTableRef>();
    table->catalog_name = "memory";
    table->schema_name = "main";
    table->table_name = cached_;
    Block block;
    block.from = std::move(table);
    const auto attributes = split_attributes();
    for (const auto& attribute : attributes) block.select.push_back(ast::column(attribute.id));
    for (const auto& attribute : attributes)
      block.select.push_back(lowering_.to_text(ast::column(attribute.id), attribute.type));
    ast::Exprs keys;
    for (const auto& expression : block.select) keys.push_back(expression->Copy());
    block.select.push_back(ast::call("count_star", ast::Exprs{}));
    block.projected = true;
    for (const auto& attribute : attributes) block.orders.push_back(lowering_.order_by(ast::column(attribute.id), true, true));
    auto node = std::move(block).to_node({});
    duckdb::GroupingSet all;
    for (std::size_t i = 0; i < keys.size(); ++i) all.insert(i);
    node->groups.group_expressions = std::move(keys);
    node->groups.grouping_sets.push_back(std::move(all));
    auto statement = std::make_unique<duckdb::SelectStatement>();
    statement->node = std::move(node);
    auto rows = connection_.stream(std::move(statement));
    if (!rows) return fail(to_spark_error(rows.error()));
    std::vector<RowGroup> found;
    while (true) {
      auto chunk = (*rows)->next();
      if (!chunk) return fail(to_spark_error(chunk.error()));
      if (*chunk == nullptr) return found;
      for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
        RowGroup group;
        for (std::size_t i = 0; i < attributes.size(); ++i) {
          const auto text = (*chunk)->GetValue(attributes.size() + i, row);
          if (attributes[i].id == command_.bucket_id && command_.buckets > 0) {
            group.bucket = std::stoll(text.ToString());
            continue;
          }
          const bool empty = text.IsNull() || text.ToString().empty();
          group.texts.push_back(empty ? std::string(hive_default_partition) : text.ToString());
        }
        group.rows = (*chunk)->GetValue(2 * attributes.size(), row).GetValue<int64_t>();
        found.push_back(std::move(group));
      }
    }
  }

  /// What tells one file's rows from another's: the partition columns, then the bucket.
  [[nodiscard]] std::vector<Attribute> split_attributes() const {
    auto attributes = partition_attributes();
    if (command_.buckets <= 0) return attributes;
    for (const auto& attribute : command_.input->output)
      if (attribute.id == command_.bucket_id) attributes.push_back(attribute);
    return attributes;
  }

  [[nodiscard]] bool is_partition(const Attribute& attribute) const {
    return std::ranges::any_of(command_.partition_columns,
                               [&](const std::string& name) { return lower_case(name) == lower_case(attribute.name); });
  }
  [[nodiscard]] std::vector<Attribute> partition_attributes() const {
    std::vector<Attribute> attributes;
    for (const auto& name : command_.partition_columns) {
      for (const auto& attribute : command_.input->output) {
        if (lower_case(attribute.name) == lower_case(name)) attributes.push_back(attribute);
      }
    }
    return attributes;
  }
  [[nodiscard]] std::vector<Attribute> data_columns() const {
    std::vector<Attribute> columns;
    for (const auto& attribute : command_.input->output) {
      if (command_.buckets > 0 && attribute.id == command_.bucket_id) continue;
      if (!is_partition(attribute)) columns.push_back(attribute);
    }
    return columns;
  }

  engine::Connection& connection_;
  const WriteFiles& command_;
  const LowerOptions& options_;
  const FolderPlaces& elsewhere_;
  Lowering lowering_;
  WriteFormat format_;
  std::string cached_;
  std::vector<std::pair<std::string, std::vector<std::string>>> partition_folders_;
};

SparkResult<WriteSummary> write_items(engine::Connection& connection, const WriteItems& command, const LowerOptions& options) {
  const auto& items = connection.engine().stores().items;
  if (!items) return fail(unsupported("writing DynamoDB items in an engine that runs without a server"));
  TRY(query, lower(*command.input, options));
  auto rows = connection.stream(std::move(query->statement));
  if (!rows) return fail(to_spark_error(rows.error()));
  WriteSummary summary;
  // An item's attributes go in the order of their names.
  std::map<std::string, std::size_t> columns;
  for (std::size_t i = 0; i < query->output.size(); ++i) columns[query->output[i].name] = i;
  while (true) {
    auto chunk = (*rows)->next();
    if (!chunk) return fail(to_spark_error(chunk.error()));
    if (*chunk == nullptr) return summary;
    std::string batch;
    for (duckdb::idx_t row = 0; row < (*chunk)->size(); ++row) {
      std::string attributes;
      uint64_t count = 0;
      for (const auto& [name, column] : columns) {
        const auto value = (*chunk)->GetValue(column, row);
        if (value.IsNull()) continue;  // the connector leaves NULLs out
        ++count;
        dynamodb::codec::append_bytes(attributes, name);
        engine::encode_item_value(attributes, value);
      }
      std::string item;
      dynamodb::codec::append_varint(item, count);
      item += attributes;
      dynamodb::codec::append_batch_item(batch, item);
    }
    auto put = items->put(command.table, batch);
    if (!put) return fail(from_store_error(put.error()));
    summary.rows += (*chunk)->size();
    summary.bytes += batch.size();
  }
}

}  // namespace

SparkResult<WriteSummary> write(engine::Connection& connection, const Command& command, const LowerOptions& options,
                                const FolderPlaces& elsewhere) {
  if (const auto* files = std::get_if<WriteFiles>(&command)) {
    if (files->path.empty()) return fail(unsupported("writing to a table that has no location"));
    return FileWriter(connection, *files, options, elsewhere).run();
  }
  return write_items(connection, std::get<WriteItems>(command), options);
}

}  // namespace mastic::spark
