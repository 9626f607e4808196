// Session variables (DECLARE VARIABLE): names without case, typed constants. Thread-safe.
#pragma once

#include <cctype>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "spark/plan/expression.h"

namespace mastic::spark_connect {

class Variables {
 public:
  struct Variable {
    std::string name;
    spark::ExpressionPtr value;    // a constant of the variable's type
    spark::ExpressionPtr initial;  // what SET VAR … = DEFAULT puts back
  };

  Variables() = default;
  Variables(const Variables& other) : variables_(other.copy()) {}
  Variables& operator=(const Variables&) = delete;

  /// False: one of that name is there and `replace` is false.
  bool declare(const std::string& name, spark::ExpressionPtr initial, bool replace) {
    const std::scoped_lock lock(mutex_);
    const auto key = lower(name);
    if (!replace && variables_.contains(key)) return false;
    variables_[key] = {name, initial, initial};
    return true;
  }
  [[nodiscard]] spark::ExpressionPtr find(std::string_view name) const {
    const std::scoped_lock lock(mutex_);
    const auto found = variables_.find(lower(name));
    return found == variables_.end() ? nullptr : found->second.value;
  }
  /// A null value puts the initial one back. False: there is no such variable.
  bool set(std::string_view name, spark::ExpressionPtr value) {
    const std::scoped_lock lock(mutex_);
    const auto found = variables_.find(lower(name));
    if (found == variables_.end()) return false;
    found->second.value = value == nullptr ? found->second.initial : std::move(value);
    return true;
  }
  bool remove(std::string_view name) {
    const std::scoped_lock lock(mutex_);
    return variables_.erase(lower(name)) > 0;
  }

 private:
  static std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
  }
  [[nodiscard]] std::map<std::string, Variable> copy() const {
    const std::scoped_lock lock(mutex_);
    return variables_;
  }

  mutable std::mutex mutex_;
  std::map<std::string, Variable> variables_;
};

}  // namespace mastic::spark_connect
