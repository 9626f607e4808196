// The syntax tree that all five expressions – and the legacy parameters – become.
//
//   condition  = condition AND condition | condition OR condition | NOT condition | ( condition )
//              | operand compare operand | operand BETWEEN operand AND operand | operand IN ( operand, … ) | function
//   operand    = path | :value | function | ( operand )
//   path       = name ( . name | [ digits ] )*             name = letters, digits, _ | #placeholder
//   update     = ( SET path = value, … | REMOVE path, … | ADD path :value, … | DELETE path :value, … )+
//   value      = operand | operand + operand | operand - operand
//   projection = path, …
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dynamodb/value.h"

namespace mastic::dynamodb::expression {

/// A name, or an index into a list.
struct PathStep {
  std::string name;
  int64_t index = -1;
  [[nodiscard]] bool is_index() const { return index >= 0; }
  friend bool operator==(const PathStep&, const PathStep&) = default;
};

/// A place in an item; the first step is a name.
struct Path {
  std::vector<PathStep> steps;
  [[nodiscard]] const std::string& top() const { return steps.front().name; }
  /// "[a, b, [1]]", as DynamoDB's messages show it.
  [[nodiscard]] std::string shown() const;
  friend bool operator==(const Path&, const Path&) = default;
};

enum class Kind : uint8_t { path, value, function, comparison, between, in, all_of, any_of, negation, plus, minus };

struct Node {
  Kind kind = Kind::value;
  std::string text;  // function: its name · comparison: its operator · value: the placeholder until it is resolved
  Path path;         // Kind::path
  Value value;       // Kind::value, once resolved
  std::vector<Node> children;
  bool in_parentheses = false;

  [[nodiscard]] bool is_operand() const { return kind == Kind::path || kind == Kind::value || kind == Kind::function; }
  [[nodiscard]] bool is_condition() const {
    return kind != Kind::path && kind != Kind::value && kind != Kind::plus && kind != Kind::minus;
  }
};

enum class ActionKind : uint8_t { set, remove, add, remove_members };

/// One action of an update.
struct Action {
  ActionKind kind = ActionKind::set;
  Path path;
  Node value;  // absent (Kind::value without text) for remove
};

struct Update {
  std::vector<Action> actions;
};

}  // namespace mastic::dynamodb::expression
