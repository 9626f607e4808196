// Items on their way out: JSON text that was rendered from stored bytes, so that no tree is built for what is only passed on.
#pragma once

#include <string>
#include <string_view>

#include "aws/model.h"
#include "base/result.h"
#include "dynamodb/value.h"

namespace mastic::dynamodb {

/// Appends an encoded item as the JSON of the wire: {"a":{"S":"x"},…}. Bytes that are no item end the object early;
/// what the store holds was checked on its way in.
void append_json(std::string& out, std::string_view encoded_item);

/// One item of a response.
struct WireItem {
  std::string json = "{}";

  static WireItem of(std::string_view encoded_item);
  static WireItem of(const Item& item);
};

/// A list of items of a response.
class WireItems {
 public:
  void append(std::string_view encoded_item);
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t size_bytes() const { return json_.size(); }

 private:
  friend void write_json(const WireItems& items, aws::JsonWriter& writer);
  std::string json_ = "[";
  std::size_t count_ = 0;
};

void write_json(const WireItem& item, aws::JsonWriter& writer);
void write_json(const WireItems& items, aws::JsonWriter& writer);

}  // namespace mastic::dynamodb
