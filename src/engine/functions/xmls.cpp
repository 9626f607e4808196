// XML texts by way of JSON, through libxml2.
//   spark_xml_to_json(xml, witness, attribute prefix, value tag)   the JSON text that from_json reads as the witness's type
//   spark_json_to_xml(json, row tag, attribute prefix, value tag)  an element of to_json's text
//   spark_schema_of_xml(xml, attribute prefix, value tag)          the type that the element seems to have
#include "engine/functions/xmls.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>

#include "engine/functions/json_text.h"
#include "engine/functions/kernel.h"

namespace mastic::engine {
namespace {

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, FreeDocument>;

/// What names beside the elements' own mean.
struct Names {
  std::string attribute_prefix;
  std::string value_tag;
};

// No network, no entities from outside: the text is a user's. libxml2 bounds the depth.
Document parse(std::string_view xml) {
  return Document(xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA));
}

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

std::string owned(xmlChar* text) {
  std::string copy(view(text));
  xmlFree(text);
  return copy;
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<xmlNode*> elements_of(const xmlNode* node) {
  std::vector<xmlNode*> elements;
  for (auto* child = node->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) elements.push_back(child);
  return elements;
}

/// The characters between an element's children.
std::string own_text(const xmlNode* node) {
  std::string text;
  for (auto* child = node->children; child != nullptr; child = child->next)
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) text += view(child->content);
  return text;
}

/// What stands between an element's tags: its characters, or markup as it was written.
std::string inner_text(xmlNode* node) {
  if (elements_of(node).empty()) return own_text(node);
  std::string text;
  const std::unique_ptr<xmlBuffer, void (*)(xmlBuffer*)> buffer(xmlBufferCreate(), [](xmlBuffer* b) { xmlBufferFree(b); });
  for (auto* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_COMMENT_NODE) continue;
    xmlBufferEmpty(buffer.get());
    xmlNodeDump(buffer.get(), node->doc, child, 0, 0);
    text += view(xmlBufferContent(buffer.get()));
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> attributes_of(xmlNode* node, const Names& names) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (auto* attribute = node->properties; attribute != nullptr; attribute = attribute->next)
    attributes.emplace_back(names.attribute_prefix + std::string(view(attribute->name)),
                            owned(xmlNodeListGetString(node->doc, attribute->children, 1)));
  return attributes;
}

/// Digits as JSON has them: no sign in front, no zeros in front. Empty: no number.
std::string json_number(std::string_view text) {
  std::string out;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    if (text.front() == '-') out = "-";
    text.remove_prefix(1);
  }
  const auto digits = [&] {
    std::size_t count = 0;
    while (count < text.size() && std::isdigit(static_cast<unsigned char>(text[count])) != 0) ++count;
    const auto taken = text.substr(0, count);
    text.remove_prefix(count);
    return taken;
  };
  auto whole = digits();
  const bool any = !whole.empty();
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  out += whole.empty() ? "0" : whole;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    const auto fraction = digits();
    if (!any && fraction.empty()) return {};
    out += "." + std::string(fraction.empty() ? "0" : fraction);
  } else if (!any) {
    return {};
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    out += 'e';
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
      out += text.front();
      text.remove_prefix(1);
    }
    const auto exponent = digits();
    if (exponent.empty()) return {};
    out += exponent;
  }
  return text.empty() ? out : std::string();
}

void append_scalar(std::string& out, std::string_view text, const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR: append_json_text(out, text); return;
    case LogicalTypeId::BOOLEAN:
      if (const auto word = trimmed(text); word == "true" || word == "false") {
        out += word;
        return;
      }
      break;
    default:
      if (type.IsNumeric()) {
        if (const auto number = json_number(trimmed(text)); !number.empty()) {
          out += number;
          return;
        }
      }
  }
  append_json_text(out, trimmed(text));
}

void append_element(std::string& out, xmlNode* node, const LogicalType& type, const Names& names);

// The elements of one name as one value: an array has them all, anything else the last.
void append_elements(std::string& out, const std::vector<xmlNode*>& nodes, const LogicalType& type, const Names& names) {
  if (type.id() != LogicalTypeId::LIST) {
    append_element(out, nodes.back(), type, names);
    return;
  }
  out += '[';
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) out += ',';
    append_element(out, nodes[i], duckdb::ListType::GetChildType(type), names);
  }
  out += ']';
}

void append_member(std::string& out, std::string_view name) {
  if (out.back() != '{') out += ',';
  append_json_text(out, name);
  out += ':';
}

