// Keys of the items' key range: bytes whose order is DynamoDB's order.
//
//   table entry = number:u32 hash:u64 partition sort
//   index entry = number:u32 hash:u64 partition sort table-partition table-sort     (unique: many items may share index keys)
//   partition   = length:varint ordered            never compared for order, only for equality
//   sort        = escaped(ordered) 00 00           absent when the key schema has no sort key
//   ordered     = S: UTF-8 · B: the bytes · N: Number::append_ordered
//   escaped     = every 00 becomes 00 FF, so that 00 00 ends the sort key and still sorts before whatever is longer
//
// `number` is the table's or index's own, big-endian, never shared. `hash` spreads partitions evenly over 64 bits: a
// Scan goes in hash order, and a segment of a parallel Scan is a slice of the hash space.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dynamodb/value.h"

namespace mastic::dynamodb::key_codec {

/// Keys k with begin <= k < end.
struct Range {
  std::string begin;
  std::string end;
};

/// The value of a key attribute (type S, N or B) in its ordered form.
[[nodiscard]] std::string ordered(const Value& value);
/// The same from an encoded item, without building a Value.
[[nodiscard]] std::string ordered(const codec::EncodedValue& value);

/// Part of the format on disk: it must never change.
[[nodiscard]] uint64_t partition_hash(std::string_view ordered_partition);

/// Number, hash and partition: what all entries of a partition start with.
[[nodiscard]] std::string partition_prefix(uint32_t number, std::string_view ordered_partition);
void append_partition(std::string& out, std::string_view ordered_partition);
void append_sort(std::string& out, std::string_view ordered_sort);
/// The sort key's bytes without their end: the start of every sort key that begins so.
void append_sort_start(std::string& out, std::string_view ordered_sort);

/// Everything that starts with the prefix.
[[nodiscard]] Range starting_with(std::string prefix);
/// All entries of a table or index, or one of `segments` slices of its hash space.
[[nodiscard]] Range whole(uint32_t number);
[[nodiscard]] Range segment(uint32_t number, uint32_t segment, uint32_t segments);
/// The least key that is greater than every key with this prefix.
[[nodiscard]] std::string after_prefix(std::string prefix);

}  // namespace mastic::dynamodb::key_codec
