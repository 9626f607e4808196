// Maps are made here alone, so that NULL keys and keys that come twice meet Spark's rules.
//   spark_map(keys, values, last_wins)        NULL when either is
//   spark_map_of_entries(entries, last_wins)  of a list of pairs; NULL when one of them is
// A key that comes twice is DUPLICATED_MAP_KEY, or (last_wins) keeps its place and takes the later value. The key -0.0 is
// stored as 0.0.
#include <unordered_map>

#include "engine/functions/lists.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

struct MapData final : duckdb::FunctionData {
  explicit MapData(bool last_wins) : last_wins(last_wins) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<MapData>(last_wins); }
  bool Equals(const duckdb::FunctionData& other) const override { return last_wins == other.Cast<MapData>().last_wins; }
  bool last_wins;
};

bool last_wins(ExpressionState& state) {
  return state.expr.Cast<duckdb::BoundFunctionExpression>().bind_info->Cast<MapData>().last_wins;
}

std::string key_text(const Value& key) { return key.ToString(); }

/// Chooses one row's entries: indexes into the keys, and the values' beside them.
class Entries {
 public:
  Entries(const Elements& keys, bool last_wins) : keys_(keys), last_wins_(last_wins) {}

  void add(ListSelection& chosen_keys, std::vector<duckdb::sel_t>& chosen_values, idx_t key, idx_t value) {
    if (keys_.null(key)) throw_spark_error("NULL_MAP_KEY");
    auto& bucket = buckets_[keys_.hash(key)];
    for (const auto& [known, place] : bucket) {
      if (!keys_.same(known, keys_, key)) continue;
      if (!last_wins_)
        throw_spark_error("DUPLICATED_MAP_KEY",
                          {{"key", key_text(keys_.value(key))}, {"mapKeyDedupPolicy", "\"spark.sql.mapKeyDedupPolicy\""}});
      chosen_values[place] = static_cast<duckdb::sel_t>(value);
      return;
    }
    bucket.emplace_back(key, chosen_values.size());
    chosen_keys.add(key);
    chosen_values.push_back(static_cast<duckdb::sel_t>(value));
  }

 private:
  const Elements& keys_;
  bool last_wins_;
  std::unordered_map<duckdb::hash_t, std::vector<std::pair<idx_t, std::size_t>>> buckets_;
};

template <typename T>
void without_negative_zero(Vector& keys, idx_t count) {
  auto* values = duckdb::FlatVector::GetData<T>(keys);
  for (idx_t i = 0; i < count; ++i)
    if (values[i] == 0) values[i] = 0;
}

void finish(Vector& result, ListSelection& keys, const std::vector<duckdb::sel_t>& values, Vector& key_source,
            Vector& value_source) {
  const auto total = values.size();
  duckdb::ListVector::Reserve(result, std::max<idx_t>(total, 1));
  auto& target = duckdb::MapVector::GetKeys(result);
  keys.copy(key_source, target);
  if (target.GetType().id() == LogicalTypeId::DOUBLE) without_negative_zero<double>(target, total);
  if (target.GetType().id() == LogicalTypeId::FLOAT) without_negative_zero<float>(target, total);
  if (total > 0) {
    const duckdb::SelectionVector selection(const_cast<duckdb::sel_t*>(values.data()));
    duckdb::VectorOperations::Copy(value_source, duckdb::MapVector::GetValues(result), selection, total, 0, 0);
  }
  duckdb::ListVector::SetListSize(result, total);
}

void of_lists(DataChunk& input, ExpressionState& state, Vector& result) {
  const auto count = input.size();
  const Lists keys(input.data[0], count);
  const Lists values(input.data[1], count);
  const Elements elements(keys.child(), keys.size());
  ListSelection chosen(result);
  std::vector<duckdb::sel_t> chosen_values;
  for (idx_t row = 0; row < count; ++row) {
    if (!keys.valid(row) || !values.valid(row)) {
      chosen.null_row(row);
      continue;
    }
    const auto k = keys.at(row);
    const auto v = values.at(row);
    if (k.length != v.length) throw_spark_error("_LEGACY_ERROR_TEMP_2128");
    Entries entries(elements, last_wins(state));
    for (idx_t i = 0; i < k.length; ++i) entries.add(chosen, chosen_values, k.offset + i, v.offset + i);
    chosen.end_row(row);
  }
  finish(result, chosen, chosen_values, keys.child(), values.child());
}

void of_entries(DataChunk& input, ExpressionState& state, Vector& result) {
  const auto count = input.size();
  const Lists pairs(input.data[0], count);
  pairs.child().Flatten(pairs.size());
  const auto& present = duckdb::FlatVector::Validity(pairs.child());
  auto& members = duckdb::StructVector::GetEntries(pairs.child());
  const Elements elements(*members[0], pairs.size());
  ListSelection chosen(result);
  std::vector<duckdb::sel_t> chosen_values;
  for (idx_t row = 0; row < count; ++row) {
    bool null = !pairs.valid(row);
    const auto entry = null ? duckdb::list_entry_t{} : pairs.at(row);
    for (idx_t i = entry.offset; i < entry.offset + entry.length && !null; ++i) null = !present.RowIsValid(i);
    if (null) {
      chosen.null_row(row);
      continue;
    }
    Entries entries(elements, last_wins(state));
    for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i) entries.add(chosen, chosen_values, i, i);
    chosen.end_row(row);
  }
  finish(result, chosen, chosen_values, *members[0], *members[1]);
}

BindResult bind_lists(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  auto data = duckdb::make_uniq<MapData>(take_constant(context, function, arguments, 2).GetValue<bool>());
  for (idx_t i = 0; i < 2; ++i) function.arguments[i] = arguments[i]->return_type;
  function.return_type = LogicalType::MAP(duckdb::ListType::GetChildType(arguments[0]->return_type),
                                          duckdb::ListType::GetChildType(arguments[1]->return_type));
  return data;
}
BindResult bind_entries(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  auto data = duckdb::make_uniq<MapData>(take_constant(context, function, arguments, 1).GetValue<bool>());
  function.arguments[0] = arguments[0]->return_type;
  const auto& pair = duckdb::ListType::GetChildType(arguments[0]->return_type);
  function.return_type = LogicalType::MAP(duckdb::StructType::GetChildType(pair, 0), duckdb::StructType::GetChildType(pair, 1));
  return data;
}

}  // namespace

void register_map_functions(duckdb::ExtensionLoader& loader) {
  const auto list = LogicalType::LIST(LogicalType::ANY);
  const auto map = LogicalType::MAP(LogicalType::ANY, LogicalType::ANY);
  loader.RegisterFunction(kernel("spark_map", {list, list, LogicalType::BOOLEAN}, map, of_lists, bind_lists));
  loader.RegisterFunction(
      kernel("spark_map_of_entries", {LogicalType::ANY, LogicalType::BOOLEAN}, map, of_entries, bind_entries));
}

}  // namespace mastic::engine
