#include "s3/store/bodies.h"

#include <rocksdb/iterator.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"
#include "s3/store/descriptor.h"
#include "s3/store/index_keys.h"

namespace mastic::s3 {

Bodies::Bodies(rocks::Database& index, std::unique_ptr<BlobFolder> blobs)
    : index_(index),
      inlined_(index.family("inlined")),
      blob_ids_(index.family("blobs")),
      condemned_(index.family("condemned")),
      blobs_(std::move(blobs)) {}

Result<Location> Bodies::keep(Body body, rocks::Batch& batch) {
  if (body.size <= largest_inlined) {
    if (body.in_file()) {
      TRY(bytes, read_file(body.file));
      ::unlink(body.file.c_str());
      body.bytes = std::move(bytes);
    }
    const Location location{Location::Kind::inlined, blobs_->next_id()};
    batch.put(inlined_, keys::big_endian(location.id), body.bytes);
    return location;
  }
  if (!body.in_file()) {
    TRY(file, write_incoming(body.bytes));
    body = std::move(file);
  }
  TRY(id, blobs_->adopt(body.file));
  batch.put(blob_ids_, keys::big_endian(id), {});
  return Location{Location::Kind::file, id};
}

Result<std::vector<Location>> Bodies::keep_all(const std::vector<Body>& bodies, rocks::Batch& batch) {
  std::vector<std::filesystem::path> files;
  for (const auto& body : bodies)
    if (body.size > largest_inlined) files.push_back(body.file);
  TRY(ids, blobs_->adopt_all(files));
  std::vector<Location> locations;
  auto next_id = ids.begin();
  for (const auto& body : bodies) {
    if (body.size > largest_inlined) {
      batch.put(blob_ids_, keys::big_endian(*next_id), {});
      locations.push_back({Location::Kind::file, *next_id++});
    } else {
      TRY(location, keep(body, batch));
      locations.push_back(location);
    }
  }
  return locations;
}

void Bodies::discard_after(const Error& error, const std::vector<Location>& locations) const {
  if (error.http_status >= 500) return;
  for (const auto& location : locations) {
    // What cannot be removed now is found by the next start's sweep.
    if (location.kind == Location::Kind::file) static_cast<void>(blobs_->remove(location.id));
  }
}

void Bodies::release(const Location& location, Instant now, rocks::Batch& batch) const {
  if (location.kind == Location::Kind::inlined) return batch.remove(inlined_, keys::big_endian(location.id));
  batch.put(condemned_, keys::big_endian(static_cast<uint64_t>(to_microseconds(now))) + keys::big_endian(location.id), {});
}

Result<std::optional<Body>> Bodies::open(const Location& location, int64_t size) const {
  if (location.kind == Location::Kind::file) return Body::of_file(blobs_->path(location.id), size);
  TRY(bytes, index_.get(inlined_, keys::big_endian(location.id)));
  if (!bytes) return std::nullopt;
  return Body::of_bytes(std::move(*bytes));
}

Result<Body> Bodies::write_incoming(std::string_view bytes) const {
  const auto file = blobs_->new_incoming_file();
  TRY(descriptor, Descriptor::create(file));
  TRY_DO(append_bytes(bytes, descriptor));
  return Body::of_file(file, static_cast<int64_t>(bytes.size()));
}

Result<Body> Bodies::duplicate(const Body& body) const {
  if (!body.in_file()) return body;
  // Blobs are never changed, so a further name of the same file is as good as a copy.
  const auto file = blobs_->new_incoming_file();
  if (::link(body.file.c_str(), file.c_str()) == 0) return Body::of_file(file, body.size);
  if (errno != EMLINK && errno != EPERM && errno != EOPNOTSUPP)
    return fail(Error::io("cannot copy a body", body.file.string() + ": " + std::strerror(errno)));
  return duplicate_range(body, 0, body.size);
}

Result<Body> Bodies::duplicate_range(const Body& body, int64_t offset, int64_t length) const {
  if (!body.in_file())
    return Body::of_bytes(body.bytes.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length)));
  TRY(from, Descriptor::open_to_read(body.file));
  if (length <= largest_inlined) {
    TRY(bytes, read_range(from, offset, length));
    return Body::of_bytes(std::move(bytes));
  }
  const auto file = blobs_->new_incoming_file();
  TRY(to, Descriptor::create(file));
  TRY_DO(append_range(from, offset, length, to));
  return Body::of_file(file, length);
}

Result<Body> Bodies::join(const std::vector<Body>& bodies) const {
  if (bodies.size() == 1) return duplicate(bodies.front());
  const auto file = blobs_->new_incoming_file();
  TRY(to, Descriptor::create(file));
  int64_t size = 0;
  for (const auto& body : bodies) {
    if (body.in_file()) {
      TRY(from, Descriptor::open_to_read(body.file));
      TRY_DO(append_range(from, 0, body.size, to));
    } else {
      TRY_DO(append_bytes(body.bytes, to));
    }
    size += body.size;
  }
  return Body::of_file(file, size);
}

Result<void> Bodies::remove_condemned(Instant until, const std::atomic<bool>& stop) {
  const auto cursor = index_.cursor(condemned_);
  for (cursor->SeekToFirst(); cursor->Valid() && !stop;) {
    constexpr int files_per_batch = 256;
    rocks::Batch batch;
    int count = 0;
    for (; cursor->Valid() && count < files_per_batch; cursor->Next(), ++count) {
      const std::string_view key(cursor->key().data(), cursor->key().size());
      if (from_microseconds(static_cast<int64_t>(keys::from_big_endian(key))) > until) break;
      const auto id = key.substr(8);
      // First the file, then its entries: a crash in between removes a file twice, which does no harm.
      TRY_DO(blobs_->remove(keys::from_big_endian(id)));
      batch.remove(condemned_, key);
      batch.remove(blob_ids_, id);
    }
    if (count == 0) break;
    TRY_DO(index_.write(batch));
  }
  return {};
}

Result<void> Bodies::sweep(uint64_t from_epoch, const std::atomic<bool>& stop) {
  const auto is_known = [this](uint64_t id) -> Result<bool> {
    TRY(entry, index_.get(blob_ids_, keys::big_endian(id)));
    return entry.has_value();
  };
  return blobs_->sweep(from_epoch, is_known, stop);
}

}  // namespace mastic::s3
