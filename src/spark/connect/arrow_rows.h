// Small results of the server's own making (SHOW TABLES, show(), catalog calls): rows as an Arrow IPC stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "spark/plan/data_type.h"
#include "spark/plan/expression.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark_connect {

/// NULL, string, boolean, long, or a list of strings.
using Cell = std::variant<std::monostate, std::string, bool, int64_t, std::vector<std::string>>;

struct Rows {
  std::vector<spark::StructField> columns;  // of the types string, boolean, long, array<string>
  std::vector<std::vector<Cell>> rows;
};

spark::StructField text_column(std::string name, bool nullable = true);
spark::StructField flag_column(std::string name);
spark::StructField text_list_column(std::string name);

/// Schema, one batch, end.
[[nodiscard]] spark::SparkResult<std::string> to_arrow_stream(const Rows& rows);

/// The rows of an Arrow stream as literals of these types. Nested types are refused: pivot values are atoms.
[[nodiscard]] spark::SparkResult<std::vector<std::vector<spark::ExpressionPtr>>> read_literals(
    std::string_view stream, const std::vector<spark::DataType>& types);

/// zstd; nothing when the bytes are no zstd frame or more than `bytes_max`.
[[nodiscard]] std::optional<std::string> decompress_zstd(std::string_view bytes, std::size_t bytes_max);

}  // namespace mastic::spark_connect
