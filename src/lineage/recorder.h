// The engine's side: takes plans as they are run, and tells the sink in the background what they read and wrote.
//
// A query pays for putting a pointer into a queue; deriving and sending happen on one thread of this object, in order, so
// that what was kept or fetched before is known when a later plan reads it. A write waits at its end (at most two seconds)
// until its report has arrived: the run may be over right after it. What cannot be sent is logged and forgotten: lineage
// never fails a query. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "lineage/derive.h"
#include "lineage/openlineage.h"
#include "lineage/sink.h"

namespace mastic::lineage {

struct RecorderOptions {
  Place place;
  std::function<std::string(const spark::Expression&)> text;
};

class Recorder {
 public:
  Recorder(std::shared_ptr<Sink> sink, RecorderOptions options);
  /// Sends what is queued, then ends.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Rows went to the client of `session`, as its DataFrame `plan_id` (0: none that could be named again).
  void fetched(spark::RelationPtr plan, const std::string& session, int64_t plan_id);
  /// Rows are kept under a name that later plans read (ReadCached).
  void kept(const std::string& name, spark::RelationPtr plan, const std::string& session);
  /// Rows are about to be written: the plan's lineage is made while they are, so that the write need not wait for it.
  void writing(spark::RelationPtr plan, const std::string& session);
  /// Rows were written.
  void wrote(spark::RelationPtr plan, Target target, const std::string& session);
  /// A dataset was made, emptied, renamed or dropped.
  void changed(Change change);
  /// Waits until everything so far has been told, `patience` at most.
  void flush(std::chrono::milliseconds patience);

 private:
  using Known = std::shared_ptr<const Lineage>;
  struct Fetched {
    std::string session;
    int64_t plan_id;
    Known lineage;
  };
  void put(std::function<void()> work);
  void run();
  Lineage derived(const spark::RelationPtr& plan, const std::string& session) const;
  void send(const Lineage& lineage, const std::optional<Target>& target);

  const std::shared_ptr<Sink> sink_;
  const RecorderOptions options_;

  // The thread's own.
  std::map<std::string, Known> kept_;
  std::deque<std::string> kept_names_;  // the oldest first
  std::list<Fetched> fetched_;          // the newest first
  std::set<DatasetName> inputs_told_;
  std::pair<spark::RelationPtr, Known> prepared_;  // of the write that was announced last

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  uint64_t put_ = 0;
  uint64_t done_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace mastic::lineage
