// Keeps bodies: small ones in the index, large ones as blob files. Everything that changes the index goes into a batch that
// the caller writes together with the record that names the body; so a body and its record become visible at once.
//
// Thread-safe; holds no lock while it copies or syncs. It knows no object: who may read or write is the caller's matter.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/rocks.h"
#include "s3/object.h"
#include "s3/store/blob_folder.h"
#include "s3/store/records.h"

namespace mastic::s3 {

class Bodies {
 public:
  static constexpr int64_t largest_inlined = 16 << 10;

  Bodies(rocks::Database& index, std::unique_ptr<BlobFolder> blobs);

  /// Takes the body over. The batch is not written: when it is not going to be, `discard_after` takes this back.
  Result<Location> keep(Body body, rocks::Batch& batch);
  /// The same for many files, with few fsyncs.
  Result<std::vector<Location>> keep_all(const std::vector<Body>& bodies, rocks::Batch& batch);
  /// Nothing when it was the index that failed: a batch whose fsync failed may be there after a restart all the same, and
  /// its bodies with it. The sweep will tell.
  void discard_after(const Error& error, const std::vector<Location>& locations) const;
  /// Gives the body up: an inlined one with the batch, a file some time after `now` (remove_condemned).
  void release(const Location& location, Instant now, rocks::Batch& batch) const;

  /// A number that is higher than all that were given before, for what wants to be ordered.
  [[nodiscard]] uint64_t next_number() { return blobs_->next_id(); }

  /// None: it was released and is gone; its record has changed since the caller read it.
  [[nodiscard]] Result<std::optional<Body>> open(const Location& location, int64_t size) const;

  /// A new body with the same bytes: a further name for the file, or copied bytes.
  [[nodiscard]] Result<Body> duplicate(const Body& body) const;
  [[nodiscard]] Result<Body> duplicate_range(const Body& body, int64_t offset, int64_t length) const;
  [[nodiscard]] Result<Body> join(const std::vector<Body>& bodies) const;

  [[nodiscard]] const std::filesystem::path& incoming_folder() const { return blobs_->incoming(); }

  /// Removes files that were released at or before `until`.
  Result<void> remove_condemned(Instant until, const std::atomic<bool>& stop);
  /// Removes the files that no index entry names: what a crash between a blob's rename and its batch left.
  Result<void> sweep(uint64_t from_epoch, const std::atomic<bool>& stop);

 private:
  [[nodiscard]] Result<Body> write_incoming(std::string_view bytes) const;

  rocks::Database& index_;
  rocks::Family inlined_;
  rocks::Family blob_ids_;
  rocks::Family condemned_;
  std::unique_ptr<BlobFolder> blobs_;
};

}  // namespace mastic::s3
