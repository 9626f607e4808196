// df.observe(): the aggregates that a plan's Observe nodes ask for.
//
// An observed part of a plan is computed once, before the rest: its rows are kept, the metrics are taken from them, and the
// rest of the plan reads the same rows. So metrics and result agree, whatever is random in between. Metrics are of all rows
// of the observed part, also when the query looks at the first few only. One execution's; not thread-safe.
#pragma once

#include <spark/connect/base.pb.h>

#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/lower.h"

namespace mastic::spark_connect {

class Observations {
 public:
  explicit Observations(engine::Engine& engine) : engine_(engine) {}
  ~Observations();
  Observations(const Observations&) = delete;
  Observations& operator=(const Observations&) = delete;

  /// The plan with each Observe node replaced by the rows that it let pass. A metric that fails is reported by its
  /// observation alone.
  [[nodiscard]] spark::SparkResult<spark::RelationPtr> settle(engine::Connection& connection, const spark::RelationPtr& plan,
                                                              const spark::LowerOptions& options);
  /// What was measured; empty: nothing was asked for.
  [[nodiscard]] const std::vector<::spark::connect::ExecutePlanResponse::ObservedMetrics>& found() const { return found_; }

 private:
  void measure(engine::Connection& connection, const spark::Observe& node, const std::string& rows_name,
               const spark::LowerOptions& options);

  engine::Engine& engine_;
  std::vector<std::string> kept_;
  std::set<std::string> measured_;
  std::vector<::spark::connect::ExecutePlanResponse::ObservedMetrics> found_;
};

}  // namespace mastic::spark_connect
