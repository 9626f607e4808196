#include "engine/functions/xml_shape.h"

#include <libxml/tree.h>

#include <algorithm>
#include <cctype>

#include "engine/functions/number_text.h"

namespace mastic::engine::xml {
namespace {

bool same_name(const std::string& left, const std::string& right) { return duckdb::StringUtil::CIEquals(left, right); }

/// The digits before and after a DECIMAL's point.
std::pair<int, int> digits_of(const std::string& decimal) {
  int precision = 0;
  int scale = 0;
  std::sscanf(decimal.c_str(), "DECIMAL(%d,%d)", &precision, &scale);
  return {precision - scale, scale};
}
std::string decimal_of(int whole, int scale) {
  return whole + scale > 38 ? "DOUBLE"
                            : "DECIMAL(" + std::to_string(std::max(1, whole + scale)) + "," + std::to_string(scale) + ")";
}

std::string wider(const std::string& left, const std::string& right) {
  if (left.empty() || left == right) return right.empty() ? left : right;
  if (right.empty()) return left;
  const auto either = [&](std::string_view a, std::string_view b) {
    return (left == a && right == b) || (left == b && right == a);
  };
  const bool left_decimal = left.starts_with("DECIMAL");
  const bool right_decimal = right.starts_with("DECIMAL");
  if (left_decimal && right_decimal) {
    const auto [whole, scale] = digits_of(left);
    const auto [other_whole, other_scale] = digits_of(right);
    return decimal_of(std::max(whole, other_whole), std::max(scale, other_scale));
  }
  if (left_decimal || right_decimal) {
    const auto& other = left_decimal ? right : left;
    if (other == "DOUBLE") return "DOUBLE";
    if (other != "BIGINT") return "STRING";
    const auto [whole, scale] = digits_of(left_decimal ? left : right);
    return decimal_of(std::max(whole, 20), scale);
  }
  if (either("BIGINT", "DOUBLE")) return "DOUBLE";
  if (either("DATE", "TIMESTAMP")) return "TIMESTAMP";
  return "STRING";
}

bool digits_at(std::string_view text, std::initializer_list<std::pair<std::size_t, std::size_t>> ranges) {
  for (const auto& [from, count] : ranges)
    for (std::size_t i = from; i < from + count; ++i)
      if (i >= text.size() || std::isdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  return true;
}

}  // namespace

Inference::Inference(const NamedOptions& options)
    : reading_(options),
      temporal_(options, TimeZone::find("UTC")),
      infers_(!duckdb::StringUtil::CIEquals(option_or(options, "inferschema", "true"), "false")),
      prefers_decimal_(duckdb::StringUtil::CIEquals(option_or(options, "prefersdecimal", "false"), "true")),
      date_pattern_(!option_or(options, "dateformat", "").empty()),
      time_pattern_(!option_or(options, "timestampformat", "").empty()) {}

std::string Inference::scalar_of(std::string_view written) const {
  const auto value = reading_.value(written);
  if (!value || value->empty()) return {};
  if (!infers_) return "STRING";
  const std::string text(*value);
  if (const auto number = number_text(text); !number.empty()) {
    const bool whole = number.find_first_of(".e") == std::string::npos;
    if (whole && parse_integer(number, false)) return "BIGINT";
    if (prefers_decimal_ && number.find('e') == std::string::npos) {
      const auto point = number.find('.');
      const auto scale = point == std::string::npos ? 0 : static_cast<int>(number.size() - point - 1);
      const auto before = (point == std::string::npos ? number : number.substr(0, point));
      const auto digits = static_cast<int>(std::ranges::count_if(before, [](unsigned char c) { return std::isdigit(c) != 0; }));
      return decimal_of(before == "0" || before == "-0" ? 0 : digits, scale);
    }
    return "DOUBLE";
  }
  if (duckdb::StringUtil::CIEquals(text, "true") || duckdb::StringUtil::CIEquals(text, "false")) return "BOOLEAN";
  const bool date = text.size() >= 10 && digits_at(text, {{0, 4}, {5, 2}, {8, 2}}) && text[4] == '-' && text[7] == '-';
  if ((date_pattern_ || (date && text.size() == 10)) && temporal_.date(text)) return "DATE";
  const bool clock = date && text.size() >= 16 && (text[10] == 'T' || text[10] == ' ');
  if ((time_pattern_ || clock) && temporal_.timestamp(text, true)) return "TIMESTAMP";
  return "STRING";
}

void Inference::merge(Shape& into, Shape other) const {
  // A scalar beside a structure is the structure's value.
  for (auto* side : {&into, &other}) {
    const auto& beside = side == &into ? other : into;
    if (side->fields.empty() && !beside.fields.empty() && !side->scalar.empty()) {
      side->fields[reading_.value_tag].scalar = side->scalar;
      side->scalar.clear();
    }
  }
  into.scalar = wider(into.scalar, other.scalar);
  into.repeats |= other.repeats;
  for (auto& [name, field] : other.fields) {
    const auto known = std::ranges::find_if(into.fields, [&](const auto& one) { return same_name(one.first, name); });
    if (known == into.fields.end())
      into.fields.emplace(name, std::move(field));
    else
      merge(known->second, std::move(field));
  }
}

void Inference::add_field(Shape& shape, const std::string& name, Shape inner) const {
  const auto known = std::ranges::find_if(shape.fields, [&](const auto& one) { return same_name(one.first, name); });
  if (known == shape.fields.end()) {
    shape.fields.emplace(name, std::move(inner));
    return;
  }
  merge(known->second, std::move(inner));
  known->second.repeats = true;
}

Shape Inference::shape_of(Node* node) const {
  Shape shape;
  const auto attributes = attributes_of(node, reading_);
  const auto elements = elements_of(node);
  if (attributes.empty() && elements.empty()) {
    const auto text = own_text(node);
    // Blanks alone are a text; nothing at all is nothing.
    const bool blank = !text.empty() && without_blanks(text).empty();
    shape.scalar = blank && reading_.null_value != "" ? "STRING" : scalar_of(text);
    return shape;
  }
  for (const auto& [name, content] : attributes) shape.fields[name].scalar = scalar_of(content);
  for (auto* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) {
      add_field(shape, name_of(child, reading_), shape_of(child));
    } else if (is_text(child) && !without_blanks(view(child->content)).empty()) {
      Shape text;
      text.scalar = scalar_of(view(child->content));
      add_field(shape, reading_.value_tag, std::move(text));
    }
  }
  return shape;
}

std::string Shape::ddl() const {
  std::string text;
  if (fields.empty()) {
    text = scalar.empty() ? "STRING" : scalar;
  } else {
    for (const auto& [name, field] : fields) {
      const bool plain = std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
      text += (text.empty() ? "STRUCT<" : ", ") + (plain ? name : "`" + name + "`") + ": " + field.ddl();
    }
    text += ">";
  }
  return repeats ? "ARRAY<" + text + ">" : text;
}

}  // namespace mastic::engine::xml
