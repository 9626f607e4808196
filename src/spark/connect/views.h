// Temporary views: names (compared without case) and resolved plans. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "spark/plan/relation.h"

namespace mastic::spark_connect {

class Views {
 public:
  Views() = default;
  Views(const Views& other);
  Views& operator=(const Views&) = delete;

  [[nodiscard]] spark::RelationPtr find(std::string_view name) const;
  /// False: a view of that name is there and `replace` is false.
  bool add(const std::string& name, spark::RelationPtr plan, bool replace);
  bool remove(std::string_view name);
  /// As they were written when they were made.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct View {
    std::string name;
    spark::RelationPtr plan;
  };
  mutable std::mutex mutex_;
  std::map<std::string, View> views_;
};

std::string to_lower(std::string_view text);

}  // namespace mastic::spark_connect
