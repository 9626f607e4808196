#include "spark/lower/schema_inference.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/table_function_ref.hpp>
#include <set>

#include "engine/duckdb_failure.h"
#include "engine/functions/datetime_text.h"
#include "spark/lower/arrow_files.h"
#include "spark/lower/ast.h"
#include "spark/lower/execute.h"
#include "spark/lower/file_listing.h"
#include "spark/lower/infer_csv.h"
#include "spark/lower/infer_json.h"
#include "spark/lower/infer_parquet.h"
#include "spark/lower/infer_xml.h"
#include "spark/lower/partition_values.h"

namespace mastic::spark {
namespace {

struct Found {
  std::vector<ListedFile> files;
  std::vector<std::vector<std::pair<std::string, std::optional<std::string>>>> folders;  // beside files
};

/// modifiedBefore, modifiedAfter: a time in the zone of the option timeZone.
SparkResult<std::optional<int64_t>> time_limit(const FileOptions& options, const std::string& name) {
  const auto text = option(options, {name.c_str()}, "");
  if (text.empty()) return std::nullopt;
  const auto parsed = engine::parse_timestamp(text);
  if (!parsed || !parsed->has_date) {
    SparkError error = analysis_error("INTERNAL_ERROR");
    error.condition = "_LEGACY_ERROR_TEMP_1294";
    error.sql_state.clear();
    error.parameters = {{"strategy", name}, {"timeString", text}};
    error.message = "The timestamp provided for the '" + name +
                    "' option is invalid. The expected format is 'YYYY-MM-DDTHH:mm:ss', but the provided timestamp: " + text +
                    ".";
    return fail(std::move(error));
  }
  const auto* zone = parsed->zone != nullptr ? parsed->zone : engine::TimeZone::find(option(options, {"timezone"}, "UTC"));
  if (zone == nullptr) zone = engine::TimeZone::find("UTC");
  return zone->to_utc(parsed->local_microseconds);
}

SparkResult<Found> find_files(engine::Connection& connection, const std::vector<std::string>& paths,
                              const FileOptions& options) {
  Found found;
  const bool recursive = option_is_true(options, "recursivefilelookup");
  const auto base = option(options, {"basepath"}, "");
  const auto glob = option(options, {"pathglobfilter"}, "");
  TRY(before, time_limit(options, "modifiedbefore"));
  TRY(after, time_limit(options, "modifiedafter"));
  for (const auto& path : paths) {
    TRY(listed, files_at(connection.engine().stores(), path));
    if (!listed) return fail(analysis_error("PATH_NOT_FOUND", {{"path", path}}));
    for (auto& file : *listed) {
      std::string below = file.below;
      if (!glob.empty() && !matches_glob(glob, file.path.substr(file.path.rfind('/') + 1))) continue;
      if ((before && file.modified_microseconds >= *before) || (after && file.modified_microseconds <= *after)) continue;
      if (!base.empty() && file.path.starts_with(base)) {
        below = file.path.substr(base.size());
        if (below.starts_with('/')) below.erase(0, 1);
      }
      auto folders = partition_folders(below);
      if (!folders) {
        // A folder that is no partition: Spark looks only at a path's own files, unless told to go down.
        if (!recursive) continue;
        folders.emplace();
      }
      if (recursive) folders->clear();
      found.files.push_back(std::move(file));
      found.folders.push_back(std::move(*folders));
    }
  }
  return found;
}

const StructField* field_named(const DataType& schema, const std::string& name) {
  for (const auto& field : schema.fields) {
    if (lower_case(field.name) == lower_case(name)) return &field;
  }
  return nullptr;
}

}  // namespace

SparkResult<std::vector<ReadFiles::PartitionedFile>> list_files(engine::Connection& connection,
                                                                const std::vector<std::string>& paths,
                                                                const FileOptions& options) {
  TRY(found, find_files(connection, paths, options));
  std::vector<ReadFiles::PartitionedFile> files;
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    std::vector<std::optional<std::string>> values;
    for (auto& folder : found.folders[i]) values.push_back(std::move(folder.second));
    files.push_back({normalised_path(found.files[i].path), std::move(values), found.files[i].size_bytes});
  }
  return files;
}

