#include "spark/connect/views.h"

#include <algorithm>
#include <cctype>

namespace mastic::spark_connect {

Views::Views(const Views& other) {
  const std::scoped_lock lock(other.mutex_);
  views_ = other.views_;
}

spark::RelationPtr Views::find(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = views_.find(to_lower(name));
  return found == views_.end() ? nullptr : found->second.plan;
}

bool Views::add(const std::string& name, spark::RelationPtr plan, bool replace) {
  const std::scoped_lock lock(mutex_);
  const std::string key = to_lower(name);
  if (!replace && views_.contains(key)) return false;
  views_.insert_or_assign(key, View{name, std::move(plan)});
  return true;
}

bool Views::remove(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  return views_.erase(to_lower(name)) > 0;
}

std::vector<std::string> Views::names() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [key, view] : views_) names.push_back(view.name);
  return names;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

}  // namespace mastic::spark_connect
