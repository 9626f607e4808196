#include "spark/analyze/python/pushed_filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/functions/variant.h"
#include "spark/analyze/rewrite.h"

namespace mastic::spark {
namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) out += at + i <= bytes.size() ? letters[group >> (18 - 6 * i) & 63U] : '=';
  }
  return out;
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Digits with a point, as Literal has them: "-12.30".
bool write_decimal(engine::VariantBuilder& out, const std::string& text, int precision) {
  engine::int128 unscaled = 0;
  int scale = 0;
  bool fraction = false;
  for (const char c : text) {
    if (c == '.') fraction = true;
    if (c < '0' || c > '9') continue;
    unscaled = unscaled * 10 + (c - '0');
    scale += fraction ? 1 : 0;
  }
  out.decimal(text.starts_with('-') ? -unscaled : unscaled, scale, std::max(precision, 1));
  return true;
}

bool write_constant(engine::VariantBuilder& out, const Expression& constant) {
  if (const auto* call = std::get_if<Call>(&constant.node); call != nullptr && call->function == "array") {
    const auto start = out.position();
    std::vector<std::size_t> offsets;
    for (const auto& element : call->arguments) {
      offsets.push_back(out.position() - start);
      if (!write_constant(out, *element)) return false;
    }
    out.end_array(start, offsets);
    return true;
  }
  if (const auto* call = std::get_if<Call>(&constant.node); call != nullptr && call->function == "named_struct") {
    const auto start = out.position();
    std::vector<engine::VariantBuilder::Field> fields;
    for (std::size_t i = 0; i + 1 < call->arguments.size(); i += 2) {
      const auto* name = std::get_if<Literal>(&call->arguments[i]->node);
      const auto* text = name != nullptr ? std::get_if<std::string>(&name->value) : nullptr;
      if (text == nullptr) return false;
      fields.push_back({out.key(*text), out.position() - start});
      if (!write_constant(out, *call->arguments[i + 1])) return false;
    }
    return out.end_object(start, std::move(fields));
  }
  const auto* literal = std::get_if<Literal>(&constant.node);
  if (literal == nullptr) return false;
  const auto& type = constant.type;
  if (std::holds_alternative<std::monostate>(literal->value)) {
    out.null();
  } else if (const auto* truth = std::get_if<bool>(&literal->value)) {
    out.boolean(*truth);
  } else if (const auto* number = std::get_if<int64_t>(&literal->value)) {
    if (type.is(TypeKind::date)) {
      out.date(static_cast<int32_t>(*number));
    } else if (type.is(TypeKind::timestamp) || type.is(TypeKind::timestamp_ntz)) {
      out.timestamp(*number, type.is(TypeKind::timestamp));
    } else if (type.is_integral()) {
      out.integer(*number);
    } else {
      return false;
    }
  } else if (const auto* real = std::get_if<double>(&literal->value)) {
    out.real(*real);
  } else if (const auto* text = std::get_if<std::string>(&literal->value)) {
    if (type.is(TypeKind::decimal)) return write_decimal(out, *text, type.precision);
    if (type.is(TypeKind::binary)) {
      out.binary(*text);
    } else {
      out.text(*text);
    }
  } else {
    return false;
  }
  return true;
}

/// x, x.y.z
bool add_path(const Relation& source, const ExpressionPtr& expression, std::vector<std::string>& path) {
  if (const auto* column = std::get_if<ColumnReference>(&expression->node)) {
    const auto found = std::ranges::find(source.output, column->id, &Attribute::id);
    if (found == source.output.end()) return false;
    path.push_back(found->name);
    return true;
  }
  const auto* field = std::get_if<FieldAccess>(&expression->node);
  if (field == nullptr || !field->child->type.is(TypeKind::struct_) || !add_path(source, field->child, path)) return false;
  path.push_back(field->child->type.fields.at(static_cast<std::size_t>(field->field)).name);
  return true;
}

