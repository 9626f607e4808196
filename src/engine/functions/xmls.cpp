// XML's elements out of JSON texts.
//   spark_json_to_xml(json, options, depth)   an element of to_json's text, named by rowTag, indented by `depth` steps
#include "engine/functions/xmls.h"

#include "engine/functions/json_text.h"
#include "engine/functions/kernel.h"
#include "engine/sources/named_options.h"

namespace mastic::engine {
namespace {

/// What names beside the elements' own mean, and what NULL is written as; nullopt: not at all.
struct Writing {
  explicit Writing(const NamedOptions& options)
      : row_tag(option_or(options, "rowtag", "ROW")),
        attribute_prefix(option_or(options, "attributeprefix", "_")),
        value_tag(option_or(options, "valuetag", "_VALUE")),
        array_element(option_or(options, "arrayelementname", "item")) {
    if (const auto found = options.find("nullvalue"); found != options.end()) null_value = found->second;
  }
  std::string row_tag;
  std::string attribute_prefix;
  std::string value_tag;
  std::string array_element;
  std::optional<std::string> null_value;
};

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

std::string scalar_text(const Json& value, const Writing& names) {
  if (value.kind == Json::Kind::null) return names.null_value.value_or("");
  if (value.kind == Json::Kind::boolean) return value.truth ? "true" : "false";
  return value.text;
}

void write_element(std::string& out, std::string_view name, const Json& value, int depth, const Writing& names) {
  if (value.kind == Json::Kind::null && !names.null_value) return;
  if (value.kind == Json::Kind::array) {
    for (const auto& item : value.items)
      write_element(out, item.kind == Json::Kind::array ? std::string_view(names.array_element) : name, item, depth, names);
    return;
  }
  const std::string indent(static_cast<std::size_t>(depth) * 4, ' ');
  if (!out.empty()) out += '\n';
  out += indent + "<" + std::string(name);
  if (value.kind != Json::Kind::object) {
    out += '>';
    append_escaped(out, scalar_text(value, names), false);
    out += "</" + std::string(name) + ">";
    return;
  }
  const auto is_attribute = [&](const auto& member) {
    return member.first != names.value_tag && !names.attribute_prefix.empty() &&
           member.first.starts_with(names.attribute_prefix) && member.second.kind != Json::Kind::object &&
           member.second.kind != Json::Kind::array;
  };
  for (const auto& member : value.members) {
    if (!is_attribute(member) || (member.second.kind == Json::Kind::null && !names.null_value)) continue;
    out += " " + member.first.substr(names.attribute_prefix.size()) + "=\"";
    append_escaped(out, scalar_text(member.second, names), true);
    out += '"';
  }
  out += '>';
  bool elements = false;
  for (const auto& member : value.members) {
    if (is_attribute(member)) continue;
    if (member.first == names.value_tag) {
      append_escaped(out, scalar_text(member.second, names), false);
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
  const int depth = take_constant(context, function, arguments, 2).GetValue<int32_t>();
  const Writing names(parse_named_options(take_constant(context, function, arguments, 1).ToString()));
  function.function = [names, depth](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<string_t, string_t>(input.data[0], result, input.size(), [&](string_t text) {
      const auto value = read_json(mastic::engine::view(text));
      std::string out;
      if (value) write_element(out, names.row_tag, *value, depth, names);
      return add_string(result, out);
    });
  };
  return nullptr;
}

}  // namespace

void register_xml_functions(duckdb::ExtensionLoader& loader) {
  const auto text = LogicalType::VARCHAR;
  loader.RegisterFunction(kernel("spark_json_to_xml", {text, text, LogicalType::INTEGER}, text, nullptr, bind_to_xml));
}

}  // namespace mastic::engine
