#include "glue/crawler/inferred_type.h"

#include <charconv>
#include <vector>

namespace mastic::glue::crawler {
namespace {

using dynamodb::Type;
namespace codec = dynamodb::codec;

/// Stored numbers are plain decimal text, so a whole number has no point.
bool is_whole_int64(std::string_view text) {
  int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size();
}

/// In Hive's type text a field name must not be mistaken for punctuation.
bool is_plain_name(std::string_view name) { return name.find_first_of(":,<>`") == std::string_view::npos && !name.empty(); }

}  // namespace

struct InferredType::Fields {
  std::map<std::string, InferredType, std::less<>> types;
  InferredType& type_of(std::string_view name) {
    if (const auto known = types.find(name); known != types.end()) return known->second;
    return types.emplace(std::string(name), InferredType()).first->second;
  }
};

InferredType::InferredType() = default;
InferredType::InferredType(InferredType&&) noexcept = default;
InferredType& InferredType::operator=(InferredType&&) noexcept = default;
InferredType::~InferredType() = default;

InferredType& InferredType::element() {
  if (!element_) element_ = std::make_unique<InferredType>();
  return *element_;
}

void InferredType::observe_scalar(Type type, std::string_view text) {
  switch (type) {
    case Type::string: string_ = true; break;
    case Type::binary: binary_ = true; break;
    case Type::number:
      // Once real, every number is; before that each must be looked at.
      if (!real_) (is_whole_int64(text) ? integer_ : real_) = true;
      break;
    default: break;
  }
}

void InferredType::observe(const codec::EncodedValue& value) {
  switch (value.type) {
    case Type::null: return;
    case Type::boolean: boolean_ = true; return;
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set: {
      const auto member_type = value.type == Type::string_set   ? Type::string
                               : value.type == Type::number_set ? Type::number
                                                                : Type::binary;
      codec::Reader members(value.text);
      for (uint64_t i = 0; i < value.count && !members.failed(); ++i) element().observe_scalar(member_type, members.bytes());
      return;
    }
    case Type::list: {
      codec::Reader members(value.text);
      element();  // an empty list is an array all the same
      for (uint64_t i = 0; i < value.count && !members.failed(); ++i) element().observe(members.value());
      return;
    }
    case Type::map: {
      if (!fields_) fields_ = std::make_unique<Fields>();
      for (codec::ItemReader attributes(value); attributes.next();) {
        fields_->type_of(attributes.name()).observe(attributes.value());
      }
      return;
    }
    default: observe_scalar(value.type, value.text); return;
  }
}

std::string InferredType::text() const {
  std::vector<std::string> alternatives;
  if (string_) alternatives.emplace_back("string");
  if (real_) {
    alternatives.emplace_back("double");
  } else if (integer_) {
    alternatives.emplace_back("bigint");
  }
  if (binary_) alternatives.emplace_back("binary");
  if (boolean_) alternatives.emplace_back("boolean");
  if (element_) alternatives.push_back("array<" + element_->text() + ">");
  if (fields_) {
    std::string fields;
    for (const auto& [name, type] : fields_->types) {
      if (!fields.empty()) fields += ',';
      fields += is_plain_name(name) ? name : "`" + name + "`";
      fields += ':' + type.text();
    }
    alternatives.push_back("struct<" + fields + ">");
  }
  if (alternatives.empty()) return "string";
  if (alternatives.size() == 1) return alternatives[0];
  std::string all;
  for (const auto& alternative : alternatives) all += (all.empty() ? "" : ",") + alternative;
  return "uniontype<" + all + ">";
}

bool InferredSchema::observe(std::string_view encoded_item) {
  codec::ItemReader attributes(encoded_item);
  while (attributes.next()) {
    auto column = columns_.find(attributes.name());
    if (column == columns_.end()) column = columns_.emplace(std::string(attributes.name()), InferredType()).first;
    column->second.observe(attributes.value());
  }
  return !attributes.failed();
}

}  // namespace mastic::glue::crawler
