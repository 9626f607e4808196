#include "dynamodb/operations/capacity.h"

#include <algorithm>
#include <cmath>

namespace mastic::dynamodb {

double read_units(std::size_t bytes, bool consistent) {
  const double units = std::max(1.0, std::ceil(static_cast<double>(bytes) / 4096));
  return consistent ? units : units / 2;
}

double write_units(std::size_t bytes) { return std::max(1.0, std::ceil(static_cast<double>(bytes) / 1024)); }

std::optional<wire::ConsumedCapacity> consumed_capacity(const std::optional<std::string>& asked, const std::string& table,
                                                        double units) {
  if (!asked || *asked == "NONE") return std::nullopt;
  wire::ConsumedCapacity capacity{.table_name = table, .capacity_units = units};
  if (*asked == "INDEXES") capacity.table = wire::Capacity{.capacity_units = units};
  return capacity;
}

}  // namespace mastic::dynamodb
