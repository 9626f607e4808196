// The loop, and what other threads ask of it. How runs are launched and ended is in supervisor_launch.cpp and
// supervisor_end.cpp.
#include "jobs/supervisor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "jobs/errors.h"

namespace mastic::jobs {

struct Supervisor::StopRequest {
  std::string_view run_id;
  std::optional<Result<RunRecord>> answer;
};

Supervisor::Supervisor(const Options& options, const Clock& clock, RunStore& store, std::unique_ptr<OutputFollower> output)
    : options_(options),
      clock_(clock),
      store_(store),
      output_(std::move(output)),
      pool_({.log_folder = options.folder / "pool",
             .engine_command = options.engine_command,
             .zygote_command = options.zygote_command,
             .warm_engines = options.warm_engines,
             .start_limit = options.start_limit,
             .with_tickets = options.tickets != nullptr},
            clock),
      last_use_(clock.now()),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Supervisor::~Supervisor() { end_work(); }

void Supervisor::end_work() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake();
  if (thread_.joinable()) thread_.join();
}

void Supervisor::requeue(RunRecord run) {
  queue_.push_back(std::move(run));
  occupied_ = queue_.size() + active_.size();
}

void Supervisor::adopt(RunRecord run, const DriverProcess& driver, Descriptor watched) {
  auto active = std::make_unique<Active>();
  active->driver = driver;
  active->meter = UsageMeter(run.started.value_or(clock_.now()), {});
  active->watched = std::move(watched);
  active->adopted = true;
  if (run.state == State::stopping) active->reason = Reason::stop_asked;
  active->run = std::move(run);
  if (const auto followed = output_->follow(active->run.run_id, options_.folder / "runs" / active->run.run_id); !followed) {
    log::warn("jobs", "the output of run {} is not followed: {}", active->run.run_id, followed.error().message);
  }
  auto run_id = active->run.run_id;
  active_[std::move(run_id)] = std::move(active);
  occupied_ = queue_.size() + active_.size();
}

Result<void> Supervisor::begin(std::map<std::string, std::string> environment) {
  if (!wake_.is_open()) return fail(Error::internal("no eventfd for the runs' supervisor"));
  environment_ = std::move(environment);
  adopt_orphans();
  thread_ = std::thread([this] { loop(); });
  return {};
}

void Supervisor::submit(RunRecord run) {
  {
    const std::scoped_lock lock(mutex_);
    submitted_.push_back(std::move(run));
    ++occupied_;
  }
  wake();
}

Result<RunRecord> Supervisor::stop(std::string_view run_id) {
  if (std::this_thread::get_id() == thread_.get_id()) {
    take_calls();  // A run that was submitted just before may not have been taken yet.
    return stop_now(run_id);
  }
  StopRequest request{run_id, std::nullopt};
  std::unique_lock lock(mutex_);
  if (stopping_) return fail(Error::internal("the server is being shut down"));
  stops_.push_back(&request);
  wake();
  changed_.wait(lock, [&] { return request.answer.has_value(); });
  return std::move(*request.answer);
}

void Supervisor::on_change(std::function<void(const RunRecord&)> callback) {
  const std::scoped_lock lock(mutex_);
  callbacks_.push_back(std::move(callback));
}

void Supervisor::heat() {
  {
    const std::scoped_lock lock(mutex_);
    heat_ = true;
  }
  wake();
}

void Supervisor::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof one);
}

bool Supervisor::has_room() const {
  const std::scoped_lock lock(mutex_);
  return occupied_ < options_.running_maximum;
}

uint64_t Supervisor::wait_for_change(uint64_t seen, std::chrono::steady_clock::time_point limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, limit, [&] { return changes_ != seen; });
  return changes_;
}

void Supervisor::loop() {
  while (true) {
    tick();
    {
      const std::scoped_lock lock(mutex_);
      if (stopping_ && active_.empty()) break;
    }
    sleep();
  }
  pool_.cool();
  leaving_engines_.clear();
}

void Supervisor::tick() {
  take_calls();
  pool_.advance(std::min(queue_.size(), room()));
  take_started();
  for (auto at = active_.begin(); at != active_.end();) {
    advance(*at->second);
    at = at->second->ended ? active_.erase(at) : std::next(at);
  }
  launch_waiting();
  std::erase_if(leaving_engines_, [&](auto& leaving) {
    leaving.first->advance();
    return leaving.first->phase() == EngineProcess::Phase::ended || clock_.now() >= leaving.second;
  });
  reap_strays_if_safe();
  look_at_idleness();
  for (auto& [_, active] : active_) {
    if (clock_.now() >= active->meter.due()) look_at_usage(*active);
  }
  const std::scoped_lock lock(mutex_);
  occupied_ = queue_.size() + active_.size() + submitted_.size();
  figures_ = {.waiting = queue_.size() + submitted_.size(),
              .running = active_.size(),
              .running_maximum = options_.running_maximum,
              .engines_ready = pool_.ready_engines(),
              .has_zygote = pool_.zygote() != nullptr};
}

