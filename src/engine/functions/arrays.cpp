// Arrays as sets, parts and orders of arrays.
//   spark_array_distinct(list)             first arrivals, NULL once
//   spark_array_except(a, b), spark_array_intersect(a, b)   of a's distinct elements, those not in b or in b
//   spark_arrays_overlap(a, b)             three-valued: NULL when nothing equals and one of the members is NULL
//   spark_slice(list, start, length)       from 1, or from the end backwards
//   spark_array_insert(list, at, element)  from 1, or from the end backwards; NULLs fill the gap
//   spark_array_remove(list, element), spark_array_position(list, element)
//   spark_sort_by(list, matrix)            by the answers of a comparator for each pair of elements
#include <algorithm>
#include <unordered_map>

#include "engine/functions/lists.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// A set of elements of one child vector.
class Members {
 public:
  explicit Members(const Elements& elements) : elements_(elements) {}
  /// False when an equal one is in already.
  bool add(idx_t index) {
    if (elements_.null(index)) return !std::exchange(null_, true);
    auto& bucket = buckets_[elements_.hash(index)];
    for (const auto known : bucket)
      if (elements_.same(known, elements_, index)) return false;
    bucket.push_back(index);
    return true;
  }
  [[nodiscard]] bool contains(const Elements& others, idx_t index) const {
    if (others.null(index)) return null_;
    const auto bucket = buckets_.find(others.hash(index));
    if (bucket == buckets_.end()) return false;
    return std::ranges::any_of(bucket->second, [&](idx_t known) { return elements_.same(known, others, index); });
  }
  [[nodiscard]] bool has_null() const { return null_; }

 private:
  const Elements& elements_;
  std::unordered_map<duckdb::hash_t, std::vector<idx_t>> buckets_;
  bool null_ = false;
};

void distinct(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  const Lists lists(input.data[0], count);
  const Elements elements(lists.child(), lists.size());
  ListSelection selection(result);
  for (idx_t row = 0; row < count; ++row) {
    if (!lists.valid(row)) {
      selection.null_row(row);
      continue;
    }
    Members seen(elements);
    const auto entry = lists.at(row);
    for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i)
      if (seen.add(i)) selection.add(i);
    selection.end_row(row);
  }
  selection.finish(lists.child());
}

template <bool wanted>
void filtered(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  const Lists left(input.data[0], count);
  const Lists right(input.data[1], count);
  const Elements mine(left.child(), left.size());
  const Elements theirs(right.child(), right.size());
  ListSelection selection(result);
  for (idx_t row = 0; row < count; ++row) {
    if (!left.valid(row) || !right.valid(row)) {
      selection.null_row(row);
      continue;
    }
    Members others(theirs);
    const auto b = right.at(row);
    for (idx_t i = b.offset; i < b.offset + b.length; ++i) others.add(i);
    Members seen(mine);
    const auto a = left.at(row);
    for (idx_t i = a.offset; i < a.offset + a.length; ++i)
      if (others.contains(mine, i) == wanted && seen.add(i)) selection.add(i);
    selection.end_row(row);
  }
  selection.finish(left.child());
}

void overlap(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  const Lists left(input.data[0], count);
  const Lists right(input.data[1], count);
  const Elements mine(left.child(), left.size());
  const Elements theirs(right.child(), right.size());
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < count; ++row) {
    bool unknown = !left.valid(row) || !right.valid(row);
    bool found = false;
    if (!unknown) {
      Members others(theirs);
      const auto b = right.at(row);
      for (idx_t i = b.offset; i < b.offset + b.length; ++i) others.add(i);
      bool nulls = others.has_null();
      const auto a = left.at(row);
      for (idx_t i = a.offset; i < a.offset + a.length && !found; ++i) {
        if (mine.null(i)) {
          nulls = true;
        } else {
          found = others.contains(mine, i);
        }
      }
      unknown = !found && nulls && a.length > 0 && b.length > 0;
    }
    duckdb::FlatVector::SetNull(result, row, unknown);
    duckdb::FlatVector::GetData<bool>(result)[row] = found;
  }
}

/// The integer arguments after the list, flat.
int64_t integer_at(Vector& vector, idx_t row) { return duckdb::FlatVector::GetData<int64_t>(vector)[row]; }
bool valid_at(Vector& vector, idx_t row) { return duckdb::FlatVector::Validity(vector).RowIsValid(row); }

