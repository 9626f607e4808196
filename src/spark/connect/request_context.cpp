#include "spark/connect/request_context.h"

#include <spark/connect/relations.pb.h>

#include "spark/connect/arrow_rows.h"
#include "spark/connect/execution/functions.h"
#include "spark/connect/json_type.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/python_settings.h"
#include "spark/lower/execute.h"
#include "spark/lower/infer_json.h"
#include "spark/lower/infer_xml.h"
#include "spark/lower/schema_inference.h"

namespace mastic::spark_connect {

std::optional<std::string> RequestContext::configuration(std::string_view key) const {
  return session_.configuration.find(key);
}

std::string RequestContext::current_database() const { return session_.current_database(); }

const engine::Stores& RequestContext::stores() const { return session_.shared().engine.stores(); }

spark::RelationPtr RequestContext::find_view(const std::vector<std::string>& name) const {
  spark::RelationPtr view;
  if (name.size() == 1) view = session_.views.find(name[0]);
  if (name.size() == 2 && to_lower(name[0]) == "global_temp") view = session_.shared().global_views.find(name[1]);
  if (view == nullptr) return nullptr;
  used_views_.push_back(name.back());
  const auto key = to_lower(name.size() == 1 ? name[0] : name[0] + "." + name[1]);
  if (const auto entry = session_.cached_tables.find(key)) {
    const std::scoped_lock lock(entry->filling);
    if (entry->stored == nullptr) {
      if (!spark::cache(connection_, *view, lower_options(session_), entry->id)) return view;
      tell_kept(entry->id, view, &session_);
      entry->stored = spark::make_relation(view->output, spark::ReadCached{entry->id});
    }
    return entry->stored;
  }
  return view;
}

std::optional<spark::SparkResult<spark::RelationPtr>> RequestContext::cached_table(const std::string& database,
                                                                                   const std::string& table) {
  const auto name = to_lower(database + "." + table);
  if (name == being_kept_) return std::nullopt;
  const auto entry = session_.cached_tables.find(name);
  if (entry == nullptr) return std::nullopt;
  const std::scoped_lock lock(entry->filling);
  if (entry->stored != nullptr) return entry->stored;
  ::spark::connect::Relation read;
  read.mutable_read()->mutable_named_table()->set_unparsed_identifier("`" + database + "`.`" + table + "`");
  RequestContext inner(session_, connection_);
  inner.being_kept_ = name;
  auto plan = spark::Analyzer(inner).resolve(read);
  if (!plan) return fail(std::move(plan).error());
  if (auto kept = spark::cache(connection_, **plan, lower_options(session_), entry->id); !kept)
    return fail(std::move(kept).error());
  tell_kept(entry->id, *plan, &session_);
  entry->stored = spark::make_relation((*plan)->output, spark::ReadCached{entry->id});
  return entry->stored;
}

spark::ExpressionPtr RequestContext::find_variable(std::string_view name) const { return session_.variables.find(name); }

std::optional<spark::SqlFunction> RequestContext::find_sql_function(const std::vector<std::string>& name) const {
  if (name.size() != 1) return std::nullopt;
  auto definition = session_.find_sql_function(name[0]);
  if (definition == nullptr) return std::nullopt;
  return spark::SqlFunction{name, std::move(definition)};
}

std::optional<spark::SqlFunction> RequestContext::find_catalog_sql_function(const std::vector<std::string>& name) const {
  return catalog_sql_function(session_, name);
}

std::shared_ptr<const std::string> RequestContext::cached_local_data(std::string_view hash) const {
  return session_.artifacts.cached(hash);
}

spark::RelationPtr RequestContext::cached_relation(std::string_view relation_id) const {
  return session_.persisted.kept(relation_id);
}

const ::spark::connect::CommonInlineUserDefinedFunction* RequestContext::find_user_function(std::string_view name) const {
  auto function = session_.find_function(name);
  if (function == nullptr) return nullptr;
  used_functions_.push_back(std::move(function));
  return used_functions_.back().get();
}

const ::spark::connect::CommonInlineUserDefinedTableFunction* RequestContext::find_user_table_function(
    std::string_view name) const {
  auto function = session_.find_table_function(name);
  if (function == nullptr) return nullptr;
  used_table_functions_.push_back(std::move(function));
  return used_table_functions_.back().get();
}

const ::spark::connect::CommonInlineUserDefinedDataSource* RequestContext::find_user_data_source(std::string_view name) const {
  auto source = session_.find_data_source(name);
  if (source == nullptr) return nullptr;
  used_data_sources_.push_back(std::move(source));
  return used_data_sources_.back().get();
}

spark::SparkResult<std::string> RequestContext::ask_python(const std::string& module, const std::string& python_version,
                                                           const std::string& request) {
  return ask_python_worker(session_, connection_, module, python_version, request);
}

void RequestContext::python_ended(std::string_view rest) {
  if (session_.configuration.find("spark.sql.pyspark.dataSource.profiler")) session_.python_profiles->add_all(rest);
}

int64_t RequestContext::python_result_id(const std::string& call_site) {
  const auto& configuration = session_.configuration;
  if (!configuration.find("spark.sql.pyspark.udf.profiler") && !configuration.find("spark.sql.pyspark.dataSource.profiler"))
    return 0;
  const bool kept = configuration.find("spark.connect.session.planCache.enabled").value_or("true") == "true";
  return session_.python_profiles->id_of(call_site, kept);
}

spark::SparkResult<int> RequestContext::profile_cpus(int profile) {
  const auto cpus = session_.profile_cpus(profile);
  if (!cpus) return fail(spark::unsupported("a resource profile of another session: " + std::to_string(profile)));
  return *cpus;
}

namespace {

/// What Parquet has no type for is told by the schema that Spark writes beside it.
spark::DataType refined(spark::DataType in_file, const spark::DataType& written) {
  using Kind = spark::TypeKind;
  if (written.is(Kind::user_defined)) {
    spark::DataType type = written;
    type.children.at(0) = refined(std::move(in_file), written.children.at(0));
    return type;
  }
  const bool stored = (written.is(Kind::day_time_interval) && in_file.is(Kind::long_)) ||
                      (written.is(Kind::year_month_interval) && in_file.is(Kind::integer)) ||
                      (written.is(Kind::variant) && in_file.is(Kind::struct_) && in_file.fields.size() == 2) ||
                      (written.is_textual() && in_file.is_textual());
  if (stored) return written;
  if (in_file.kind != written.kind || in_file.children.size() != written.children.size()) return in_file;
  for (std::size_t i = 0; i < in_file.children.size(); ++i) {
    in_file.children[i] = refined(std::move(in_file.children[i]), written.children[i]);
  }
  for (auto& field : in_file.fields) {
    for (const auto& known : written.fields) {
      if (known.name == field.name) field.type = refined(std::move(field.type), known.type);
    }
  }
  return in_file;
}

void refine(std::vector<spark::StructField>& columns, const std::string& row_metadata) {
  if (row_metadata.empty()) return;
  const auto schema = parse_json_type(row_metadata);
  if (!schema) return;
  for (auto& column : columns) {
    for (const auto& field : schema->fields) {
      if (field.name != column.name) continue;
      column.type = refined(std::move(column.type), field.type);
      column.metadata_json = field.metadata_json;
    }
  }
}

}  // namespace

spark::SparkResult<spark::ReadFiles> RequestContext::infer_file_schema(const FileRequest& request) {
  const bool infer_partition_types =
      session_.configuration.find("spark.sql.sources.partitionColumnTypeInference.enabled") != "false";
  TRY(source, spark::resolve_files(connection_, request.format, request.paths, request.options, request.schema,
                                   lower_options(session_).session_time_zone, infer_partition_types));
  refine(source.data_columns, source.row_metadata);
  spark::ReadFiles files;
  files.format = request.format;
  files.files = std::move(source.files);
  files.options = request.options;
  files.data_columns = std::move(source.data_columns);
  files.partition_columns = std::move(source.partition_columns);
  return files;
}

spark::SparkResult<std::vector<spark::ReadFiles::PartitionedFile>> RequestContext::list_files(
    const std::vector<std::string>& paths, const std::map<std::string, std::string>& options) {
  return spark::list_files(connection_, paths, options);
}

spark::SparkResult<std::vector<spark::StructField>> RequestContext::infer_rows(
    const spark::RelationPtr& plan, const std::string& format, const std::map<std::string, std::string>& options) {
  if (format == "xml") return spark::infer_xml_rows(connection_, *plan, options, lower_options(session_));
  return spark::infer_json_rows(connection_, *plan, options, lower_options(session_));
}

spark::SparkResult<std::vector<std::vector<spark::ExpressionPtr>>> RequestContext::collect(const spark::RelationPtr& plan,
                                                                                           int64_t limit) {
  std::vector<spark::DataType> types;
  for (const spark::Attribute& attribute : plan->output) types.push_back(attribute.type);
  const auto limited = spark::make_relation(plan->output, spark::Limit{.input = plan, .limit = limit, .offset = 0});
  std::vector<std::vector<spark::ExpressionPtr>> rows;
  std::optional<spark::SparkError> error;
  TRY(count, spark::execute(connection_, *limited, lower_options(session_), {}, [&](const spark::ArrowBatch& batch) {
        auto more = read_literals(batch.stream, types);
        if (!more) {
          error = std::move(more.error());
          return false;
        }
        for (auto& row : *more) rows.push_back(std::move(row));
        return true;
      }));
  (void)count;
  if (error) return fail(*std::move(error));
  return rows;
}

spark::LowerOptions lower_options(const Session& session) {
  spark::LowerOptions options;
  const Configuration& configuration = session.configuration;
  options.ansi = configuration.flag("spark.sql.ansi.enabled");
  options.session_time_zone = configuration.find("spark.sql.session.timeZone").value_or("UTC");
  options.legacy_time_parser = configuration.find("spark.sql.legacy.timeParserPolicy") == "LEGACY";
  options.case_sensitive = configuration.flag("spark.sql.caseSensitive");
  options.map_key_last_wins = configuration.find("spark.sql.mapKeyDedupPolicy") == "LAST_WIN";
  options.now_microseconds = to_microseconds(session.shared().clock.now());
  if (!session.user().empty()) options.user = session.user();
  options.database = session.current_database();
  options.python = python_settings(session);
  options.path = session.path().empty() ? "system.builtin,system.session,spark_catalog." + options.database : session.path();
  options.stores = &session.shared().engine.stores();
  return options;
}

}  // namespace mastic::spark_connect
