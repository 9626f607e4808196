#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "glue/codegen/python_text.h"
#include "glue/codegen/write_node.h"

namespace mastic::glue::codegen {
namespace {

using Path = std::vector<std::string>;

std::vector<std::string> field_paths(const std::vector<Path>& paths) {
  std::vector<std::string> texts;
  texts.reserve(paths.size());
  for (const auto& path : paths) texts.push_back(field_path(path));
  return texts;
}

void write_paths(const Node& node, std::string_view transform, const std::vector<Path>& paths, Writer& writer) {
  if (paths.empty()) writer.wrong(node, "Choose at least one field.");
  writer.statement(node, fmt::format("{0} = {1}.apply(frame={2}, paths={3}, transformation_ctx=\"{0}\")", node.variable,
                                     transform, writer.input(node), python_list(field_paths(paths))));
}

bool begins_with(const Path& path, const Path& start) {
  return path.size() >= start.size() && std::equal(start.begin(), start.end(), path.begin());
}

/// The leaves of a mapping as awsglue's tuples. A child's path may be told from the root or from its parent.
class Mappings {
 public:
  void add(const wire::Mapping& mapping, const Path& from_parent, const std::string& to_parent) {
    if (mapping.dropped.value_or(false)) return;
    Path from = mapping.from_path.value_or(Path{});
    if (!from_parent.empty() && !begins_with(from, from_parent))
      from.insert(from.begin(), from_parent.begin(), from_parent.end());
    const auto to = to_parent + mapping.to_key.value_or(from.empty() ? "" : from.back());
    if (mapping.children && !mapping.children->empty()) {
      for (const auto& child : *mapping.children) add(child, from, to + ".");
      return;
    }
    const auto from_type = mapping.from_type.value_or("string");
    tuples_.push_back(fmt::format("        ({}, {}, {}, {}),\n", python_string(field_path(from)), python_string(from_type),
                                  python_string(to), python_string(mapping.to_type.value_or(from_type))));
  }

  [[nodiscard]] bool empty() const { return tuples_.empty(); }
  [[nodiscard]] std::string text() const {
    std::string text;
    for (const auto& tuple : tuples_) text += tuple;
    return text;
  }

 private:
  std::vector<std::string> tuples_;
};

}  // namespace

void write_node(const Node& node, const wire::ApplyMapping& transform, Writer& writer) {
  Mappings mappings;
  for (const auto& mapping : transform.mapping) mappings.add(mapping, {}, "");
  if (mappings.empty()) writer.wrong(node, "Every field is dropped: keep at least one.");
  writer.statement(node, fmt::format("{0} = ApplyMapping.apply(\n    frame={1},\n    mappings=[\n{2}    ],\n"
                                     "    transformation_ctx=\"{0}\",\n)",
                                     node.variable, writer.input(node), mappings.text()));
}

void write_node(const Node& node, const wire::SelectFields& transform, Writer& writer) {
  write_paths(node, "SelectFields", transform.paths, writer);
}

void write_node(const Node& node, const wire::DropFields& transform, Writer& writer) {
  write_paths(node, "DropFields", transform.paths, writer);
}

void write_node(const Node& node, const wire::RenameField& transform, Writer& writer) {
  writer.statement(node,
                   fmt::format("{0} = RenameField.apply(frame={1}, old_name={2}, new_name={3}, transformation_ctx=\"{0}\")",
                               node.variable, writer.input(node), python_string(field_path(transform.source_path)),
                               python_string(field_path(transform.target_path))));
}

void write_node(const Node& node, const wire::SplitFields& transform, Writer& writer) {
  if (transform.paths.empty()) writer.wrong(node, "Choose at least one field.");
  writer.statement(node, fmt::format("{0} = SplitFields.apply(\n    frame={1},\n    paths={2},\n    name1=\"{0}_chosen\",\n"
                                     "    name2=\"{0}_rest\",\n    transformation_ctx=\"{0}\",\n)",
                                     node.variable, writer.input(node), python_list(field_paths(transform.paths))));
}

void write_node(const Node& node, const wire::DropNullFields& transform, Writer& writer) {
  std::vector<std::string> empty_texts;
  if (const auto& boxes = transform.null_check_box_list) {
    if (boxes->is_empty.value_or(false)) empty_texts.emplace_back();
    if (boxes->is_null_string.value_or(false)) empty_texts.emplace_back("null");
    if (boxes->is_neg_one.value_or(false)) empty_texts.emplace_back("-1");
  }
  for (const auto& each : transform.null_text_list.value_or(std::vector<wire::NullValueField>{})) {
    empty_texts.push_back(each.value);
  }
  writer.use(Helper::drop_null_columns);
  writer.statement(node, fmt::format("{0} = drop_null_columns({1}, {2}, \"{0}\")", node.variable, writer.input(node),
                                     python_list(empty_texts)));
}

}  // namespace mastic::glue::codegen
