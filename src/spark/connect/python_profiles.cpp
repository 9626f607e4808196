#include "spark/connect/python_profiles.h"

#include <utility>

#include "spark/analyze/python/analysis_answer.h"

namespace mastic::spark_connect {

void PythonProfiles::add(std::string accumulator) {
  const std::scoped_lock lock(mutex_);
  accumulators_.push_back(std::move(accumulator));
}

void PythonProfiles::add_all(std::string_view rest) {
  spark::PythonAnswer answer(rest);
  constexpr int32_t most = 16;
  const auto count = answer.number();
  for (int32_t i = 0; i < count && i < most && answer.complete(); ++i) add(answer.text());
}

std::vector<std::string> PythonProfiles::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(accumulators_, {});
}

int64_t PythonProfiles::id_of(const std::string& call_site, bool plans_are_kept) {
  const std::scoped_lock lock(mutex_);
  if (!plans_are_kept) return ++last_id_;
  const auto [known, added] = ids_.try_emplace(call_site, last_id_ + 1);
  if (added) ++last_id_;
  return known->second;
}

}  // namespace mastic::spark_connect
