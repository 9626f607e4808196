// What a session's Python workers measured of themselves (spark.sql.pyspark.udf.profiler): kept from a task's end to the end
// of the next execution, which sends it to the client. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace mastic::spark_connect {

class PythonProfiles {
 public:
  /// One accumulator of a task that ended, as pyspark.worker pickled it.
  void add(std::string accumulator);
  /// Those behind a planning helper's answer: their number, then each behind its length.
  void add_all(std::string_view rest);
  [[nodiscard]] std::vector<std::string> take();

  /// The number of a call site; a new one each time when plans are not kept.
  [[nodiscard]] int64_t id_of(const std::string& call_site, bool plans_are_kept);

 private:
  std::mutex mutex_;
  std::vector<std::string> accumulators_;
  std::map<std::string, int64_t> ids_;
  int64_t last_id_ = 0;
};

}  // namespace mastic::spark_connect