void append_structure(std::string& out, xmlNode* node, const LogicalType& type, const Names& names) {
  const auto attributes = attributes_of(node, names);
  const auto elements = elements_of(node);
  out += '{';
  for (const auto& [name, field] : duckdb::StructType::GetChildTypes(type)) {
    std::vector<xmlNode*> same;
    for (auto* element : elements)
      if (view(element->name) == name) same.push_back(element);
    const auto attribute = std::ranges::find(attributes, name, [](const auto& one) { return one.first; });
    if (!same.empty()) {
      append_member(out, name);
      append_elements(out, same, field, names);
    } else if (attribute != attributes.end()) {
      append_member(out, name);
      append_scalar(out, attribute->second, field);
    } else if (const auto text = own_text(node); name == names.value_tag && !trimmed(text).empty()) {
      append_member(out, name);
      append_scalar(out, trimmed(text), field);
    }
  }
  out += '}';
}

void append_map(std::string& out, xmlNode* node, const LogicalType& type, const Names& names) {
  const auto& value = duckdb::MapType::ValueType(type);
  out += '{';
  for (const auto& [name, text] : attributes_of(node, names)) {
    append_member(out, name);
    append_scalar(out, text, value);
  }
  for (auto* element : elements_of(node)) {
    append_member(out, view(element->name));
    append_element(out, element, value, names);
  }
  out += '}';
}

void append_element(std::string& out, xmlNode* node, const LogicalType& type, const Names& names) {
  switch (type.id()) {
    case LogicalTypeId::STRUCT: append_structure(out, node, type, names); return;
    case LogicalTypeId::MAP: append_map(out, node, type, names); return;
    case LogicalTypeId::LIST: append_elements(out, {node}, type, names); return;
    case LogicalTypeId::VARCHAR: append_scalar(out, inner_text(node), type); return;
    default: append_scalar(out, own_text(node), type);
  }
}

BindResult bind_to_json(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  Names names;
  names.value_tag = take_constant(context, function, arguments, 3).ToString();
  names.attribute_prefix = take_constant(context, function, arguments, 2).ToString();
  const auto type = take_witness(function, arguments, 1);
  function.function = [names, type](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
      const auto document = parse(mastic::engine::view(text));
      auto* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
      if (root == nullptr) return add_string(result, "{");  // malformed as JSON too
      std::string out;
      append_element(out, root, type, names);
      return add_string(result, out);
    });
  };
  return nullptr;
}

// --- writing ---------------------------------------------------------------------------------------------------------

void append_escaped(std::string& out, std::string_view text, bool attribute) {
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>' && !attribute)
      out += "&gt;";
    else if (c == '"' && attribute)
      out += "&quot;";
    else
      out += c;
  }
}

std::string scalar_text(const Json& value) {
  if (value.kind == Json::Kind::boolean) return value.truth ? "true" : "false";
  return value.text;
}

void write_element(std::string& out, std::string_view name, const Json& value, int depth, const Names& names) {
  if (value.kind == Json::Kind::null) return;
  if (value.kind == Json::Kind::array) {
    for (const auto& item : value.items) write_element(out, item.kind == Json::Kind::array ? "item" : name, item, depth, names);
    return;
  }
  const std::string indent(static_cast<std::size_t>(depth) * 4, ' ');
  if (!out.empty()) out += '\n';
  out += indent + "<" + std::string(name);
  if (value.kind != Json::Kind::object) {
    out += '>';
    append_escaped(out, scalar_text(value), false);
    out += "</" + std::string(name) + ">";
    return;
  }
  const auto is_attribute = [&](const auto& member) {
    return member.first != names.value_tag && !names.attribute_prefix.empty() &&
           member.first.starts_with(names.attribute_prefix) && member.second.kind != Json::Kind::object &&
           member.second.kind != Json::Kind::array;
  };
  for (const auto& member : value.members) {
    if (!is_attribute(member) || member.second.kind == Json::Kind::null) continue;
    out += " " + member.first.substr(names.attribute_prefix.size()) + "=\"";
    append_escaped(out, scalar_text(member.second), true);
    out += '"';
  }
  out += '>';
  bool elements = false;
  for (const auto& member : value.members) {
    if (is_attribute(member)) continue;
    if (member.first == names.value_tag) {
      append_escaped(out, scalar_text(member.second), false);
      continue;
    }
    const auto before = out.size();
    write_element(out, member.first, member.second, depth + 1, names);
    elements |= out.size() > before;
  }
  if (elements) out += "\n" + indent;
  out += "</" + std::string(name) + ">";
}

BindResult bind_to_xml(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  Names names;
  names.value_tag = take_constant(context, function, arguments, 3).ToString();
  names.attribute_prefix = take_constant(context, function, arguments, 2).ToString();
  const auto row_tag = take_constant(context, function, arguments, 1).ToString();
  function.function = [names, row_tag](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
      const auto value = read_json(mastic::engine::view(text));
      std::string out;
      if (value) write_element(out, row_tag, *value, 0, names);
      return add_string(result, out);
    });
  };
  return nullptr;
}

