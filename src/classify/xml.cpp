// XML: rows are the elements of one name. Attributes are columns with `_` before their name, as Spark's reader has them;
// text beside them is `_VALUE`; a child that comes twice is an array.
#include <algorithm>
#include <map>

#include "classify/formats.h"
#include "classify/xml_tree.h"

namespace mastic::classify {
namespace {

Type type_of_element(const XmlElement& element, int depth) {
  if (element.attributes.empty() && element.children.empty()) return type_of_text(element.text);
  if (depth > type_depth_max) return {Kind::string};
  Type type{Kind::struct_};
  for (const auto& [name, value] : element.attributes) type.fields.push_back({"_" + std::string(name), type_of_text(value)});
  std::map<std::string_view, std::size_t> places;
  std::map<std::string_view, std::size_t> counts;
  for (const auto& child : element.children) ++counts[child.name];
  for (const auto& child : element.children) {
    auto inner = type_of_element(child, depth + 1);
    const auto [place, fresh] = places.emplace(child.name, type.fields.size());
    if (fresh) {
      type.fields.push_back({std::string(child.name), counts[child.name] > 1 ? array_of(std::move(inner)) : std::move(inner)});
    } else {
      auto& known = type.fields[place->second].type;
      known = merge(known, array_of(std::move(inner)));
    }
  }
  if (!element.text.empty()) type.fields.push_back({"_VALUE", type_of_text(element.text)});
  return type;
}

/// A field that repeats in one row and not in another is an array in both.
void merge_row(Schema& into, Schema row) {
  for (auto& field : row) {
    const auto known = std::ranges::find(into, field.name, &Field::name);
    if (known == into.end()) continue;
    if (known->type.kind == Kind::array && field.type.kind != Kind::array) field.type = array_of(field.type);
    if (field.type.kind == Kind::array && known->type.kind != Kind::array) known->type = array_of(known->type);
  }
  merge_into(into, row);
}

void collect(const XmlElement& element, std::string_view tag, std::vector<const XmlElement*>& rows) {
  if (element.name == tag) {
    if (element.whole) rows.push_back(&element);
    return;
  }
  for (const auto& child : element.children) collect(child, tag, rows);
}

std::string repeated_tag(const XmlElement& root) {
  std::map<std::string_view, std::size_t> counts;
  for (const auto& child : root.children) ++counts[child.name];
  const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return most == counts.end() ? std::string(root.name) : std::string(most->first);
}

}  // namespace

Recognised recognise_xml(const Text& text, std::string_view row_tag, std::string_view classification) {
  const auto begin = text.bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (begin == std::string::npos || text.bytes[begin] != '<') return std::nullopt;
  const auto root = parse_xml(text.bytes);
  if (!root || (text.complete && !root->whole)) return std::nullopt;
  const auto tag = row_tag.empty() ? repeated_tag(*root) : std::string(row_tag);
  std::vector<const XmlElement*> rows;
  collect(*root, tag, rows);
  if (rows.empty()) return std::nullopt;

  Inspection found;
  found.classification = classification;
  for (const auto* row : rows) {
    auto type = type_of_element(*row, 0);
    if (type.kind != Kind::struct_) {
      Schema only;
      only.push_back({"_VALUE", std::move(type)});
      type = {Kind::struct_, 0, 0, std::move(only)};
    }
    make_names_plain(type.fields);
    merge_row(found.columns, std::move(type.fields));
    if (found.columns.size() > columns_max) return fail(unreadable("xml: it has too many columns"));
  }
  found.records = estimate(rows.size(), text.share_read);
  // Glue names no classes of Hive for XML: jobs read it by its row tag.
  found.table_parameters["rowTag"] = tag;
  found.serde_parameters["rowTag"] = tag;
  return found;
}

}  // namespace mastic::classify
