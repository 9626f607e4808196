#include "s3/store/folder_sync.h"

#include "base/files.h"

namespace mastic::s3 {

Result<void> FolderSync::sync(const std::filesystem::path& folder) {
  std::unique_lock lock(mutex_);
  const auto position = rounds_.try_emplace(folder.string()).first;
  Round& round = position->second;
  ++round.waiting;
  // An fsync that is running now may have missed the caller's rename: the next one counts.
  const uint64_t wanted = round.started + 1;
  while (round.finished < wanted) {
    if (round.started > round.finished) {
      round_ended_.wait(lock);
      continue;
    }
    ++round.started;
    lock.unlock();
    auto outcome = sync_folder(folder);
    lock.lock();
    ++round.finished;
    // A failed fsync may have dropped what it was to write, so a later success proves nothing: it fails all who wait.
    if (round.outcome || !outcome) round.outcome = std::move(outcome);
    round_ended_.notify_all();
  }
  Result<void> outcome = round.outcome;
  if (--round.waiting == 0) rounds_.erase(position);
  return outcome;
}

}  // namespace mastic::s3
