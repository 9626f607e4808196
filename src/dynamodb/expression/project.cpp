#include "dynamodb/expression/project.h"

#include <algorithm>
#include <map>
#include <optional>

namespace mastic::dynamodb::expression {
namespace {

/// What is wanted below a place: all of it, or some names or indexes.
struct Wanted {
  bool all = false;
  std::map<std::string, Wanted> names;
  std::map<int64_t, Wanted> indexes;

  void add(const Path& path, std::size_t at) {
    if (at == path.steps.size()) {
      all = true;
      return;
    }
    const auto& step = path.steps[at];
    (step.is_index() ? indexes[step.index] : names[step.name]).add(path, at + 1);
  }
};

std::optional<Value> select(const Value& value, const Wanted& wanted);

Item select(const Item& item, const Wanted& wanted) {
  Item selected;
  for (const auto& [name, below] : wanted.names)
    if (const auto* value = item.find(name))
      if (auto part = select(*value, below)) selected.set(name, std::move(*part));
  return selected;
}

std::optional<Value> select(const Value& value, const Wanted& wanted) {
  if (wanted.all) return value;
  if (value.type == Type::map) {
    auto selected = select(value.attributes, wanted);
    if (selected.empty()) return std::nullopt;
    return Value::map(std::move(selected));
  }
  if (value.type != Type::list) return std::nullopt;
  std::vector<Value> elements;
  for (const auto& [index, below] : wanted.indexes)
    if (static_cast<std::size_t>(index) < value.elements.size())
      if (auto part = select(value.elements[static_cast<std::size_t>(index)], below)) elements.push_back(std::move(*part));
  if (elements.empty()) return std::nullopt;
  return Value::list(std::move(elements));
}

template <typename Keep>
std::string copy_attributes(std::string_view encoded_item, Keep keep) {
  std::string attributes;
  uint64_t count = 0;
  codec::ItemReader reader(encoded_item);
  while (reader.next()) {
    if (!keep(reader.name())) continue;
    attributes += reader.encoded();
    ++count;
  }
  std::string out;
  out.reserve(attributes.size() + 2);
  codec::append_varint(out, count);
  return out += attributes;
}

}  // namespace

Item project(const Item& item, const std::vector<Path>& paths) {
  Wanted wanted;
  for (const auto& path : paths) wanted.add(path, 0);
  return select(item, wanted);
}

std::string project_encoded(std::string_view encoded_item, const std::vector<Path>& paths) {
  if (std::ranges::all_of(paths, [](const Path& path) { return path.steps.size() == 1; }))
    return copy_attributes(encoded_item, [&](std::string_view name) {
      return std::ranges::any_of(paths, [&](const Path& path) { return path.top() == name; });
    });
  const auto item = decode_item(encoded_item);
  return item ? encode_item(project(*item, paths)) : std::string(1, '\0');
}

std::string keep_attributes(std::string_view encoded_item, const std::vector<std::string>& names) {
  return copy_attributes(encoded_item, [&](std::string_view name) { return std::ranges::binary_search(names, name); });
}

}  // namespace mastic::dynamodb::expression
