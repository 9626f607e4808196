#include "spark/analyze/python/analysis_answer.h"

namespace mastic::spark {
namespace {
constexpr int32_t exception_mark = -2;
constexpr int32_t list_length_max = 100'000;
}  // namespace

void PythonRequest::add_number(int32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes_ += static_cast<char>(static_cast<uint32_t>(value) >> shift);
}

std::string_view PythonAnswer::take(std::size_t size) {
  if (rest_.size() < size) {
    complete_ = false;
    rest_ = {};
    return {};
  }
  const auto taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

int32_t PythonAnswer::number() {
  uint32_t value = 0;
  for (const char byte : take(4)) value = value << 8 | static_cast<uint8_t>(byte);
  return static_cast<int32_t>(value);
}

std::string PythonAnswer::text() {
  const auto size = number();
  if (size < 0) {
    complete_ = false;
    return {};
  }
  return std::string(take(static_cast<std::size_t>(size)));
}

std::optional<std::string> PythonAnswer::exception() {
  const auto before = rest_;
  if (number() == exception_mark) return text();
  rest_ = before;
  return std::nullopt;
}

std::expected<AnalysisAnswer, std::string> read_analysis_answer(std::string_view bytes) {
  PythonAnswer in(bytes);
  if (auto raised = in.exception()) return std::unexpected(std::move(*raised));
  AnalysisAnswer answer;
  answer.schema_json = in.text();
  answer.pickled = in.text();
  answer.single_partition = in.number() == 1;
  const auto each = [&](auto&& read) {
    const auto count = in.number();
    for (int32_t i = 0; i < count && count <= list_length_max && in.complete(); ++i) read();
  };
  each([&] { answer.partition_by.push_back(in.text()); });
  each([&] {
    AnalysisAnswer::Order order;
    order.expression = in.text();
    order.ascending = in.number() == 1;
    const auto nulls = in.number();
    if (nulls != 0) order.nulls_first = nulls == 1;
    answer.order_by.push_back(std::move(order));
  });
  each([&] {
    auto expression = in.text();
    answer.select.emplace_back(std::move(expression), in.text());
  });
  if (!in.complete()) return std::unexpected("The Python worker ended before it had answered");
  return answer;
}

}  // namespace mastic::spark
