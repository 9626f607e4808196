#include "jobs/run_folder.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "base/files.h"

namespace mastic::jobs {
namespace {

Result<void> keep_files(const std::vector<ExtraFile>& files, const std::filesystem::path& folder) {
  if (files.empty()) return {};
  TRY_DO(make_folder(folder));
  for (const auto& file : files) TRY_DO(write_file_durably(folder / file.name, file.content));
  return {};
}

}  // namespace

std::filesystem::path folder_of_run(const std::filesystem::path& jobs_folder, std::string_view run_id) {
  return jobs_folder / "runs" / run_id;
}

Result<void> keep_extra_files(const RunRequest& request, const std::filesystem::path& folder) {
  TRY_DO(keep_files(request.python_files, folder / "python"));
  return keep_files(request.files, folder / "work");
}

Result<std::filesystem::path> prepare_run_folder(const RunRequest& request, const std::filesystem::path& folder) {
  for (const char* name : {"script", "work", "tmp"}) TRY_DO(make_folder(folder / name));
  // Not synced: a run that has not begun is prepared again after a crash.
  const auto script = folder / "script" / request.script_name;
  std::ofstream file(script, std::ios::binary | std::ios::trunc);
  file << request.script;
  file.close();
  if (!file) return fail(Error::io("writing the script", script.string()));
  return script;
}

std::vector<std::string> python_path_of(const std::filesystem::path& folder) {
  static constexpr std::array<std::string_view, 3> archives{".zip", ".egg", ".whl"};
  std::vector<std::string> path;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "python", missing)) {
    if (std::ranges::find(archives, entry.path().extension().string()) != archives.end()) path.push_back(entry.path().string());
  }
  std::ranges::sort(path);
  if (!missing) path.insert(path.begin(), (folder / "python").string());
  return path;
}

void remove_scratch(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const char* name : {"work", "tmp", "python"}) std::filesystem::remove_all(folder / name, ignored);
  for (const char* name : {".stdout.delivered", ".stderr.delivered"}) std::filesystem::remove(folder / name, ignored);
  if (std::filesystem::is_empty(folder / "engine.log", ignored)) std::filesystem::remove(folder / "engine.log", ignored);
}

}  // namespace mastic::jobs
