// Conditions and filters against an item.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "dynamodb/expression/syntax.h"

namespace mastic::dynamodb::expression {

/// Where top-level attributes come from.
class Document {
 public:
  virtual ~Document() = default;
  /// Null when the item has no such attribute. The value lives as long as the document.
  virtual const Value* find(std::string_view name) = 0;
};

class ItemDocument final : public Document {
 public:
  explicit ItemDocument(const Item& item) : item_(item) {}
  const Value* find(std::string_view name) override { return item_.find(name); }

 private:
  const Item& item_;
};

/// An encoded item of which only the attributes asked for are decoded.
class EncodedDocument final : public Document {
 public:
  explicit EncodedDocument(std::string_view encoded_item) : item_(encoded_item) {}
  const Value* find(std::string_view name) override;

 private:
  std::string_view item_;
  std::map<std::string, std::optional<Value>, std::less<>> decoded_;
};

/// What a path leads to; null when there is nothing.
[[nodiscard]] const Value* find(const Path& path, Document& document);

/// Whether the condition holds. Never fails: what cannot be compared does not hold.
[[nodiscard]] bool holds(const Node& condition, Document& document);

}  // namespace mastic::dynamodb::expression
