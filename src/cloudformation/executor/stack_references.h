// What a stack's expressions refer to: its resources as far as they are known, exports, dynamic references.
//
// Thread-safe: resources made at the same time report here and ask here. Owner: one operation on one stack.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cloudformation/executor/house.h"

namespace mastic::cloudformation {

class StackReferences final : public References {
 public:
  /// `preview`: what is not known yet is `known_after_apply` instead of a failure.
  StackReferences(const House& house, const StackRecord& stack, bool preview)
      : house_(house), stack_(stack), preview_(preview) {}

  void know(std::string_view logical_id, const Instance& instance);
  void forget(std::string_view logical_id);
  [[nodiscard]] std::vector<std::string> imported();

  Result<Json> ref(std::string_view logical_id) override;
  Result<Json> attribute(std::string_view logical_id, std::string_view name) override;
  Result<std::string> export_value(std::string_view name) override;
  /// Secrets stay as they are written: what is compared, shown and stored holds none. `Revealing` gives them.
  Result<std::string> dynamic_reference(std::string_view service, std::string_view key) override;
  Result<std::string> reveal(std::string_view service, std::string_view key);

 private:
  struct Known {
    std::string type;
    Json ref, attributes;
  };
  Result<std::string> secret(std::string_view key);

  const House& house_;
  const StackRecord& stack_;
  const bool preview_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;
  std::set<std::string> imported_;
};

/// The same with secrets: for what is handed to a service.
class Revealing final : public References {
 public:
  explicit Revealing(StackReferences& inner) : inner_(inner) {}
  Result<Json> ref(std::string_view logical_id) override { return inner_.ref(logical_id); }
  Result<Json> attribute(std::string_view logical_id, std::string_view name) override {
    return inner_.attribute(logical_id, name);
  }
  Result<std::string> export_value(std::string_view name) override { return inner_.export_value(name); }
  Result<std::string> dynamic_reference(std::string_view service, std::string_view key) override {
    return inner_.reveal(service, key);
  }

 private:
  StackReferences& inner_;
};

}  // namespace mastic::cloudformation