void Supervisor::look_at_usage(Active& active) {
  active.meter.look(active.engine ? active.engine->process() : 0, active.driver.number, clock_.now());
  const std::scoped_lock lock(mutex_);
  usages_.insert_or_assign(active.run.run_id, active.meter.usage());
}

std::optional<RunUsage> Supervisor::usage(std::string_view run_id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = usages_.find(run_id);
  return found == usages_.end() ? std::nullopt : std::optional(found->second);
}

PoolFigures Supervisor::figures() const {
  const std::scoped_lock lock(mutex_);
  return figures_;
}

std::size_t Supervisor::room() const {
  const std::size_t maximum = options_.running_maximum;
  return active_.size() < maximum ? maximum - active_.size() : 0;
}

void Supervisor::take_calls() {
  uint64_t count = 0;
  [[maybe_unused]] const auto size = read(wake_.get(), &count, sizeof count);
  std::unique_lock lock(mutex_);
  auto submitted = std::exchange(submitted_, {});
  const auto stops = std::exchange(stops_, {});
  if (std::exchange(heat_, false)) {
    pool_.heat();
    last_use_ = clock_.now();
  }
  const bool stopping = stopping_;
  lock.unlock();

  for (auto& run : submitted) {
    announce(run);
    queue_.push_back(std::move(run));
  }
  for (auto* request : stops) {
    auto answer = stop_now(request->run_id);
    const std::scoped_lock answering(mutex_);
    request->answer = std::move(answer);
    changed_.notify_all();
  }
  if (stopping) {
    for (auto& [_, active] : active_) end(*active, Reason::shut_down);
  }
}

void Supervisor::change(RunRecord& run) {
  run.modified = clock_.now();
  if (const auto written = store_.update(run); !written) {
    // A restart finds the run in its old state and reads its outcome from its folder.
    log::error("jobs", "run {} is {}, but that could not be kept: {}", run.run_id, name_of(run.state), written.error().message);
  }
  announce(run);
}

void Supervisor::announce(const RunRecord& run) {
  log::debug("jobs", "run {} of {} is {}", run.run_id, run.job_name, name_of(run.state));
  std::vector<std::function<void(const RunRecord&)>> callbacks;
  {
    const std::scoped_lock lock(mutex_);
    ++changes_;
    callbacks = callbacks_;
  }
  changed_.notify_all();
  const auto copy = run;  // A callback may stop a run, and `run` may be an element of the queue.
  for (const auto& callback : callbacks) callback(copy);
}

void Supervisor::look_at_idleness() {
  const auto now = clock_.now();
  if (!active_.empty() || !queue_.empty()) last_use_ = now;
  if (pool_.is_warm() && options_.idle.count() > 0 && now - last_use_ >= options_.idle) {
    log::debug("jobs", "no run for a while: the warm pool is emptied");
    pool_.cool();
  }
}

void Supervisor::reap_strays_if_safe() {
  std::vector<pid_t> known;
  pool_.add_processes(known);
  for (const auto& [_, active] : active_) {
    if (active->driver.number == 0) return;  // It may be the one that has ended.
    known.push_back(active->driver.number);
    if (active->engine) known.push_back(active->engine->process());
  }
  for (const auto& [engine, _] : leaving_engines_) known.push_back(engine->process());
  reap_strays(known);
}

std::optional<Instant> Supervisor::next_deadline() const {
  auto next = pool_.next_look();
  const auto look = [&](Instant at) { next = next ? std::min(*next, at) : at; };
  for (const auto& [_, active] : active_) {
    if (active->kill_at) look(*active->kill_at);
    look(active->meter.due());
    if (active->reason == Reason::none && active->run.timeout.count() > 0) look(*active->run.started + active->run.timeout);
  }
  for (const auto& [_, kill_at] : leaving_engines_) look(kill_at);
  if (pool_.is_warm() && options_.idle.count() > 0) look(last_use_ + options_.idle);
  return next;
}

void Supervisor::sleep() {
  std::vector<int> descriptors{wake_.get()};
  pool_.add_descriptors(descriptors);
  for (const auto& [_, active] : active_) {
    if (active->watched.is_open()) descriptors.push_back(active->watched.get());
    if (active->engine) active->engine->add_descriptors(descriptors);
  }
  for (const auto& [engine, _] : leaving_engines_) engine->add_descriptors(descriptors);
  std::vector<pollfd> waiting;
  for (const int number : descriptors) waiting.push_back({.fd = number, .events = POLLIN, .revents = 0});

  int limit_milliseconds = -1;
  if (const auto deadline = next_deadline()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock_.now()).count();
    limit_milliseconds = static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
  }
  poll(waiting.data(), waiting.size(), limit_milliseconds);
}

}  // namespace mastic::jobs