SparkResult<FileSource> resolve_files(engine::Connection& connection, const std::string& format,
                                      const std::vector<std::string>& paths, const FileOptions& options,
                                      const std::optional<DataType>& schema, const std::string& session_time_zone,
                                      bool partition_inference) {
  TRY(found, find_files(connection, paths, options));
  FileSource source;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    std::vector<std::string> own;
    std::vector<std::optional<std::string>> values;
    for (auto& folder : found.folders[i]) {
      own.push_back(folder.first);
      values.push_back(folder.second);
    }
    if (i == 0) names = own;
    if (own != names) {
      return fail(analysis_error("CONFLICTING_PARTITION_COLUMN_NAMES",
                                 {{"distinctPartColLists", "\n"}, {"suspiciousPaths", "\n\t" + found.files[i].path}}));
    }
    source.files.push_back({normalised_path(found.files[i].path), std::move(values), found.files[i].size_bytes});
  }
  for (std::size_t column = 0; column < names.size(); ++column) {
    StructField field{names[column], types::string(), true, ""};
    const StructField* wanted = schema ? field_named(*schema, names[column]) : nullptr;
    if (wanted != nullptr) {
      field = *wanted;
    } else if (partition_inference) {
      std::vector<std::optional<std::string>> values;
      for (const auto& file : source.files) values.push_back(file.partition_values[column]);
      field.type = infer_partition_type(values);
    }
    source.partition_columns.push_back(std::move(field));
  }
  if (schema) {
    for (const auto& field : schema->fields) {
      const bool partition =
          std::ranges::any_of(names, [&](const std::string& name) { return lower_case(name) == lower_case(field.name); });
      if (!partition) source.data_columns.push_back(field);
    }
    return source;
  }
  const auto kind = lower_case(format);
  if (kind == "text") {
    source.data_columns.push_back({"value", types::string(), true, ""});
    return source;
  }
  if (kind == "binaryfile") {
    source.data_columns = {{"path", types::string(), true, ""},
                           {"modificationTime", types::timestamp(), true, ""},
                           {"length", types::long_type(), true, ""},
                           {"content", types::binary(), true, ""}};
    return source;
  }
  std::vector<std::string> data_paths;
  for (const auto& file : source.files) {
    if (file.size_bytes > 0) data_paths.push_back(file.path);
  }
  SparkResult<std::vector<StructField>> inferred = std::vector<StructField>{};
  if (kind == "avro" && (options.contains("avroschema") || options.contains("avroschemaurl"))) {
    inferred = infer_arrow_files(connection.engine().stores(), kind, data_paths, options);
  } else if (!data_paths.empty()) {
    if (kind == "csv") {
      inferred = infer_csv(connection, data_paths, options, session_time_zone);
    } else if (kind == "json") {
      inferred = infer_json(connection, data_paths, options);
    } else if (kind == "xml") {
      inferred = infer_xml(connection, data_paths, options);
    } else if (kind == "parquet") {
      inferred = infer_parquet(connection, data_paths, options);
      if (inferred) source.row_metadata = parquet_row_metadata(connection, data_paths.front());
    } else if (is_arrow_format(kind)) {
      inferred = infer_arrow_files(connection.engine().stores(), kind, data_paths, options);
    } else {
      return fail(unsupported("reading format " + format));
    }
  }
  if (!inferred) return fail(std::move(inferred).error());
  if (inferred->empty())
    return fail(analysis_error("UNABLE_TO_INFER_SCHEMA", {{"format", kind == "csv"    ? "CSV"
                                                                     : kind == "json" ? "JSON"
                                                                     : kind == "orc"  ? "ORC"
                                                                     : kind == "xml"  ? "XML"
                                                                                      : "Parquet"}}));
  for (auto& field : *inferred) {
    const bool partition =
        std::ranges::any_of(names, [&](const std::string& name) { return lower_case(name) == lower_case(field.name); });
    if (!partition) source.data_columns.push_back(std::move(field));
  }
  return source;
}

}  // namespace mastic::spark
