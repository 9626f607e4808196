// The bytes that PySpark's planning helpers (pyspark.sql.worker.*) take and give.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mastic::spark {

class PythonRequest {
 public:
  void add_number(int32_t value);
  void add_flag(bool value) { bytes_ += value ? '\x01' : '\x00'; }
  void add_text(std::string_view text) {
    add_number(static_cast<int32_t>(text.size()));
    bytes_ += text;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads an answer from its beginning; past the end, reads give nothing and `complete` is false.
class PythonAnswer {
 public:
  explicit PythonAnswer(std::string_view bytes) : rest_(bytes) {}
  int32_t number();
  std::string text();
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  /// The traceback, when the helper raised instead of answering.
  std::optional<std::string> exception();

 private:
  std::string_view take(std::size_t size);
  std::string_view rest_;
  bool complete_ = true;
};

/// What a table function's analyze() asks for.
struct AnalysisAnswer {
  struct Order {
    std::string expression;
    bool ascending = true;
    std::optional<bool> nulls_first;
  };
  std::string schema_json;
  std::string pickled;  // the AnalyzeResult, for the function's constructor
  bool single_partition = false;
  std::vector<std::string> partition_by;
  std::vector<Order> order_by;
  std::vector<std::pair<std::string, std::string>> select;  // expression, alias
};

/// The answer, or the message of what the function raised.
[[nodiscard]] std::expected<AnalysisAnswer, std::string> read_analysis_answer(std::string_view bytes);

}  // namespace mastic::spark