// --- inferring -------------------------------------------------------------------------------------------------------

struct Shape {
  std::string scalar;  // BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP, STRING; empty: nothing seen
  std::map<std::string, Shape> fields;
  bool repeats = false;
};

std::string scalar_of(std::string_view text) {
  if (text.empty()) return {};
  const auto digits_at = [&](std::initializer_list<std::pair<std::size_t, std::size_t>> ranges) {
    for (const auto& [from, count] : ranges)
      for (std::size_t i = from; i < from + count; ++i)
        if (i >= text.size() || std::isdigit(static_cast<unsigned char>(text[i])) == 0) return false;
    return true;
  };
  if (text == "true" || text == "false") return "BOOLEAN";
  if (const auto number = json_number(text); !number.empty()) {
    const bool whole = number.find_first_of(".e") == std::string::npos;
    return whole && number.size() < 19 ? "BIGINT" : "DOUBLE";
  }
  const bool date = text.size() >= 10 && digits_at({{0, 4}, {5, 2}, {8, 2}}) && text[4] == '-' && text[7] == '-';
  if (date && text.size() == 10) return "DATE";
  if (date && text.size() >= 19 && (text[10] == 'T' || text[10] == ' ') && digits_at({{11, 2}, {14, 2}, {17, 2}}))
    return "TIMESTAMP";
  return "STRING";
}

std::string wider(const std::string& left, const std::string& right) {
  if (left.empty() || left == right) return right.empty() ? left : right;
  if (right.empty()) return left;
  const auto either = [&](std::string_view a, std::string_view b) {
    return (left == a && right == b) || (left == b && right == a);
  };
  if (either("BIGINT", "DOUBLE")) return "DOUBLE";
  if (either("DATE", "TIMESTAMP")) return "TIMESTAMP";
  return "STRING";
}

void merge(Shape& into, Shape other, const Names& names) {
  // A scalar beside a structure is the structure's value.
  for (auto* side : {&into, &other}) {
    const auto& beside = side == &into ? other : into;
    if (side->fields.empty() && !beside.fields.empty() && !side->scalar.empty()) {
      side->fields[names.value_tag].scalar = side->scalar;
      side->scalar.clear();
    }
  }
  into.scalar = wider(into.scalar, other.scalar);
  into.repeats |= other.repeats;
  for (auto& [name, field] : other.fields) {
    const auto known = into.fields.find(name);
    if (known == into.fields.end())
      into.fields.emplace(name, std::move(field));
    else
      merge(known->second, std::move(field), names);
  }
}

Shape shape_of(xmlNode* node, const Names& names) {
  Shape shape;
  const auto attributes = attributes_of(node, names);
  const auto elements = elements_of(node);
  const auto text = own_text(node);
  const auto value = trimmed(text);
  if (attributes.empty() && elements.empty()) {
    shape.scalar = scalar_of(value);
    return shape;
  }
  for (const auto& [name, content] : attributes) shape.fields[name].scalar = scalar_of(trimmed(content));
  for (auto* element : elements) {
    const std::string name(view(element->name));
    auto inner = shape_of(element, names);
    const auto known = shape.fields.find(name);
    if (known == shape.fields.end()) {
      shape.fields.emplace(name, std::move(inner));
    } else {
      merge(known->second, std::move(inner), names);
      known->second.repeats = true;
    }
  }
  if (!value.empty()) shape.fields[names.value_tag].scalar = scalar_of(value);
  return shape;
}

std::string shape_text(const Shape& shape) {
  std::string text;
  if (shape.fields.empty()) {
    text = shape.scalar.empty() ? "STRING" : shape.scalar;
  } else {
    for (const auto& [name, field] : shape.fields) text += (text.empty() ? "STRUCT<" : ", ") + name + ": " + shape_text(field);
    text += ">";
  }
  return shape.repeats ? "ARRAY<" + text + ">" : text;
}

BindResult bind_schema(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  Names names;
  names.value_tag = take_constant(context, function, arguments, 2).ToString();
  names.attribute_prefix = take_constant(context, function, arguments, 1).ToString();
  function.function = [names](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
      const auto document = parse(mastic::engine::view(text));
      auto* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
      return add_string(result, root == nullptr ? "STRUCT<>" : shape_text(shape_of(root, names)));
    });
  };
  return nullptr;
}

}  // namespace

void register_xml_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  loader.RegisterFunction(kernel("spark_xml_to_json", {text, LogicalType::ANY, text, text}, text, nullptr, bind_to_json));
  loader.RegisterFunction(kernel("spark_json_to_xml", {text, text, text, text}, text, nullptr, bind_to_xml));
  loader.RegisterFunction(kernel("spark_schema_of_xml", {text, text, text}, text, nullptr, bind_schema));
}

}  // namespace mastic::engine
