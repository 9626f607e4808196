// What goes wrong while a request is read: bytes that cannot be the shape at all, and values that break its constraints.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::aws {

class Pattern;

/// Collects what is wrong with one request. A reader stops at the first failure (`fail`); constraints that are broken
/// (`violate`, `missing`) are collected and answered together, as AWS does:
///
///   2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null; …
///
/// One thread.
class ReadContext {
 public:
  /// `strict`: constraints are checked. Not strict: stored structures are read back, nothing is required.
  explicit ReadContext(bool strict = true) : strict_(strict) {}

  [[nodiscard]] bool strict() const { return strict_; }

  /// The bytes are not the shape. Always false, so that readers can `return context.fail(…)`.
  bool fail(std::string message);
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }

  /// A hand-made type refuses the value with an error of its own. Always false.
  bool reject(Error error);
  [[nodiscard]] const std::optional<Error>& rejection() const { return rejection_; }

  /// The value at the current path breaks a constraint ("Member must have length …").
  void violate(std::string_view value, std::string_view constraint);
  /// A required member of the structure at the current path is absent.
  void missing(std::string_view member);
  [[nodiscard]] bool violated() const { return count_ > 0; }
  /// "N validation errors detected: …".
  [[nodiscard]] std::string violations() const;

  // Constraints as the models have them; each reports to `violate`.
  void check_length(std::string_view value, int64_t min, int64_t max);
  void check_size(std::size_t size, int64_t min, int64_t max);  // of lists and maps
  void check_range(int64_t value, int64_t min, int64_t max);
  void check_range(double value, double min, double max);
  void check_enum(std::string_view value, std::span<const std::string_view> sorted_values);
  void check_pattern(std::string_view value, const Pattern& pattern);

  /// A step of the path that violations name: a member, a list's element, a map's value. Lives on the stack.
  class Step {
   public:
    Step(ReadContext& context, std::string_view member) : context_(context), outer_(context.path_), name_(member) {
      context.path_ = this;
    }
    Step(ReadContext& context, std::size_t index) : context_(context), outer_(context.path_), index_(index + 1) {
      context.path_ = this;
    }
    static Step of_key(ReadContext& context, std::string_view key) { return Step(context, key, true); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() { context_.path_ = outer_; }

   private:
    friend class ReadContext;
    Step(ReadContext& context, std::string_view key, bool is_key)
        : context_(context), outer_(context.path_), name_(key), is_key_(is_key) {
      context.path_ = this;
    }
    ReadContext& context_;
    const Step* outer_;
    std::string_view name_;
    std::size_t index_ = 0;
    bool is_key_ = false;
  };

 private:
  [[nodiscard]] std::string path(std::string_view member) const;
  void add(std::string_view value, std::string_view path, std::string_view constraint);

  bool strict_;
  int count_ = 0;
  const Step* path_ = nullptr;
  std::optional<std::string> failure_;
  std::optional<Error> rejection_;
  std::string text_;
  std::vector<std::string> missing_;  // the paths of what is absent: its other constraints are not looked at
};

}  // namespace mastic::aws
