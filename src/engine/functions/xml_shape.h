// What XML's elements look like: XmlInferSchema's types.
#pragma once

#include <map>
#include <string>

#include "engine/functions/temporal_reader.h"
#include "engine/functions/xml_nodes.h"

namespace mastic::engine::xml {

struct Shape {
  std::string scalar;  // BIGINT, DECIMAL(p,s), DOUBLE, BOOLEAN, DATE, TIMESTAMP, STRING; empty: nothing seen
  std::map<std::string, Shape> fields;
  bool repeats = false;

  [[nodiscard]] std::string ddl() const;
};

class Inference {
 public:
  explicit Inference(const NamedOptions& options);
  [[nodiscard]] Shape shape_of(Node* node) const;
  void merge(Shape& into, Shape other) const;

 private:
  [[nodiscard]] std::string scalar_of(std::string_view text) const;
  void add_field(Shape& shape, const std::string& name, Shape inner) const;

  Reading reading_;
  TemporalReader temporal_;
  bool infers_ = true;
  bool prefers_decimal_ = false;
  bool date_pattern_ = false;
  bool time_pattern_ = false;
};

}  // namespace mastic::engine::xml
