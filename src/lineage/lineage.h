// A plan's lineage: which columns of which datasets each column of its result comes from, and which decide its rows.
//
// Kinds are OpenLineage's (ColumnLineageDatasetFacet): DIRECT — the value is made of the column's; INDIRECT — the column
// decides which value, or whether there is a row. Indirect edges that concern one column (conditional, window) stand with
// that column; those that concern every row (filter, join, group by, sort) stand in `all_rows`.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lineage/dataset.h"

namespace mastic::lineage {

/// The first three are direct, each weaker than the next: what is derived twice has the strongest of its kinds.
enum class Kind : uint8_t { identity, transformation, aggregation, conditional, window, filter, join, group_by, sort };

constexpr bool is_direct(Kind kind) { return kind <= Kind::aggregation; }
/// `DIRECT`, `INDIRECT`.
std::string_view type_name(Kind kind);
/// `IDENTITY`, `GROUP_BY`, …
std::string_view subtype_name(Kind kind);
/// The kind of a subtype's name; identity for an unknown one.
Kind kind_of(std::string_view subtype);

struct Edge {
  uint32_t field = 0;  // of Lineage::fields
  Kind kind = Kind::identity;
  bool masking = false;  // the original cannot be seen in the result: a hash, a count
  uint32_t text = 0;     // of Lineage::texts: the expression that did it
  auto operator<=>(const Edge&) const = default;
};
using Edges = std::vector<Edge>;

struct InputField {
  uint32_t dataset = 0;  // of Lineage::inputs
  std::string name;
};

struct Column {
  std::string name;
  std::string type;
  Edges from;
};

struct Lineage {
  std::vector<Dataset> inputs;
  std::vector<InputField> fields;
  std::vector<std::string> texts{""};
  std::vector<Column> columns;
  Edges all_rows;
  bool truncated = false;  // more edges than are worth keeping: some are left out
};

}  // namespace mastic::lineage