struct Comparison {
  std::string_view function;
  std::string_view filter;
  std::string_view turned;  // with the sides exchanged; empty: they cannot be
};
constexpr Comparison comparisons[] = {
    {"=", "EqualTo", "EqualTo"},
    {"<=>", "EqualNullSafe", "EqualNullSafe"},
    {"<", "LessThan", "GreaterThan"},
    {"<=", "LessThanOrEqual", "GreaterThanOrEqual"},
    {">", "GreaterThan", "LessThan"},
    {">=", "GreaterThanOrEqual", "LessThanOrEqual"},
    {"startswith", "StringStartsWith", ""},
    {"endswith", "StringEndsWith", ""},
    {"contains", "StringContains", ""},
};

class Translation {
 public:
  Translation(AnalyzerState& state, const Relation& source) : state_(state), source_(source) {}

  /// The filters that the condition is, or nothing.
  SparkResult<std::vector<PushedFilter>> translate(const ExpressionPtr& condition, bool negated) {
    const auto* call = std::get_if<Call>(&condition->node);
    if (call == nullptr) {
      if (!condition->type.is(TypeKind::boolean)) return std::vector<PushedFilter>{};
      return with_constant("EqualTo", condition, make_expression(types::boolean(), false, Literal{true}), condition, negated);
    }
    const auto& arguments = call->arguments;
    if (call->function == "not" && !negated) return translate(arguments.at(0), true);
    if (call->function == "isnull" || call->function == "isnotnull")
      return one(call->function == "isnull" ? "IsNull" : "IsNotNull", arguments.at(0), {}, condition, negated);
    for (const auto& row : comparisons) {
      if (call->function != row.function || arguments.size() != 2) continue;
      if (is_foldable(arguments[1])) return with_constant(row.filter, arguments[0], arguments[1], condition, negated);
      if (!row.turned.empty() && is_foldable(arguments[0]))
        return with_constant(row.turned, arguments[1], arguments[0], condition, negated);
    }
    if (call->function == "in" && std::all_of(arguments.begin() + 1, arguments.end(), is_foldable)) {
      const std::vector<ExpressionPtr> list(arguments.begin() + 1, arguments.end());
      auto all = make_expression(types::array(arguments[0]->type, true), false, Call{.function = "array", .arguments = list});
      return with_constant("In", arguments[0], all, condition, negated);
    }
    if (call->function == "like" && arguments.size() == 2 && !negated) return like(arguments[0], arguments[1], condition);
    return std::vector<PushedFilter>{};
  }

  /// The columns that the filters so far name, which hence are not NULL.
  SparkResult<std::vector<PushedFilter>> known() {
    std::vector<PushedFilter> filters;
    for (const auto& column : columns_) {
      TRY(condition, call_function(state_, "isnotnull", {column}));
      TRY(filter, one("IsNotNull", column, {}, condition, false));
      for (auto& each : filter) filters.push_back(std::move(each));
    }
    return filters;
  }

 private:
  SparkResult<std::vector<PushedFilter>> one(std::string_view name, const ExpressionPtr& column, const std::string& value,
                                             const ExpressionPtr& condition, bool negated) {
    std::vector<std::string> path;
    if (!add_path(source_, column, path)) return std::vector<PushedFilter>{};
    std::string parts;
    for (const auto& part : path) parts += (parts.empty() ? "" : ",") + json_text(part);
    auto meaning = condition;
    if (negated) {
      TRY(turned, call_function(state_, "not", {condition}));
      meaning = turned;
    }
    return std::vector<PushedFilter>{
        {fmt::format(R"({{"name":"{}","columnPath":[{}],{}"isNegated":{}}})", name, parts, value, negated), meaning}};
  }

