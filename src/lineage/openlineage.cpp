#include "lineage/openlineage.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

namespace mastic::lineage {
namespace {

using Json = nlohmann::json;

constexpr const char* producer = "https://openlineage.io/producers/mastic/" MASTIC_VERSION;
constexpr const char* facets = "https://openlineage.io/spec/facets/";
constexpr const char* event_schema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
constexpr const char* run_facet_schema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunFacet";

/// `version` and `name` of a facet of the standard: 1-2-0, SchemaDatasetFacet.
Json facet(const char* version, const char* name) {
  return {{"_producer", producer}, {"_schemaURL", fmt::format("{}{}/{}.json#/$defs/{}", facets, version, name, name)}};
}

Json schema_facet(const std::vector<Field>& fields) {
  auto made = facet("1-2-0", "SchemaDatasetFacet");
  made["fields"] = Json::array();
  for (const auto& field : fields) {
    Json one{{"name", field.name}};
    if (!field.type.empty()) one["type"] = field.type;
    made["fields"].push_back(std::move(one));
  }
  return made;
}

Json symlinks_facet(const std::vector<DatasetName>& symlinks) {
  auto made = facet("1-0-1", "SymlinksDatasetFacet");
  made["identifiers"] = Json::array();
  for (const auto& symlink : symlinks)
    made["identifiers"].push_back({{"namespace", symlink.name_space}, {"name", symlink.name}, {"type", "TABLE"}});
  return made;
}

Json dataset(const DatasetName& name, const std::vector<DatasetName>& symlinks, const std::vector<Field>& fields) {
  Json made{{"namespace", name.name_space}, {"name", name.name}, {"facets", Json::object()}};
  auto& of_it = made["facets"];
  if (!fields.empty()) of_it["schema"] = schema_facet(fields);
  auto source = facet("1-0-1", "DatasourceDatasetFacet");
  source["name"] = name.name_space;
  source["uri"] = name.name_space;
  of_it["dataSource"] = std::move(source);
  if (!symlinks.empty()) of_it["symlinks"] = symlinks_facet(symlinks);
  return made;
}

/// Edges as input fields, those of one field together.
Json input_fields(const Lineage& lineage, const Edges& edges) {
  auto made = Json::array();
  std::map<uint32_t, std::size_t> places;
  for (const auto& edge : edges) {
    const auto [found, added] = places.try_emplace(edge.field, made.size());
    if (added) {
      const auto& field = lineage.fields[edge.field];
      const auto& input = lineage.inputs[field.dataset].name;
      made.push_back(
          {{"namespace", input.name_space}, {"name", input.name}, {"field", field.name}, {"transformations", Json::array()}});
    }
    made[found->second]["transformations"].push_back({{"type", type_name(edge.kind)},
                                                      {"subtype", subtype_name(edge.kind)},
                                                      {"description", lineage.texts[edge.text]},
                                                      {"masking", edge.masking}});
  }
  return made;
}

Json column_lineage_facet(const Lineage& lineage, const std::string& left_out) {
  auto made = facet("1-2-0", "ColumnLineageDatasetFacet");
  made["fields"] = Json::object();
  for (const auto& column : lineage.columns) {
    if (column.name == left_out && !left_out.empty()) continue;
    if (!column.from.empty()) made["fields"][column.name] = {{"inputFields", input_fields(lineage, column.from)}};
  }
  made["dataset"] = input_fields(lineage, lineage.all_rows);
  return made;
}

Json statistics_facet(const Target& target) {
  auto made = facet("1-0-2", "OutputStatisticsOutputDatasetFacet");
  if (target.rows) made["rowCount"] = *target.rows;
  if (target.bytes) made["size"] = *target.bytes;
  if (target.files) made["fileCount"] = *target.files;
  return made;
}

Json input_statistics_facet(const Dataset& input) {
  auto made = facet("1-0-0", "InputStatisticsInputDatasetFacet");
  made["fileCount"] = input.files;
  made["size"] = input.bytes;
  return made;
}

Json change_facet(std::string_view change, const std::optional<DatasetName>& before) {
  auto made = facet("1-0-1", "LifecycleStateChangeDatasetFacet");
  made["lifecycleStateChange"] = change;
  if (before) made["previousIdentifier"] = {{"name", before->name}, {"namespace", before->name_space}};
  return made;
}

Json output(const Lineage& lineage, const Target& target) {
  std::vector<Field> fields;
  for (const auto& column : lineage.columns)
    if (target.left_out.empty() || column.name != target.left_out) fields.push_back({column.name, column.type});
  std::vector<DatasetName> symlinks;
  if (target.symlink) symlinks.push_back(*target.symlink);
  auto made = dataset(target.name, symlinks, fields);
  made["facets"]["columnLineage"] = column_lineage_facet(lineage, target.left_out);
  if (!target.change.empty()) made["facets"]["lifecycleStateChange"] = change_facet(target.change, std::nullopt);
  made["outputFacets"] = {{"outputStatistics", statistics_facet(target)}};
  return made;
}

Json* find_dataset(Json& datasets, const Json& wanted) {
  for (auto& known : datasets)
    if (known["namespace"] == wanted["namespace"] && known["name"] == wanted["name"]) return &known;
  return nullptr;
}

void merge_input(Json& known, const Json& input) {
  if (input.contains("inputFacets")) known["inputFacets"] = input["inputFacets"];
  auto& into = known["facets"];
  for (const auto& [name, facet] : input["facets"].items()) {
    if (!into.contains(name)) {
      into[name] = facet;
      continue;
    }
    const char* list = name == "schema" ? "fields" : name == "symlinks" ? "identifiers" : nullptr;
    if (list == nullptr) continue;
    for (const auto& one : facet[list])
      if (std::ranges::find(into[name][list], one) == into[name][list].end()) into[name][list].push_back(one);
  }
}

void merge_output(Json& known, const Json& output) {
  if (!output["facets"].contains("columnLineage")) {
    known["facets"]["lifecycleStateChange"] = output["facets"]["lifecycleStateChange"];
    return;
  }
  Json counted = output;
  const auto path = Json::json_pointer("/outputFacets/outputStatistics");
  if (known.contains(path) && counted.contains(path)) {
    for (const char* name : {"rowCount", "size", "fileCount"})
      if (known[path].contains(name) && counted[path].contains(name))
        counted[path][name] = known[path][name].get<uint64_t>() + counted[path][name].get<uint64_t>();
  }
  known = std::move(counted);
}

}  // namespace

Json report(const Lineage& lineage, const std::optional<Target>& target) {
  Json made{{"inputs", Json::array()}, {"outputs", Json::array()}};
  for (const auto& input : lineage.inputs) {
    made["inputs"].push_back(dataset(input.name, input.symlinks, input.fields));
    if (input.files > 0) made["inputs"].back()["inputFacets"] = {{"inputStatistics", input_statistics_facet(input)}};
  }
  if (target) made["outputs"].push_back(output(lineage, *target));
  if (lineage.truncated) made["truncated"] = true;
  return made;
}

Json report(const Change& change) {
  std::vector<DatasetName> symlinks;
  if (change.symlink) symlinks.push_back(*change.symlink);
  auto changed = dataset(change.name, symlinks, {});
  changed["facets"]["lifecycleStateChange"] = change_facet(change.change, change.before);
  return {{"inputs", Json::array()}, {"outputs", Json::array({std::move(changed)})}};
}

void merge_report(Json& into, const Json& report) {
  if (!into.is_object()) into = {{"inputs", Json::array()}, {"outputs", Json::array()}};
  for (const auto& input : report["inputs"]) {
    if (auto* known = find_dataset(into["inputs"], input))
      merge_input(*known, input);
    else
      into["inputs"].push_back(input);
  }
  for (const auto& output : report["outputs"]) {
    if (auto* known = find_dataset(into["outputs"], output))
      merge_output(*known, output);
    else
      into["outputs"].push_back(output);
  }
}

std::string run_uuid(std::string_view run_key) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const bool is_uuid = run_key.size() == 36 && run_key[8] == '-' && run_key[13] == '-' && run_key[18] == '-' &&
                       run_key[23] == '-' && std::ranges::all_of(run_key, [&](char c) { return is_hex(c) || c == '-'; });
  if (is_uuid) return std::string(run_key);
  // Twice FNV-1a from two beginnings; the marks of a UUID that is its maker's own (version 8).
  uint64_t high = 14695981039346656037ULL;
  uint64_t low = 0x6d617374696300ULL;
  for (const char c : run_key) {
    high = (high ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    low = (low ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    low ^= low >> 29U;
  }
  high = (high & ~0xf000ULL) | 0x8000ULL;
  low = (low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU, high & 0xffffU, low >> 48U,
                     low & 0xffffffffffffULL);
}

std::string iso_time(Instant time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), milliseconds);
}

