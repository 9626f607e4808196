// The walk behind derive(): what is known of each column id so far. Not thread-safe; lives for one plan.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "lineage/derive.h"

namespace mastic::lineage {

/// What stands above an expression: the kind that it gives to the columns below, and in whose words.
struct Above {
  Kind kind = Kind::identity;
  bool masking = false;
  uint32_t text = 0;
};

/// `edge` seen through `above`. Direct over direct: the stronger kind. An indirect edge stays what it is.
Edge compose(const Above& above, Edge edge);
/// Sorted, each once.
void normalize(Edges& edges);

class Derivation {
 public:
  Derivation(const Environment& environment, Lineage& into) : environment_(environment), lineage_(into) {}

  /// What decides the plan's rows; its columns are known afterwards.
  const Edges& rows(const spark::RelationPtr& plan);
  [[nodiscard]] const Edges& column(spark::ColumnId id) const;

  // derive_expression.cpp
  void add(const spark::Expression& expression, const Above& above, Edges& into);
  void add(const spark::ExpressionPtr& expression, const Above& above, Edges& into) {
    if (expression) add(*expression, above, into);
  }

 private:
  friend struct RelationWalk;
  friend struct ExpressionWalk;

  [[nodiscard]] uint32_t text_of(const spark::Expression& expression);
  [[nodiscard]] uint32_t intern(const std::string& text);
  uint32_t dataset(const DatasetName& name, const std::optional<DatasetName>& symlink);
  uint32_t field(uint32_t dataset, const std::string& name, const std::string& type);
  void define(const spark::NamedExpression& named);
  void define(spark::ColumnId id, Edges edges);
  /// Adds what decides rows, in the words of the whole expression.
  void decide(const spark::ExpressionPtr& expression, Kind kind, Edges& rows);
  /// Another plan's lineage with ids of this one.
  struct Imported {
    std::vector<Edges> columns;
    Edges all_rows;
  };
  Imported import(const Lineage& other);

  const Environment& environment_;
  Lineage& lineage_;
  std::unordered_map<spark::ColumnId, Edges> columns_;
  std::unordered_map<const spark::Relation*, Edges> done_;
  std::map<DatasetName, uint32_t> datasets_;
  std::map<std::pair<uint32_t, std::string>, uint32_t> fields_;
  std::unordered_map<std::string, uint32_t> texts_;
  std::size_t edges_ = 0;
};

}  // namespace mastic::lineage
