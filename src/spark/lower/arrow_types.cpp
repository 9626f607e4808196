#include "spark/lower/arrow_types.h"

#include <arrow/buffer.h>
#include <arrow/util/key_value_metadata.h>

#include <algorithm>
#include <map>

namespace mastic::spark {
namespace {

/// In a struct, names that stand more than once are numbered: `x_0`, `x_1`. So Spark sends them.
std::vector<std::string> arrow_field_names(const DataType& structure) {
  std::map<std::string, std::pair<int, int>> seen;  // how often, how many so far
  for (const auto& field : structure.fields) ++seen[field.name].first;
  std::vector<std::string> names;
  for (const auto& field : structure.fields) {
    auto& [count, used] = seen[field.name];
    names.push_back(count == 1 ? field.name : field.name + "_" + std::to_string(used++));
  }
  return names;
}

}  // namespace

std::shared_ptr<arrow::DataType> to_arrow_type(const DataType& type, const std::string& zone) {
  switch (type.kind) {
    case TypeKind::null_: return arrow::null();
    case TypeKind::boolean: return arrow::boolean();
    case TypeKind::byte_: return arrow::int8();
    case TypeKind::short_: return arrow::int16();
    case TypeKind::integer: return arrow::int32();
    case TypeKind::long_: return arrow::int64();
    case TypeKind::float_: return arrow::float32();
    case TypeKind::double_: return arrow::float64();
    case TypeKind::decimal:
      if (type.scale < 0) return arrow::decimal128(std::min(38, type.precision - type.scale), 0);
      return arrow::decimal128(type.precision, type.scale);
    case TypeKind::binary: return arrow::binary();
    case TypeKind::variant:
      // The mark by which the client tells a variant from a struct of these two fields.
      return arrow::struct_(
          {arrow::field("value", arrow::binary(), false),
           arrow::field("metadata", arrow::binary(), false, arrow::key_value_metadata({"variant"}, {"true"}))});
    case TypeKind::date: return arrow::date32();
    case TypeKind::timestamp: return arrow::timestamp(arrow::TimeUnit::MICRO, zone);
    case TypeKind::timestamp_ntz: return arrow::timestamp(arrow::TimeUnit::MICRO);
    case TypeKind::time: return arrow::time64(arrow::TimeUnit::MICRO);
    case TypeKind::year_month_interval: return arrow::month_interval();
    case TypeKind::day_time_interval: return arrow::duration(arrow::TimeUnit::MICRO);
    case TypeKind::calendar_interval: return arrow::month_day_nano_interval();
    case TypeKind::array: return arrow::list(arrow::field("element", to_arrow_type(type.element(), zone), type.contains_null));
    case TypeKind::map:
      return std::make_shared<arrow::MapType>(arrow::field("key", to_arrow_type(type.key(), zone), false),
                                              arrow::field("value", to_arrow_type(type.value(), zone), type.contains_null));
    case TypeKind::struct_: {
      arrow::FieldVector fields;
      const auto names = arrow_field_names(type);
      for (std::size_t i = 0; i < names.size(); ++i)
        fields.push_back(arrow::field(names[i], to_arrow_type(type.fields[i].type, zone), type.fields[i].nullable));
      return arrow::struct_(std::move(fields));
    }
    case TypeKind::user_defined: return to_arrow_type(type.children.at(0), zone);
    default: return arrow::utf8();
  }
}

std::shared_ptr<arrow::Schema> to_arrow_schema(const std::vector<Attribute>& output, const std::string& zone) {
  arrow::FieldVector fields;
  for (const auto& attribute : output) {
    fields.push_back(arrow::field(attribute.name, to_arrow_type(attribute.type, zone), attribute.nullable));
  }
  return arrow::schema(std::move(fields));
}

std::shared_ptr<arrow::ArrayData> to_client_layout(const arrow::ArrayData& data, const DataType& type,
                                                   const std::shared_ptr<arrow::DataType>& target) {
  if (type.is(TypeKind::null_)) return arrow::ArrayData::Make(target, data.length, {nullptr}, data.length);
  if (type.is(TypeKind::user_defined)) return to_client_layout(data, type.children.at(0), target);
  auto out = std::make_shared<arrow::ArrayData>(data);
  out->type = target;
  switch (type.kind) {
    case TypeKind::variant: break;  // both have the value first
    case TypeKind::array:
      out->child_data[0] = to_client_layout(*data.child_data.at(0), type.element(), target->field(0)->type());
      break;
    case TypeKind::map: {
      auto entries = std::make_shared<arrow::ArrayData>(*data.child_data.at(0));
      entries->type = target->field(0)->type();
      entries->child_data[0] = to_client_layout(*entries->child_data.at(0), type.key(), entries->type->field(0)->type());
      entries->child_data[1] = to_client_layout(*entries->child_data.at(1), type.value(), entries->type->field(1)->type());
      out->child_data[0] = std::move(entries);
      break;
    }
    case TypeKind::struct_:
      out->child_data.resize(type.fields.size());  // DuckDB's struct has a member where Spark's has none
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        out->child_data[i] =
            to_client_layout(*data.child_data.at(i), type.fields[i].type, target->field(static_cast<int>(i))->type());
      }
      break;
    default: break;
  }
  return out;
}

std::shared_ptr<arrow::DataType> with_large_offsets(const std::shared_ptr<arrow::DataType>& type) {
  const auto field = [](const std::shared_ptr<arrow::Field>& one) { return one->WithType(with_large_offsets(one->type())); };
  switch (type->id()) {
    case arrow::Type::STRING: return arrow::large_utf8();
    case arrow::Type::BINARY: return arrow::large_binary();
    case arrow::Type::LIST: return arrow::list(field(type->field(0)));
    case arrow::Type::MAP: {
      const auto& map = static_cast<const arrow::MapType&>(*type);
      return std::make_shared<arrow::MapType>(field(map.key_field()), field(map.item_field()));
    }
    case arrow::Type::STRUCT: {
      arrow::FieldVector fields;
      for (const auto& one : type->fields()) fields.push_back(field(one));
      return arrow::struct_(std::move(fields));
    }
    default: return type;
  }
}

std::shared_ptr<arrow::ArrayData> with_large_offsets(const arrow::ArrayData& data) {
  auto out = std::make_shared<arrow::ArrayData>(data);
  out->type = with_large_offsets(data.type);
  for (auto& child : out->child_data) child = with_large_offsets(*child);
  const bool texts = data.type->id() == arrow::Type::STRING || data.type->id() == arrow::Type::BINARY;
  if (!texts || data.buffers.size() < 2 || data.buffers[1] == nullptr) return out;
  const auto count = data.length + data.offset + 1;
  std::vector<int64_t> offsets(static_cast<std::size_t>(count), 0);
  const auto* narrow = reinterpret_cast<const int32_t*>(data.buffers[1]->data());
  if (data.buffers[1]->size() >= count * static_cast<int64_t>(sizeof(int32_t)))
    std::copy(narrow, narrow + count, offsets.begin());
  out->buffers[1] = arrow::Buffer::FromVector(std::move(offsets));
  return out;
}

}  // namespace mastic::spark