Json run_event(const RunFacts& run, std::string_view type, Instant time, const Json& report, const std::string& error) {
  Json run_facets = Json::object();
  auto engine = facet("1-1-1", "ProcessingEngineRunFacet");
  engine["name"] = "mastic";
  engine["version"] = run.engine_version;
  engine["openlineageAdapterVersion"] = MASTIC_VERSION;
  run_facets["processing_engine"] = std::move(engine);
  run_facets["mastic"] = {{"_producer", producer}, {"_schemaURL", run_facet_schema}, {"runId", run.run_key}};
  if (report.is_object() && report.contains("truncated")) run_facets["mastic"]["truncated"] = true;
  if (run.parent) {
    auto parent = facet("1-2-0", "ParentRunFacet");
    parent["run"] = {{"runId", run.parent->run_id}};
    parent["job"] = {{"namespace", run.parent->job_namespace}, {"name", run.parent->job_name}};
    run_facets["parent"] = std::move(parent);
  }
  if (!error.empty()) {
    auto message = facet("1-0-1", "ErrorMessageRunFacet");
    message["message"] = error;
    message["programmingLanguage"] = run.job_type == "CRAWLER" ? "C++" : "PYTHON";
    run_facets["errorMessage"] = std::move(message);
  }
  auto job_type = facet("2-0-4", "JobTypeJobFacet");
  job_type["processingType"] = "BATCH";
  job_type["integration"] = run.integration;
  job_type["jobType"] = run.job_type;
  const bool has_report = report.is_object();
  return {{"eventType", type},
          {"eventTime", iso_time(time)},
          {"producer", producer},
          {"schemaURL", event_schema},
          {"run", {{"runId", run_uuid(run.run_key)}, {"facets", std::move(run_facets)}}},
          {"job", {{"namespace", run.job_namespace}, {"name", run.job_name}, {"facets", {{"jobType", std::move(job_type)}}}}},
          {"inputs", has_report ? report["inputs"] : Json::array()},
          {"outputs", has_report ? report["outputs"] : Json::array()}};
}

}  // namespace mastic::lineage
