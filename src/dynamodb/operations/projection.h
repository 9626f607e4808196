// The projection of a read: ProjectionExpression or AttributesToGet.
#pragma once

#include <optional>
#include <vector>

#include "dynamodb/expression/legacy.h"
#include "dynamodb/expression/parser.h"

namespace mastic::dynamodb {

/// Nothing: the whole item.
template <typename Request>
Result<std::optional<std::vector<expression::Path>>> parse_read_projection(const Request& request,
                                                                           expression::Placeholders& placeholders) {
  std::optional<std::vector<expression::Path>> paths;
  if (request.projection_expression) {
    TRY(parsed, expression::parse_projection(*request.projection_expression, placeholders));
    paths = std::move(parsed);
  }
  if constexpr (requires { request.attributes_to_get; }) {
    if (request.attributes_to_get) {
      TRY(named, expression::from_attribute_names(*request.attributes_to_get));
      paths = std::move(named);
    }
  }
  return paths;
}

}  // namespace mastic::dynamodb