void slice(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  const Lists lists(input.data[0], count);
  input.data[1].Flatten(count);
  input.data[2].Flatten(count);
  ListSelection selection(result);
  for (idx_t row = 0; row < count; ++row) {
    if (!lists.valid(row) || !valid_at(input.data[1], row) || !valid_at(input.data[2], row)) {
      selection.null_row(row);
      continue;
    }
    const auto entry = lists.at(row);
    const auto size = static_cast<int64_t>(entry.length);
    int64_t start = integer_at(input.data[1], row);
    const int64_t length = integer_at(input.data[2], row);
    if (start == 0) throw_spark_error("INVALID_PARAMETER_VALUE.START", {{"parameter", "`start`"}, {"functionName", "`slice`"}});
    if (length < 0)
      throw_spark_error("INVALID_PARAMETER_VALUE.LENGTH",
                        {{"parameter", "`length`"}, {"length", std::to_string(length)}, {"functionName", "`slice`"}});
    start = start > 0 ? start - 1 : start + size;
    if (start >= 0)
      for (int64_t i = start; i < size && i - start < length; ++i) selection.add(entry.offset + static_cast<idx_t>(i));
    selection.end_row(row);
  }
  selection.finish(lists.child());
}

void insert(DataChunk& input, ExpressionState&, Vector& result) {
  constexpr int64_t longest = 2147483632;
  const auto count = input.size();
  const Lists lists(input.data[0], count);
  input.data[1].Flatten(count);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const auto& element_type = duckdb::ListType::GetChildType(result.GetType());
  for (idx_t row = 0; row < count; ++row) {
    if (!lists.valid(row) || !valid_at(input.data[1], row)) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    int64_t position = integer_at(input.data[1], row);
    if (position == 0) throw_spark_error("INVALID_INDEX_OF_ZERO");
    const auto entry = lists.at(row);
    const auto size = static_cast<int64_t>(entry.length);
    if (std::abs(position) > longest)
      throw_spark_error("COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER", {{"numberOfElements", std::to_string(std::abs(position))},
                                                                     {"maxRoundedArrayLength", std::to_string(longest)},
                                                                     {"functionName", "`array_insert`"}});
    duckdb::vector<Value> values;
    const auto element = input.data[2].GetValue(row);
    for (idx_t i = 0; i < entry.length; ++i) values.push_back(lists.child().GetValue(entry.offset + i));
    const auto place = [&](int64_t at) { return values.begin() + static_cast<std::ptrdiff_t>(at); };
    if (position > 0) {
      while (static_cast<int64_t>(values.size()) < position - 1) values.emplace_back(element_type);
      values.insert(place(position - 1), element);
    } else if (-position > size) {
      // Before the beginning: the element first, then the gap.
      values.insert(values.begin(), static_cast<std::size_t>(-position - size - 1), Value(element_type));
      values.insert(values.begin(), element);
    } else {
      values.insert(place(size + position + 1), element);
    }
    result.SetValue(row, Value::LIST(element_type, std::move(values)));
  }
}

void remove(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  const Lists lists(input.data[0], count);
  const Elements elements(lists.child(), lists.size());
  const Elements wanted(input.data[1], count);
  ListSelection selection(result);
  for (idx_t row = 0; row < count; ++row) {
    if (!lists.valid(row) || wanted.null(row)) {
      selection.null_row(row);
      continue;
    }
    const auto entry = lists.at(row);
    for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i)
      if (!elements.same(i, wanted, row)) selection.add(i);
    selection.end_row(row);
  }
  selection.finish(lists.child());
}

void position(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  const Lists lists(input.data[0], count);
  const Elements elements(lists.child(), lists.size());
  const Elements wanted(input.data[1], count);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < count; ++row) {
    const bool null = !lists.valid(row) || wanted.null(row);
    duckdb::FlatVector::SetNull(result, row, null);
    int64_t found = 0;
    if (!null) {
      const auto entry = lists.at(row);
      for (idx_t i = 0; i < entry.length && found == 0; ++i)
        if (elements.same(entry.offset + i, wanted, row)) found = static_cast<int64_t>(i) + 1;
    }
    duckdb::FlatVector::GetData<int64_t>(result)[row] = found;
  }
}

/// What a comparator said of element i and element j.
class Comparisons {
 public:
  explicit Comparisons(std::size_t size) : size_(size), answers_(size * size) {}
  void set(std::size_t i, std::size_t j, std::optional<int32_t> answer) { answers_[i * size_ + j] = answer; }
  int32_t operator()(std::size_t i, std::size_t j) const {
    const auto& answer = answers_[i * size_ + j];
    if (!answer) throw_spark_error("COMPARATOR_RETURNS_NULL", {{"firstValue", "a"}, {"secondValue", "b"}});
    return *answer;
  }

 private:
  std::size_t size_;
  std::vector<std::optional<int32_t>> answers_;
};

