// The files of large bodies, and the folder in which bodies arrive.
//
//   FOLDER/incoming/EPOCH/…              being written; nothing of it survives a restart
//   FOLDER/blobs/EPOCH/SEQUENCE÷4096/ID  whole, durable, never changed
//
// Each opening of the store has an epoch of its own, one higher than the last. A blob's number is its epoch and a running
// sequence: numbers are never used again, neighbours in time share a folder (and so its fsync), and what an earlier epoch
// left behind can be told from what is being written now without a lock. Thread-safe.
// It does not know the index: which blob is still needed is the caller's question.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "s3/store/folder_sync.h"

namespace mastic::s3 {

class BlobFolder {
 public:
  /// Creates what is missing.
  static Result<std::unique_ptr<BlobFolder>> open(const std::filesystem::path& folder, uint64_t epoch);

  [[nodiscard]] const std::filesystem::path& incoming() const { return incoming_; }
  [[nodiscard]] std::filesystem::path new_incoming_file() const;
  [[nodiscard]] uint64_t next_id() { return epoch_ << sequence_bits | sequence_++; }
  [[nodiscard]] std::filesystem::path path(uint64_t id) const;

  /// Takes a file of the incoming folder over: makes it durable and moves it to its place. Holds no lock meanwhile.
  Result<uint64_t> adopt(const std::filesystem::path& file);
  /// The same for many, with one fsync for each folder.
  Result<std::vector<uint64_t>> adopt_all(const std::vector<std::filesystem::path>& files);
  /// A blob that is not there any more is no failure.
  Result<void> remove(uint64_t id) const;

  /// Removes what earlier epochs, from `from_epoch` on, left in the incoming folder, and their blobs that `is_known` does not
  /// know. Safe beside everything else; stops early when `stop` becomes true.
  Result<void> sweep(uint64_t from_epoch, const std::function<Result<bool>(uint64_t)>& is_known, const std::atomic<bool>& stop);

 private:
  static constexpr unsigned sequence_bits = 40;
  static constexpr unsigned files_per_folder_bits = 12;

  BlobFolder(std::filesystem::path folder, uint64_t epoch);
  [[nodiscard]] std::filesystem::path folder_of(uint64_t id) const;
  Result<void> ensure_folder_of(uint64_t id);
  Result<uint64_t> move_in(const std::filesystem::path& file);

  std::filesystem::path folder_;
  std::filesystem::path incoming_;
  uint64_t epoch_;
  std::atomic<uint64_t> sequence_{1};
  std::mutex creation_;
  std::atomic<uint64_t> folder_ready_{UINT64_MAX};  // Of this epoch, the newest folder that exists durably.
  FolderSync folder_sync_;
};

}  // namespace mastic::s3
