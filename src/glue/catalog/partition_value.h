// Partition values as their key's type sees them. Catalog values are text; comparisons are by type.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mastic::glue::catalog {

enum class KeyKind { text, integer, decimal, date, timestamp };

/// The kind of a column type as the catalog writes it (`bigint`, `decimal(10,2)`, …); nothing for a type that cannot be
/// a partition key.
std::optional<KeyKind> kind_of(std::string_view type);

/// A decimal number of any length, for comparison: sign, digits before the point without leading zeros, digits behind
/// it without trailing zeros.
struct Decimal {
  bool negative = false;
  std::string whole;
  std::string fraction;
  std::strong_ordering operator<=>(const Decimal& other) const;
  bool operator==(const Decimal&) const = default;
};

/// A text, a number, or microseconds since 1970 for dates and timestamps.
using KeyValue = std::variant<std::string, Decimal, int64_t>;

/// Reads a value by its kind; nothing when the text is none of that kind.
std::optional<KeyValue> read_value(KeyKind kind, std::string_view text);

/// Appends bytes that order as values of one kind do, whatever follows them; null is smaller than every value.
void append_sortable(std::string& bytes, const std::optional<KeyValue>& value);

}  // namespace mastic::glue::catalog
