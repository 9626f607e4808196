#include "jobs/run.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mastic::jobs {
namespace {

constexpr auto state_names = std::to_array<std::pair<State, std::string_view>>({
    {State::waiting, "WAITING"},
    {State::starting, "STARTING"},
    {State::running, "RUNNING"},
    {State::stopping, "STOPPING"},
    {State::stopped, "STOPPED"},
    {State::succeeded, "SUCCEEDED"},
    {State::failed, "FAILED"},
    {State::timed_out, "TIMEOUT"},
    {State::error, "ERROR"},
});

}  // namespace

std::string_view name_of(State state) {
  return std::ranges::find(state_names, state, &std::pair<State, std::string_view>::first)->second;
}

std::optional<State> parse_state(std::string_view name) {
  const auto* found = std::ranges::find(state_names, name, &std::pair<State, std::string_view>::second);
  if (found == state_names.end()) return std::nullopt;
  return found->first;
}

bool is_final(State state) { return state >= State::stopped; }

int64_t execution_seconds(const RunRecord& run, Instant now) {
  if (!run.started) return 0;
  const auto end = run.completed.value_or(now);
  return std::max<int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(end - *run.started).count());
}

}  // namespace mastic::jobs
