#include "classify/schema.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace mastic::classify {
namespace {

using Places = std::unordered_map<std::string_view, std::size_t>;

Places places_of(const Schema& schema) {
  Places places;
  places.reserve(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) places.emplace(schema[i].name, i);
  return places;
}

bool same_names(const Schema& left, const Schema& right) {
  return std::ranges::equal(left, right, {}, &Field::name, &Field::name);
}

struct Shared {
  std::size_t mergeable = 0;
  std::size_t in_conflict = 0;
};

Shared shared_columns(const Schema& left, const Schema& right) {
  Shared shared;
  const auto count = [&](const Type& a, const Type& b) { ++(mergeable(a, b) ? shared.mergeable : shared.in_conflict); };
  if (same_names(left, right)) {
    for (std::size_t i = 0; i < left.size(); ++i) count(left[i].type, right[i].type);
    return shared;
  }
  const auto places = places_of(left);
  for (const auto& field : right) {
    if (const auto known = places.find(field.name); known != places.end()) count(left[known->second].type, field.type);
  }
  return shared;
}

}  // namespace

void merge_into(Schema& into, const Schema& more) {
  if (same_names(into, more)) {
    for (std::size_t i = 0; i < into.size(); ++i) {
      if (!(into[i].type == more[i].type)) into[i].type = merge(into[i].type, more[i].type);
    }
    return;
  }
  auto known = places_of(into);
  std::vector<std::size_t> added;
  for (std::size_t i = 0; i < more.size(); ++i) {
    const auto place = known.find(more[i].name);
    if (place == known.end()) {
      added.push_back(i);
    } else {
      auto& type = into[place->second].type;
      type = merge(type, more[i].type);
    }
  }
  for (const auto i : added) into.push_back(more[i]);
}

bool similar(const Schema& left, const Schema& right) {
  const auto most = std::max(left.size(), right.size());
  if (most == 0) return true;
  return shared_columns(left, right).mergeable * 10 >= most * 7;
}

bool compatible(const Schema& left, const Schema& right) { return shared_columns(left, right).in_conflict == 0; }

std::string lower_text(std::string_view text) {
  std::string lowered(text);
  for (auto& letter : lowered)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lowered;
}

void make_names_plain(Schema& schema) {
  std::unordered_set<std::string> taken;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    auto name = lower_text(schema[i].name);
    if (name.empty()) name = "col" + std::to_string(i);
    auto free = name;
    for (int number = 1; !taken.insert(free).second; ++number) free = name + "_" + std::to_string(number);
    schema[i].name = std::move(free);
  }
}

}  // namespace mastic::classify
