#include "lineage/keeper.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/log.h"

namespace mastic::lineage {

using Json = nlohmann::json;

std::string namespace_of_environment() {
  const char* set = std::getenv("OPENLINEAGE_NAMESPACE");
  return set == nullptr || *set == '\0' ? "mastic" : set;
}

std::optional<ParentRun> parent_of_environment() {
  const char* set = std::getenv("OPENLINEAGE_PARENT_ID");
  if (set == nullptr) return std::nullopt;
  const std::string text = set;
  const auto last = text.rfind('/');
  const auto middle = last == std::string::npos || last == 0 ? std::string::npos : text.rfind('/', last - 1);
  if (middle == std::string::npos) return std::nullopt;
  return ParentRun{text.substr(last + 1), text.substr(0, middle), text.substr(middle + 1, last - middle - 1)};
}

Result<std::unique_ptr<Keeper>> Keeper::open(KeeperOptions options, const Clock& clock) {
  std::unique_ptr<Keeper> keeper(new Keeper(clock));
  keeper->keep_ = options.keep;
  auto file = options.event_file;
  if (!options.folder.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(options.folder, failed);
    if (failed) return fail(Error::io("making the folder of lineage", failed.message()));
    TRY(store, Store::open(options.folder / "lineage.db"));
    keeper->store_ = std::move(store);
    if (file.empty()) file = options.folder / "openlineage.ndjson";
  }
  if (!file.empty()) {
    keeper->file_ = std::fopen(file.c_str(), "ae");
    if (keeper->file_ == nullptr)
      return fail(Error::io("opening the file of lineage events", file.string() + ": " + std::strerror(errno)));
  }
  if (options.collector) keeper->collector_ = std::make_unique<Collector>(std::move(*options.collector));
  keeper->thread_ = std::thread([&it = *keeper] { it.run(); });
  return keeper;
}

Keeper::~Keeper() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (file_ != nullptr) std::fclose(file_);
}

void Keeper::put(std::function<Result<void>()> work) {
  {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(work));
    ++put_;
  }
  changed_.notify_all();
}

void Keeper::wait() {
  std::unique_lock lock(mutex_);
  const auto wanted = put_;
  changed_.wait(lock, [&] { return done_ >= wanted; });
}

void Keeper::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    try {
      if (const auto worked = work(); !worked) log::warn("lineage", "{}", worked.error().message);
    } catch (const std::exception& exception) {
      log::warn("lineage", "a report could not be kept: {}", exception.what());
    }
    lock.lock();
    ++done_;
    changed_.notify_all();
  }
}

Result<void> Keeper::emit(const RunFacts& run, std::string_view type, Instant time, const Json& report,
                          const std::string& error) {
  const auto body = run_event(run, type, time, report, error).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (file_ != nullptr) {
    std::fwrite(body.data(), 1, body.size(), file_);
    std::fputc('\n', file_);
    std::fflush(file_);
  }
  if (collector_) collector_->send(body);
  if (!store_) return {};
  TRY_DO(store_->add_event(run.run_key, time, type, body));
  return prune(clock_.now());
}

Result<void> Keeper::prune(Instant now) {
  if (keep_.count() == 0 || now - pruned_ < std::chrono::days(1)) return {};
  pruned_ = now;
  return store_->prune(now - keep_);
}

void Keeper::begin(RunFacts run, Instant time) {
  put([this, run = std::move(run), time]() -> Result<void> {
    if (store_) {
      TRY_DO(store_->begin(run, time));
    } else {
      only_run_ = run;
    }
    return emit(run, "START", time, Json(), {});
  });
}

void Keeper::report(std::string run_key, std::string report, Instant time) {
  put([this, run_key = std::move(run_key), report = std::move(report), time]() -> Result<void> {
    const auto parsed = Json::parse(report);
    if (!store_) {
      if (!only_run_) return {};
      Json merged = only_report_.empty() ? Json() : Json::parse(only_report_);
      merge_report(merged, parsed);
      only_report_ = merged.dump();
      return emit(*only_run_, "RUNNING", time, parsed, {});
    }
    TRY(known, store_->find(run_key));
    if (!known) return fail(Error::invalid("lineage of a run that was not begun: " + run_key));
    TRY_DO(store_->add(run_key, parsed));
    return emit(known->facts, "RUNNING", time, parsed, {});
  });
}

void Keeper::end(std::string run_key, std::string type, Instant time, std::string error) {
  put([this, run_key = std::move(run_key), type = std::move(type), time, error = std::move(error)]() -> Result<void> {
    if (!store_) {
      if (!only_run_) return {};
      return emit(*only_run_, type, time, only_report_.empty() ? Json() : Json::parse(only_report_), error);
    }
    TRY(known, store_->find(run_key));
    if (!known || known->ended) return {};
    TRY_DO(store_->end(run_key, type, time, error));
    TRY(report, store_->report_of(run_key));
    return emit(known->facts, type, time, report, error);
  });
}

}  // namespace mastic::lineage
