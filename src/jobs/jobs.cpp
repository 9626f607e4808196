#include "jobs/jobs.h"

#include <algorithm>
#include <thread>

#include "base/files.h"
#include "jobs/errors.h"
#include "jobs/output.h"
#include "jobs/reconcile.h"
#include "jobs/run_folder.h"
#include "jobs/run_store.h"
#include "jobs/supervisor.h"

namespace mastic::jobs {
namespace {

constexpr std::size_t name_length_maximum = 255;

bool is_plain_file_name(std::string_view name) {
  return !name.empty() && name.size() <= name_length_maximum && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

bool is_run_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= name_length_maximum && std::ranges::all_of(id, allowed);
}

bool has_zero_byte(std::string_view text) { return text.find('\0') != std::string_view::npos; }

/// What a restart found out about runs that have ended meanwhile reaches the sink and leaves no scratch behind.
void close_ended(const std::vector<RunRecord>& ended, const std::filesystem::path& folder, OutputFollower& output) {
  for (const auto& run : ended) {
    const auto run_folder = folder_of_run(folder, run.run_id);
    if (!std::filesystem::exists(run_folder)) continue;
    if (output.follow(run.run_id, run_folder)) output.finish(run.run_id);
    remove_scratch(run_folder);
  }
}

}  // namespace

Runs::Runs(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

Runs::~Runs() = default;

Result<std::unique_ptr<Runs>> Runs::open(Options options, const Clock& clock, LogSink& sink) {
  if (options.running_maximum == 0) options.running_maximum = std::max(2U, std::thread::hardware_concurrency());
  TRY_DO(make_folder(options.folder / "runs"));
  std::error_code ignored;
  std::filesystem::remove_all(options.folder / "pool", ignored);
  TRY_DO(make_folder(options.folder / "pool"));

  std::unique_ptr<Runs> runs(new Runs(std::move(options), clock));
  const auto& folder = runs->options_.folder;
  TRY(store, RunStore::open(folder / "jobs.db"));
  runs->store_ = std::move(store);
  TRY(output, OutputFollower::start(sink));
  TRY(reconciled, reconcile(*runs->store_, folder, clock));
  close_ended(reconciled.ended, folder, *output);
  runs->supervisor_ = std::make_unique<Supervisor>(runs->options_, clock, *runs->store_, std::move(output));
  for (auto& run : reconciled.to_run) runs->supervisor_->requeue(std::move(run));
  for (auto& living : reconciled.living) {
    runs->supervisor_->adopt(std::move(living.run), living.driver, std::move(living.watched));
  }
  return runs;
}

Result<void> Runs::begin(std::map<std::string, std::string> environment) { return supervisor_->begin(std::move(environment)); }

Result<void> Runs::check(const RunRequest& request) const {
  if (!is_run_id(request.run_id)) return fail(error::invalid_request("The run's id may not be used", request.run_id));
  if (!is_plain_file_name(request.script_name)) {
    return fail(error::invalid_request("The script's name is no file name", request.script_name));
  }
  for (const auto* files : {&request.python_files, &request.files}) {
    for (const auto& file : *files) {
      if (!is_plain_file_name(file.name)) return fail(error::invalid_request("This is no file name", file.name));
    }
  }
  for (const auto& argument : request.arguments) {
    if (has_zero_byte(argument)) return fail(error::invalid_request("An argument holds a zero byte", argument));
  }
  for (const auto& [name, value] : request.environment) {
    if (name.empty() || name.find('=') != std::string::npos || has_zero_byte(name) || has_zero_byte(value)) {
      return fail(error::invalid_request("This may not be set in an environment", name));
    }
  }
  return {};
}

Result<RunRecord> Runs::start(RunRequest request) {
  TRY_DO(check(request));
  TRY(same, store_->find(request.run_id));
  if (same) return fail(error::run_exists(request.run_id));
  const auto now = clock_.now();
  RunRecord run{.run_id = request.run_id,
                .job_name = request.job_name,
                .attempt = request.attempt,
                .script_name = request.script_name,
                .arguments = request.arguments,
                .glue_version = request.glue_version,
                .timeout = request.timeout,
                .memory_limit_bytes = request.memory_limit_bytes,
                .details = request.details,
                .access_key = request.access_key,
                .state = supervisor_->has_room() ? State::starting : State::waiting,
                .accepted = now,
                .modified = now};
  const auto folder = run_folder(run.run_id);
  TRY_DO(keep_extra_files(request, folder));
  if (auto inserted =
          store_->insert(request, run, {.of_job = request.concurrent_runs_maximum, .waiting = options_.waiting_maximum});
      !inserted) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return fail(std::move(inserted.error()));
  }
  supervisor_->submit(run);
  return run;
}

void Runs::end() { supervisor_->end_work(); }

Result<RunRecord> Runs::stop(std::string_view run_id) { return supervisor_->stop(run_id); }

Result<std::optional<RunRecord>> Runs::find(std::string_view run_id) const { return store_->find(run_id); }

Result<std::vector<RunRecord>> Runs::list(const ListQuery& query) const { return store_->list(query); }

Result<uint64_t> Runs::unfinished(std::string_view job_name) const { return store_->unfinished_count(job_name); }

Result<void> Runs::forget(std::string_view job_name) {
  TRY(removed, store_->remove_ended(job_name));
  std::error_code ignored;
  for (const auto& run_id : removed) std::filesystem::remove_all(run_folder(run_id), ignored);
  return {};
}

void Runs::forget_files(Instant before) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(options_.folder / "runs", ignored)) {
    const auto run = store_->find(entry.path().filename().string());
    if (!run || !*run || !is_final((*run)->state) || (*run)->completed.value_or((*run)->modified) >= before) continue;
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

Result<std::optional<RunUsage>> Runs::usage(std::string_view run_id) const {
  if (auto current = supervisor_->usage(run_id)) return current;
  TRY(kept, store_->usage_of(run_id));
  return kept ? unpack_usage(*kept) : std::optional<RunUsage>{};
}

PoolFigures Runs::figures() const { return supervisor_->figures(); }

Result<std::map<std::string, int64_t>> Runs::counts() const { return store_->counts(); }

void Runs::on_change(std::function<void(const RunRecord&)> callback) { supervisor_->on_change(std::move(callback)); }

Result<RunRecord> Runs::wait(std::string_view run_id, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  uint64_t seen = 0;
  while (true) {
    TRY(run, store_->find(run_id));
    if (!run) return fail(error::no_such_run(run_id));
    if (is_final(run->state) || std::chrono::steady_clock::now() >= deadline) return std::move(*run);
    seen = supervisor_->wait_for_change(seen, deadline);
  }
}

void Runs::prepare() { supervisor_->heat(); }

std::filesystem::path Runs::run_folder(std::string_view run_id) const { return folder_of_run(options_.folder, run_id); }

void Runs::clock_moved() { supervisor_->wake(); }

}  // namespace mastic::jobs
