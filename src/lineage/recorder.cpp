#include "lineage/recorder.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.h"

namespace mastic::lineage {
namespace {

constexpr std::chrono::milliseconds write_patience{2000};
/// A DataFrame's rows come back from the driver soon after they were fetched.
constexpr std::size_t fetched_max = 500;
/// Of rows that a session kept so long ago, nobody reads the lineage any more.
constexpr std::size_t kept_max = 2000;
/// More waiting than this is a sink that hangs: what comes on top is dropped.
constexpr std::size_t queue_max = 10'000;

}  // namespace

Recorder::Recorder(std::shared_ptr<Sink> sink, RecorderOptions options)
    : sink_(std::move(sink)), options_(std::move(options)), thread_([this] { run(); }) {}

Recorder::~Recorder() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Recorder::put(std::function<void()> work) {
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= queue_max) return;
    queue_.push_back(std::move(work));
    ++put_;
  }
  changed_.notify_all();
}

void Recorder::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    try {
      work();
    } catch (const std::exception& exception) {
      log::warn("lineage", "a plan's lineage could not be told: {}", exception.what());
    }
    work = nullptr;  // A plan may hold much data: it goes before the next is waited for.
    lock.lock();
    ++done_;
    changed_.notify_all();
  }
}

void Recorder::flush(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto wanted = put_;
  changed_.wait_for(lock, patience, [&] { return done_ >= wanted; });
}

Lineage Recorder::derived(const spark::RelationPtr& plan, const std::string& session) const {
  const Environment environment{.place = options_.place,
                                .kept =
                                    [this](const std::string& name) {
                                      const auto found = kept_.find(name);
                                      return found == kept_.end() ? nullptr : found->second;
                                    },
                                .fetched =
                                    [&](int64_t plan_id) {
                                      const auto found = std::ranges::find_if(fetched_, [&](const Fetched& one) {
                                        return one.plan_id == plan_id && one.session == session;
                                      });
                                      return found == fetched_.end() ? nullptr : found->lineage;
                                    },
                                .text = options_.text};
  return derive(plan, environment);
}

void Recorder::send(const Lineage& lineage, const std::optional<Target>& target) {
  if (!target) {
    // A query that reads what was read before says nothing new.
    bool is_new = false;
    for (const auto& input : lineage.inputs) is_new = inputs_told_.insert(input.name).second || is_new;
    if (!is_new) return;
  }
  const auto sent = sink_->record(report(lineage, target).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  if (!sent) log::warn("lineage", "a report could not be sent: {}", sent.error().message);
}

void Recorder::fetched(spark::RelationPtr plan, const std::string& session, int64_t plan_id) {
  put([this, plan = std::move(plan), session, plan_id] {
    prepared_ = {};  // of a write that failed, most likely: its plan may hold much
    auto lineage = std::make_shared<const Lineage>(derived(plan, session));
    send(*lineage, std::nullopt);
    if (plan_id == 0) return;
    fetched_.push_front({session, plan_id, std::move(lineage)});
    if (fetched_.size() > fetched_max) fetched_.pop_back();
  });
}

void Recorder::kept(const std::string& name, spark::RelationPtr plan, const std::string& session) {
  put([this, name, plan = std::move(plan), session] {
    if (kept_.insert_or_assign(name, std::make_shared<const Lineage>(derived(plan, session))).second)
      kept_names_.push_back(name);
    if (kept_names_.size() <= kept_max) return;
    kept_.erase(kept_names_.front());
    kept_names_.pop_front();
  });
}

void Recorder::writing(spark::RelationPtr plan, const std::string& session) {
  put([this, plan = std::move(plan), session] {
    auto lineage = std::make_shared<const Lineage>(derived(plan, session));
    prepared_ = {plan, std::move(lineage)};
  });
}

void Recorder::wrote(spark::RelationPtr plan, Target target, const std::string& session) {
  put([this, plan = std::move(plan), target = std::move(target), session] {
    const auto prepared = std::exchange(prepared_, {});
    send(prepared.first == plan ? *prepared.second : derived(plan, session), target);
  });
  flush(write_patience);
}

void Recorder::changed(Change change) {
  put([this, change = std::move(change)] {
    const auto sent = sink_->record(report(change).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    if (!sent) log::warn("lineage", "a report could not be sent: {}", sent.error().message);
  });
  flush(write_patience);
}

}  // namespace mastic::lineage
