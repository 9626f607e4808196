// Makes renames into a folder durable; callers that wait at the same time share one fsync. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "base/result.h"

namespace mastic::s3 {

class FolderSync {
 public:
  /// Returns once an fsync of `folder` that began after this call has ended.
  Result<void> sync(const std::filesystem::path& folder);

 private:
  struct Round {
    uint64_t started = 0;   // fsyncs begun
    uint64_t finished = 0;  // fsyncs ended; no more than one runs at a time
    int waiting = 0;
    Result<void> outcome = {};
  };
  std::mutex mutex_;
  std::condition_variable round_ended_;
  std::map<std::string, Round> rounds_;
};

}  // namespace mastic::s3
