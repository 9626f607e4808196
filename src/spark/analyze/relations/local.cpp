// Rows that the client sent: inline, or as artifacts in one or many pieces.
#include <algorithm>

#include "spark/analyze/arrow_schema.h"
#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

/// Whether Arrow's data of type `sent` is how a client sends `wanted`: a user-defined type as its SQL type, intervals and
/// times without their fields, structs by position.
bool carries(const DataType& sent, const DataType& wanted) {
  if (wanted.is(TypeKind::user_defined)) return carries(sent, wanted.children.at(0));
  if (wanted.is_textual()) return sent.is_textual();
  if (sent.kind != wanted.kind || sent.children.size() != wanted.children.size() || sent.fields.size() != wanted.fields.size())
    return false;
  if (wanted.is(TypeKind::decimal)) return sent.precision == wanted.precision && sent.scale == wanted.scale;
  for (std::size_t i = 0; i < sent.children.size(); ++i)
    if (!carries(sent.children[i], wanted.children[i])) return false;
  for (std::size_t i = 0; i < sent.fields.size(); ++i)
    if (!carries(sent.fields[i].type, wanted.fields[i].type)) return false;
  return true;
}

// `given`: the schema that the client wrote beside the data; the data's own types are cast to it.
SparkResult<RelationPtr> local_rows(AnalyzerState& state, std::shared_ptr<const std::string> data, const std::string& given) {
  std::optional<DataType> schema;
  if (!given.empty()) {
    TRY(parsed, parse_schema_text(given));
    schema = parsed.is(TypeKind::struct_) ? parsed : types::structure({{"value", parsed, true, {}}});
  }
  DataType sent = schema.value_or(types::structure({}));
  if (data && !data->empty()) {
    TRY(read, read_arrow_schema(*data));
    sent = read;
  } else {
    data = nullptr;
  }
  if (schema && schema->fields.size() != sent.fields.size())
    return fail(analysis_error("INVALID_SCHEMA.PARSE_ERROR",
                               {{"inputSchema", "\"" + given + "\""}, {"reason", "the data has another number of columns"}}));

  std::vector<Attribute> output;
  for (std::size_t i = 0; i < sent.fields.size(); ++i) {
    const auto& field = sent.fields[i];
    Attribute column{state.next_id(), field.name, field.type, field.nullable, {}, field.metadata_json};
    if (schema) {
      const auto& wanted = schema->fields[i];
      column.name = wanted.name;
      column.nullable = wanted.nullable;
      column.metadata_json = wanted.metadata_json;
      if (carries(field.type, wanted.type)) column.type = wanted.type;
    }
    output.push_back(std::move(column));
  }
  auto plan = make_relation(output, LocalData{std::move(data)});
  if (!schema) return plan;
  Project project{plan, {}};
  bool changed = false;
  for (std::size_t i = 0; i < output.size(); ++i) {
    auto& column = output[i];
    const auto& wanted = schema->fields[i].type;
    auto value = reference(column);
    if (!same_type(column.type, wanted)) {
      changed = true;
      value = cast_to(state, value, wanted);
      column.id = state.next_id();
      column.type = wanted;
    }
    project.expressions.push_back({column.id, column.name, value, column.metadata_json});
  }
  return changed ? make_relation(std::move(output), std::move(project)) : plan;
}

SparkError not_sent(std::string_view hash) {
  return internal_error("the client refers to local data that it has not sent: cache/" + std::string(hash));
}

}  // namespace

SparkResult<Resolved> resolve_local_relation(AnalyzerState& state, const proto::Relation& relation) {
  const auto& local = relation.local_relation();
  std::shared_ptr<const std::string> data;
  if (local.has_data()) data = std::make_shared<const std::string>(local.data());
  TRY(plan, local_rows(state, std::move(data), local.schema()));
  return with_children(plan, {});
}

SparkResult<Resolved> resolve_cached_local_relation(AnalyzerState& state, const proto::Relation& relation) {
  if (relation.has_cached_local_relation()) {
    const auto& hash = relation.cached_local_relation().hash();
    auto data = state.context.cached_local_data(hash);
    if (!data) return fail(not_sent(hash));
    // The artifact is a LocalRelation message.
    proto::LocalRelation local;
    if (!local.ParseFromString(*data)) return fail(internal_error("an artifact that is not a local relation"));
    TRY(plan,
        local_rows(state, local.has_data() ? std::make_shared<const std::string>(local.data()) : nullptr, local.schema()));
    return with_children(plan, {});
  }
  const auto& chunks = relation.chunked_cached_local_relation();
  std::string schema;
  if (chunks.has_schemahash()) {
    auto text = state.context.cached_local_data(chunks.schemahash());
    if (!text) return fail(not_sent(chunks.schemahash()));
    schema = *text;
  }
  std::vector<std::shared_ptr<const std::string>> pieces;
  for (const auto& hash : chunks.datahashes()) {
    auto piece = state.context.cached_local_data(hash);
    if (!piece) return fail(not_sent(hash));
    pieces.push_back(std::move(piece));
  }
  std::shared_ptr<const std::string> data;
  if (pieces.size() == 1) {
    data = pieces.front();
  } else if (!pieces.empty()) {
    TRY(joined, join_arrow_streams(pieces));
    data = std::make_shared<const std::string>(std::move(joined));
  }
  TRY(plan, local_rows(state, std::move(data), schema));
  return with_children(plan, {});
}

SparkResult<Resolved> resolve_cached_remote_relation(AnalyzerState& state, const proto::Relation& relation) {
  const auto& id = relation.cached_remote_relation().relation_id();
  auto plan = state.context.cached_relation(id);
  if (!plan) return fail(internal_error("no relation is cached under the id " + id));
  return with_children(with_fresh_ids(plan, [&] { return state.next_id(); }), {});
}

}  // namespace mastic::spark
