#include "cloudformation/executor/graph.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace mastic::cloudformation {
namespace {

constexpr std::size_t workers_max = 8;

struct Run {
  const Needs& needs;
  const std::function<Result<void>(const std::string&)>& step;
  const bool go_on;
  const std::function<bool()>& stop;

  std::mutex mutex;
  std::condition_variable changed;
  std::set<std::string> waiting, done;
  std::size_t running = 0;
  GraphOutcome outcome;

  [[nodiscard]] bool ready(const std::string& id) const {
    return std::ranges::all_of(needs.at(id), [&](const auto& need) { return !needs.contains(need) || done.contains(need); });
  }

  [[nodiscard]] bool ended() const { return (!go_on && !outcome.failed.empty()) || stop(); }

  void work() {
    std::unique_lock lock(mutex);
    while (!ended()) {
      const auto next = std::ranges::find_if(waiting, [&](const auto& id) { return ready(id); });
      if (next == waiting.end()) {
        if (running == 0) break;
        changed.wait(lock);
        continue;
      }
      const auto id = *next;
      waiting.erase(next);
      ++running;
      lock.unlock();
      auto result = step(id);
      lock.lock();
      --running;
      if (result) {
        done.insert(id);
      } else {
        outcome.failed.emplace_back(id, std::move(result).error());
      }
      changed.notify_all();
    }
    changed.notify_all();
  }
};

}  // namespace

GraphOutcome run_graph(const Needs& needs, const std::function<Result<void>(const std::string&)>& step, bool go_on,
                       const std::function<bool()>& stop) {
  Run run{needs, step, go_on, stop, {}, {}, {}, {}, 0, {}};
  for (const auto& [id, unused] : needs) run.waiting.insert(id);
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(workers_max, needs.size()); ++i) others.emplace_back([&] { run.work(); });
  run.work();
  for (auto& other : others) other.join();
  run.outcome.not_begun.assign(run.waiting.begin(), run.waiting.end());
  return std::move(run.outcome);
}

Needs reversed(const Needs& needs) {
  Needs result;
  for (const auto& [id, unused] : needs) result[id];
  for (const auto& [id, its] : needs) {
    for (const auto& need : its) {
      if (needs.contains(need)) result[need].insert(id);
    }
  }
  return result;
}

}  // namespace mastic::cloudformation
