#include "glue/catalog/partition_ranges.h"

#include "glue/catalog/partition_rows.h"
#include "glue/catalog/partition_value.h"

namespace mastic::glue::catalog {
namespace {

// Behind everything that begins with what stands before it: no byte of UTF-8 is as great.
constexpr char after_all = '\xff';

std::string sortable(const KeyValue& value) {
  std::string bytes;
  append_sortable(bytes, value);
  return bytes;
}

/// A partition key's bytes of one text, with or without the mark of its end.
std::string key_bytes(const KeyValue& value, bool with_end) {
  auto bytes = partition_key({std::get<std::string>(value)});
  if (!with_end) bytes.pop_back();
  return bytes;
}

/// Extends a range key by key as long as each has one value; the first with less ends it.
template <typename Low, typename High>
std::optional<Range> range_of(std::span<const KeyBounds> bounds, const IndexKeys& keys, const Low& low, const High& high) {
  std::string prefix;
  bool bounded = false;
  for (const auto key : keys) {
    const auto& of_key = bounds[key];
    if (!of_key.low && !of_key.high) break;
    bounded = true;
    if (of_key.one_value()) {
      prefix += high(*of_key.low);
      continue;
    }
    Range range{prefix, prefix + after_all};
    if (of_key.low) range.from += low(*of_key.low);
    if (of_key.high) range.to = prefix + high(*of_key.high) + after_all;
    return range;
  }
  if (!bounded) return std::nullopt;
  return Range{prefix, prefix + after_all};
}

}  // namespace

std::string index_entry(std::span<const std::string> values, const IndexKeys& keys, std::span<const PartitionKey> table_keys) {
  std::string entry;
  for (const auto key : keys) {
    const auto kind = kind_of(table_keys[key].type);
    std::optional<KeyValue> value;
    if (kind && values[key] != "__HIVE_DEFAULT_PARTITION__") value = read_value(*kind, values[key]);
    append_sortable(entry, value);
  }
  return entry;
}

std::optional<Range> index_range(std::span<const KeyBounds> bounds, const IndexKeys& keys) {
  return range_of(bounds, keys, sortable, sortable);
}

std::optional<Range> key_range(std::span<const KeyBounds> bounds) {
  const auto is_text = [](const std::optional<KeyValue>& value) {
    return value && std::holds_alternative<std::string>(*value);
  };
  IndexKeys texts;
  for (std::size_t key = 0; key < bounds.size() && (is_text(bounds[key].low) || is_text(bounds[key].high)); ++key)
    texts.push_back(key);
  return range_of(
      bounds, texts, [](const KeyValue& value) { return key_bytes(value, false); },
      [](const KeyValue& value) { return key_bytes(value, true); });
}

}  // namespace mastic::glue::catalog