  SparkResult<std::vector<PushedFilter>> with_constant(std::string_view name, const ExpressionPtr& column,
                                                       const ExpressionPtr& constant, const ExpressionPtr& condition,
                                                       bool negated) {
    std::vector<std::string> path;
    if (!add_path(source_, column, path)) return std::vector<PushedFilter>{};
    auto value = constant;
    engine::VariantBuilder builder;
    if (!write_constant(builder, *value)) {
      // An expression: its value is computed.
      const auto id = state_.next_id();
      std::vector<Attribute> output{{id, "value", value->type, true, {}, {}}};
      auto plan = make_relation(std::move(output), Project{make_relation({}, OneRow{}), {{id, "value", value, {}}}});
      const auto rows = state_.context.collect(plan, 1);
      builder = {};
      if (!rows || rows->empty() || !write_constant(builder, *(*rows)[0].at(0))) return std::vector<PushedFilter>{};
    }
    const auto variant = std::move(builder).finish();
    auto filters =
        one(name, column,
            fmt::format(R"("value":{{"value":"{}","metadata":"{}"}},)", base64(variant.value), base64(variant.metadata)),
            condition, negated);
    if (filters && !filters->empty() && name != "EqualNullSafe") name_column(column);
    return filters;
  }

  /// `a%`, `%a`, `%a%`, `a%b`: what Spark makes of such patterns.
  SparkResult<std::vector<PushedFilter>> like(const ExpressionPtr& column, const ExpressionPtr& pattern,
                                              const ExpressionPtr& condition) {
    const auto* literal = std::get_if<Literal>(&pattern->node);
    const auto* text = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
    if (text == nullptr || text->find_first_of("_\\") != std::string::npos) return std::vector<PushedFilter>{};
    const auto constant = [&](std::string part) { return string_constant(std::move(part)); };
    const auto signs = std::ranges::count(*text, '%');
    const auto first = text->find('%');
    if (signs == 0) return with_constant("EqualTo", column, pattern, condition, false);
    if (signs == 2 && text->size() > 2 && text->front() == '%' && text->back() == '%')
      return with_constant("StringContains", column, constant(text->substr(1, text->size() - 2)), condition, false);
    if (signs != 1 || text->size() < 2) return std::vector<PushedFilter>{};
    std::vector<PushedFilter> filters;
    if (first > 0) {
      TRY(begins, with_constant("StringStartsWith", column, constant(text->substr(0, first)), condition, false));
      filters = begins;
    }
    if (first + 1 < text->size()) {
      TRY(ends, with_constant("StringEndsWith", column, constant(text->substr(first + 1)), condition, false));
      for (const auto& each : ends) filters.push_back(each);
    }
    return filters;
  }

  void name_column(const ExpressionPtr& column) {
    const bool known = std::ranges::any_of(columns_, [&](const auto& other) { return same_expression(other, column); });
    if (!known) columns_.push_back(column);
  }

  AnalyzerState& state_;
  const Relation& source_;
  std::vector<ExpressionPtr> columns_;
};

void split(const ExpressionPtr& condition, std::vector<ExpressionPtr>& parts) {
  const auto* call = std::get_if<Call>(&condition->node);
  if (call == nullptr || call->function != "and") {
    parts.push_back(condition);
    return;
  }
  for (const auto& part : call->arguments) split(part, parts);
}

}  // namespace

SparkResult<std::vector<PushedFilter>> filters_for(AnalyzerState& state, const Relation& source,
                                                   const std::vector<ExpressionPtr>& conditions,
                                                   std::vector<ExpressionPtr>& rest) {
  std::vector<ExpressionPtr> parts;
  for (const auto& condition : conditions) split(condition, parts);
  Translation translation(state, source);
  std::vector<PushedFilter> filters;
  for (const auto& part : parts) {
    TRY(translated, translation.translate(part, false));
    if (translated.empty()) rest.push_back(part);
    for (auto& each : translated) filters.push_back(std::move(each));
  }
  TRY(known, translation.known());
  filters.insert(filters.begin(), known.begin(), known.end());
  return filters;
}

}  // namespace mastic::spark
