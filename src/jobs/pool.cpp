#include "jobs/pool.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "base/identifiers.h"
#include "base/log.h"
#include "jobs/engine_tickets.h"

namespace mastic::jobs {
namespace {

constexpr std::chrono::milliseconds refill_delay{500};
constexpr uint32_t failures_maximum = 2;

template <typename Process>
bool is_overdue(const Process& process, Instant now, std::chrono::seconds limit) {
  return process.phase() == Process::Phase::starting && now - process.started() >= limit;
}

}  // namespace

Pool::Pool(PoolOptions options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

void Pool::cool() {
  warm_ = false;
  for (const auto& engine : engines_) std::filesystem::remove(engine->log_file());
  engines_.clear();
  zygote_.reset();
  refill_.reset();
}

void Pool::advance(std::size_t waiting) {
  if (waiting > 0) warm_ = true;
  advance_zygote();
  advance_engines(waiting);
}

void Pool::advance_zygote() {
  if (zygote_) {
    zygote_->advance();
    for (auto& driver : zygote_->take_started()) reported_.push_back(std::move(driver));
    const bool overdue = is_overdue(*zygote_, clock_.now(), options_.start_limit);
    if (zygote_->phase() == Zygote::Phase::ready) zygote_failures_ = 0;
    if (overdue || zygote_->phase() == Zygote::Phase::ended) {
      note_failure(zygote_failures_, overdue ? "the Python zygote did not become ready" : "the Python zygote ended",
                   zygote_->log_file());
      zygote_.reset();
    }
  }
  if (warm_ && !zygote_ && zygote_failures_ < failures_maximum) {
    auto environment = inherited_environment();
    auto started = Zygote::start(options_.zygote_command, environment, options_.log_folder / "zygote.log", clock_.now());
    if (started) {
      zygote_ = std::move(*started);
    } else {
      note_failure(zygote_failures_, started.error().message, {});
    }
  }
}

void Pool::advance_engines(std::size_t waiting) {
  const auto now = clock_.now();
  std::size_t ready = 0;
  for (auto& engine : engines_) {
    engine->advance();
    if (engine->phase() == EngineProcess::Phase::ready) ++ready;
    const bool overdue = is_overdue(*engine, now, options_.start_limit);
    if (overdue || engine->phase() == EngineProcess::Phase::ended) {
      note_failure(engine_failures_,
                   overdue ? "an engine did not become ready" : "an engine ended: " + describe_status(engine->status()),
                   engine->log_file());
      std::filesystem::remove(engine->log_file());
      engine.reset();
    }
  }
  std::erase(engines_, nullptr);
  if (refill_ && now >= *refill_) refill_.reset();

  const auto warm = warm_ && !refill_ ? options_.warm_engines : 0;
  const auto wanted = std::max<std::size_t>(waiting, warm);
  while (engines_.size() < wanted && engine_failures_ < failures_maximum) {
    const auto log_file = options_.log_folder / fmt::format("engine-{}-{}.log", getpid(), ++engine_number_);
    auto environment = inherited_environment();
    auto ticket = options_.with_tickets ? random_hex(32) : std::string();
    if (!ticket.empty()) environment.emplace(ticket_variable, ticket);
    auto started = EngineProcess::start(options_.engine_command, environment, log_file, now, std::move(ticket));
    if (!started) {
      note_failure(engine_failures_, started.error().message, {});
      break;
    }
    engines_.push_back(std::move(*started));
  }
}

void Pool::note_failure(uint32_t& count, std::string what, const std::filesystem::path& log_file) {
  if (!log_file.empty()) {
    const auto lines = last_lines(log_file);
    if (!lines.empty()) what += "; its last words: " + lines;
  }
  log::warn("jobs", "{}", what);
  if (++count >= failures_maximum) failure_ = std::move(what);
}

void Pool::add_descriptors(std::vector<int>& into) const {
  if (zygote_) zygote_->add_descriptors(into);
  for (const auto& engine : engines_) engine->add_descriptors(into);
}

void Pool::add_processes(std::vector<pid_t>& into) const {
  if (zygote_) into.push_back(zygote_->process());
  for (const auto& engine : engines_) into.push_back(engine->process());
}

std::optional<Instant> Pool::next_look() const {
  std::optional<Instant> next = refill_;
  const auto look = [&](Instant at) { next = next ? std::min(*next, at) : at; };
  if (zygote_ && zygote_->phase() == Zygote::Phase::starting) look(zygote_->started() + options_.start_limit);
  for (const auto& engine : engines_) {
    if (engine->phase() == EngineProcess::Phase::starting) look(engine->started() + options_.start_limit);
  }
  return next;
}

Zygote* Pool::zygote() const { return zygote_ && zygote_->phase() == Zygote::Phase::ready ? zygote_.get() : nullptr; }

std::size_t Pool::ready_engines() const {
  return static_cast<std::size_t>(
      std::ranges::count(engines_, EngineProcess::Phase::ready, [](const auto& engine) { return engine->phase(); }));
}

bool Pool::has_ready_engine() const {
  return std::ranges::any_of(engines_, [](const auto& engine) { return engine->phase() == EngineProcess::Phase::ready; });
}

std::unique_ptr<EngineProcess> Pool::take_engine() {
  const auto found =
      std::ranges::find(engines_, EngineProcess::Phase::ready, [](const auto& engine) { return engine->phase(); });
  if (found == engines_.end()) return nullptr;
  auto engine = std::move(*found);
  engines_.erase(found);
  refill_ = clock_.now() + refill_delay;
  engine_failures_ = 0;
  return engine;
}

std::vector<StartedDriver> Pool::take_started() { return std::exchange(reported_, {}); }

void Pool::drop_zygote() { zygote_.reset(); }

std::optional<std::string> Pool::take_failure() {
  if (failure_) zygote_failures_ = engine_failures_ = 0;
  return std::exchange(failure_, std::nullopt);
}

}  // namespace mastic::jobs