/// Java's order for short arrays (a run, then binary insertion), a merge for long ones. They agree wherever the comparator
/// is an order at all; short arrays agree even where it is not.
std::vector<idx_t> java_sorted(std::size_t size, const Comparisons& compare) {
  std::vector<idx_t> order(size);
  for (std::size_t i = 0; i < size; ++i) order[i] = i;
  if (size < 2) return order;
  constexpr std::size_t short_size = 32;
  if (size >= short_size) {
    std::stable_sort(order.begin(), order.end(), [&](idx_t a, idx_t b) { return compare(a, b) < 0; });
    return order;
  }
  std::size_t run = 2;
  if (compare(order[1], order[0]) < 0) {
    while (run < size && compare(order[run], order[run - 1]) < 0) ++run;
    std::reverse(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(run));
  } else {
    while (run < size && compare(order[run], order[run - 1]) >= 0) ++run;
  }
  for (std::size_t start = run; start < size; ++start) {
    const auto pivot = order[start];
    std::size_t left = 0;
    std::size_t right = start;
    while (left < right) {
      const auto middle = (left + right) / 2;
      if (compare(pivot, order[middle]) < 0) {
        right = middle;
      } else {
        left = middle + 1;
      }
    }
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(start));
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(left), pivot);
  }
  return order;
}

void sort_by(DataChunk& input, ExpressionState&, Vector& result) {
  const auto count = input.size();
  const Lists lists(input.data[0], count);
  const Lists matrix(input.data[1], count);
  auto& rows = matrix.child();
  const Lists lines(rows, matrix.size());
  auto& answers = lines.child();
  answers.Flatten(lines.size());
  const auto* numbers = duckdb::FlatVector::GetData<int32_t>(answers);
  const auto& known = duckdb::FlatVector::Validity(answers);
  ListSelection selection(result);
  for (idx_t row = 0; row < count; ++row) {
    if (!lists.valid(row) || !matrix.valid(row)) {
      selection.null_row(row);
      continue;
    }
    const auto entry = lists.at(row);
    const auto block = matrix.at(row);
    Comparisons comparisons(entry.length);
    for (idx_t i = 0; i < entry.length; ++i) {
      const auto line = lines.at(block.offset + i);
      for (idx_t j = 0; j < entry.length; ++j) {
        const auto at = line.offset + j;
        comparisons.set(i, j, known.RowIsValid(at) ? std::optional(numbers[at]) : std::nullopt);
      }
    }
    for (const auto i : java_sorted(entry.length, comparisons)) selection.add(entry.offset + i);
    selection.end_row(row);
  }
  selection.finish(lists.child());
}

BindResult bind_list(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.return_type = arguments[0]->return_type;
  return nullptr;
}
BindResult bind_two_lists(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = function.arguments[1] = arguments[0]->return_type;
  function.return_type = arguments[0]->return_type;
  return nullptr;
}
BindResult bind_overlap(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = function.arguments[1] = arguments[0]->return_type;
  return nullptr;
}
BindResult bind_insert(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.arguments[2] = duckdb::ListType::GetChildType(arguments[0]->return_type);
  function.return_type = arguments[0]->return_type;
  return nullptr;
}
BindResult bind_remove(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.arguments[1] = duckdb::ListType::GetChildType(arguments[0]->return_type);
  function.return_type = arguments[0]->return_type;
  return nullptr;
}
BindResult bind_position(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.arguments[1] = duckdb::ListType::GetChildType(arguments[0]->return_type);
  return nullptr;
}

}  // namespace

void register_array_functions(duckdb::ExtensionLoader& loader) {
  const auto list = LogicalType::LIST(LogicalType::ANY);
  const auto number = LogicalType::BIGINT;
  loader.RegisterFunction(kernel("spark_array_distinct", {list}, list, distinct, bind_list));
  loader.RegisterFunction(kernel("spark_array_except", {list, list}, list, filtered<false>, bind_two_lists));
  loader.RegisterFunction(kernel("spark_array_intersect", {list, list}, list, filtered<true>, bind_two_lists));
  loader.RegisterFunction(kernel("spark_arrays_overlap", {list, list}, LogicalType::BOOLEAN, overlap, bind_overlap));
  loader.RegisterFunction(kernel("spark_slice", {list, number, number}, list, slice, bind_list));
  loader.RegisterFunction(kernel("spark_array_insert", {list, number, LogicalType::ANY}, list, insert, bind_insert));
  loader.RegisterFunction(kernel("spark_array_remove", {list, LogicalType::ANY}, list, remove, bind_remove));
  loader.RegisterFunction(kernel("spark_array_position", {list, LogicalType::ANY}, number, position, bind_position));
  loader.RegisterFunction(
      kernel("spark_sort_by", {list, LogicalType::LIST(LogicalType::LIST(LogicalType::INTEGER))}, list, sort_by, bind_list));
}

}  // namespace mastic::engine
