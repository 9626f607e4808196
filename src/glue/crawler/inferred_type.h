// The catalog type of an attribute, found by looking at its values.
//
//   value seen          type                value seen                   type
//   S                   string              SS, NS, BS                   array<string | number | binary>
//   N, whole, in int64  bigint              L                            array<type of the elements, merged>
//   N, any other        double              M                            struct<name:type,…>, fields by name
//   B                   binary              NULL, empty list             nothing; string when nothing else was seen
//   BOOL                boolean
//
// bigint and double are double. All other mixtures are kept as such, as Hive's `uniontype<…>` with the alternatives in
// the order of the table above: `uniontype<string,bigint>`. docs/decisions tells why. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "dynamodb/item_codec.h"

namespace mastic::glue::crawler {

class InferredType {
 public:
  InferredType();
  InferredType(InferredType&&) noexcept;
  InferredType& operator=(InferredType&&) noexcept;
  ~InferredType();

  void observe(const dynamodb::codec::EncodedValue& value);

  /// The type as the catalog writes it.
  [[nodiscard]] std::string text() const;

 private:
  struct Fields;
  void observe_scalar(dynamodb::Type type, std::string_view text);
  InferredType& element();

  bool string_ = false;
  bool integer_ = false;
  bool real_ = false;
  bool binary_ = false;
  bool boolean_ = false;
  std::unique_ptr<InferredType> element_;  // set when an array was seen
  std::unique_ptr<Fields> fields_;         // set when a map was seen
};

/// A table's columns, found by looking at its items.
class InferredSchema {
 public:
  /// Looks at one encoded item; false when its bytes are wrong.
  bool observe(std::string_view encoded_item);
  /// By attribute name, in byte order.
  [[nodiscard]] const std::map<std::string, InferredType, std::less<>>& columns() const { return columns_; }

 private:
  std::map<std::string, InferredType, std::less<>> columns_;
};

}  // namespace mastic::glue::crawler
