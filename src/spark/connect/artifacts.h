// What a client uploaded to its session: cached local data (`cache/<hash>`) in memory, other files in a scratch folder.
//
// Thread-safe. The folder goes with the store.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "spark/plan/spark_error.h"

namespace mastic::spark_connect {

class ArtifactStore {
 public:
  /// The folder is made when the first file comes.
  explicit ArtifactStore(std::filesystem::path folder);
  ~ArtifactStore();
  ArtifactStore(const ArtifactStore&) = delete;
  ArtifactStore& operator=(const ArtifactStore&) = delete;

  /// `name` is the artifact's path: `cache/…`, `pyfiles/…`, `files/…`, `archives/…`, `jars/…`, `classes/…`. Files that are
  /// there with another content are refused (ARTIFACT_ALREADY_EXISTS), as Spark does.
  [[nodiscard]] spark::SparkResult<void> add(const std::string& name, std::string content);
  [[nodiscard]] bool exists(const std::string& name) const;
  [[nodiscard]] std::shared_ptr<const std::string> cached(std::string_view hash) const;
  void copy_cached_from(const ArtifactStore& other);
  /// Where files lie: the Python workers of this session add it to their path.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Grows with each file that comes.
  [[nodiscard]] uint64_t version() const { return version_; }

 private:
  [[nodiscard]] spark::SparkResult<void> add_file(const std::string& name, std::string_view content);

  const std::filesystem::path folder_;
  std::atomic<uint64_t> version_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const std::string>, std::less<>> cached_;
};

/// The CRC-32 that artifact chunks carry (zlib's).
uint32_t crc32(std::string_view bytes);

}  // namespace mastic::spark_connect
