// Locks by name: who holds a name's lock may read, decide and write what that name stands for. Names share a fixed number
// of mutexes, so two names may wait for each other's writers; take several names' locks with one call, never one by one.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <set>
#include <string_view>
#include <vector>

namespace mastic::s3 {

class KeyLocks {
 public:
  using Lock = std::unique_lock<std::mutex>;

  [[nodiscard]] Lock lock(std::string_view name) { return Lock(mutexes_[slot(name)]); }

  template <typename Names>
  [[nodiscard]] std::vector<Lock> lock_all(const Names& names) {
    std::set<std::size_t> slots;  // Ascending: everybody locks in one order.
    for (const auto& name : names) slots.insert(slot(name));
    std::vector<Lock> locks;
    for (const std::size_t slot : slots) locks.emplace_back(mutexes_[slot]);
    return locks;
  }

 private:
  static constexpr std::size_t slots = 1024;
  static std::size_t slot(std::string_view name) { return std::hash<std::string_view>{}(name) % slots; }
  std::array<std::mutex, slots> mutexes_;
};

}  // namespace mastic::s3
