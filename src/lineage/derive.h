// Resolved plan → lineage. Pure: looks at the plan alone, evaluates nothing, asks nobody but the Environment.
//
// What a user's Python function does with its columns cannot be known: each of its results comes from every column that it
// is given. Thread-safe as far as the Environment is.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lineage/lineage.h"
#include "spark/plan/relation.h"

namespace mastic::lineage {

/// What the plan alone does not say. Every function may be empty.
struct Environment {
  Place place;
  /// Of rows that the engine keeps, by ReadCached's name; null: not known.
  std::function<std::shared_ptr<const Lineage>(const std::string& name)> kept;
  /// Of a DataFrame that the client has fetched, by its plan id: the rows came back from the driver (see `driver_hint`).
  std::function<std::shared_ptr<const Lineage>(int64_t plan_id)> fetched;
  /// An expression as people read it; for descriptions.
  std::function<std::string(const spark::Expression&)> text;
};

/// df.hint("mastic_lineage", "filter" | "map" | "same", plan id): these rows were made in the driver from the rows of that
/// DataFrame, by a Python function that only kept some of them, that made them anew, or by none.
inline constexpr std::string_view driver_hint = "mastic_lineage";

Lineage derive(const spark::RelationPtr& plan, const Environment& environment);

}  // namespace mastic::lineage
