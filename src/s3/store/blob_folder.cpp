#include "s3/store/blob_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <set>

#include "base/files.h"
#include "base/identifiers.h"

namespace mastic::s3 {
namespace {

namespace fs = std::filesystem;

std::string epoch_name(uint64_t epoch) { return fmt::format("{:06x}", epoch); }

std::optional<uint64_t> parse_hex(const fs::path& name) {
  const std::string text = name.string();
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code code;
  for (fs::directory_iterator position(folder, code), end; !code && position != end; position.increment(code))
    paths.push_back(position->path());
  return paths;
}

}  // namespace

BlobFolder::BlobFolder(fs::path folder, uint64_t epoch)
    : folder_(std::move(folder)), incoming_(folder_ / "incoming" / epoch_name(epoch)), epoch_(epoch) {}

Result<std::unique_ptr<BlobFolder>> BlobFolder::open(const fs::path& folder, uint64_t epoch) {
  std::unique_ptr<BlobFolder> blobs(new BlobFolder(folder, epoch));
  TRY_DO(make_folder(blobs->incoming_));
  TRY_DO(make_folder(folder / "blobs" / epoch_name(epoch)));
  TRY_DO(sync_folder(folder / "blobs"));
  TRY_DO(sync_folder(folder));
  return blobs;
}

fs::path BlobFolder::new_incoming_file() const { return incoming_ / random_hex(32); }

fs::path BlobFolder::folder_of(uint64_t id) const {
  const uint64_t sequence = id & ((uint64_t{1} << sequence_bits) - 1);
  return folder_ / "blobs" / epoch_name(id >> sequence_bits) / fmt::format("{:07x}", sequence >> files_per_folder_bits);
}

fs::path BlobFolder::path(uint64_t id) const { return folder_of(id) / fmt::format("{:016x}", id); }

Result<void> BlobFolder::ensure_folder_of(uint64_t id) {
  const uint64_t group = id >> files_per_folder_bits;
  if (folder_ready_.load() == group) return {};
  const std::scoped_lock lock(creation_);
  if (folder_ready_.load() == group) return {};
  const fs::path folder = folder_of(id);
  TRY_DO(make_folder(folder));
  TRY_DO(sync_folder(folder.parent_path()));
  folder_ready_.store(group);
  return {};
}

Result<uint64_t> BlobFolder::move_in(const fs::path& file) {
  TRY_DO(sync_file(file));
  const uint64_t id = next_id();
  TRY_DO(ensure_folder_of(id));
  const fs::path target = path(id);
  if (::rename(file.c_str(), target.c_str()) != 0)
    return fail(Error::io("cannot move a body into the store", file.string() + ": " + std::strerror(errno)));
  return id;
}

Result<uint64_t> BlobFolder::adopt(const fs::path& file) {
  TRY(id, move_in(file));
  TRY_DO(folder_sync_.sync(folder_of(id)));
  return id;
}

Result<std::vector<uint64_t>> BlobFolder::adopt_all(const std::vector<fs::path>& files) {
  std::vector<uint64_t> ids;
  std::set<fs::path> folders;
  for (const auto& file : files) {
    TRY(id, move_in(file));
    ids.push_back(id);
    folders.insert(folder_of(id));
  }
  for (const auto& folder : folders) TRY_DO(folder_sync_.sync(folder));
  return ids;
}

Result<void> BlobFolder::remove(uint64_t id) const {
  const fs::path file = path(id);
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    return fail(Error::io("cannot remove a body", file.string() + ": " + std::strerror(errno)));
  if (id >> sequence_bits != epoch_) ::rmdir(file.parent_path().c_str());  // Succeeds when this was the folder's last.
  return {};
}

Result<void> BlobFolder::sweep(uint64_t from_epoch, const std::function<Result<bool>(uint64_t)>& is_known,
                               const std::atomic<bool>& stop) {
  for (const auto& leftover : entries_of(folder_ / "incoming")) {
    std::error_code ignored;  // What cannot be removed now is tried again at the next start.
    if (const auto epoch = parse_hex(leftover.filename()); epoch && *epoch < epoch_) fs::remove_all(leftover, ignored);
  }
  for (const auto& epoch_folder : entries_of(folder_ / "blobs")) {
    const auto epoch = parse_hex(epoch_folder.filename());
    if (!epoch || *epoch >= epoch_ || *epoch < from_epoch) continue;
    for (const auto& group : entries_of(epoch_folder)) {
      for (const auto& file : entries_of(group)) {
        if (stop) return {};
        const auto id = parse_hex(file.filename());
        if (!id) continue;
        TRY(known, is_known(*id));
        if (!known) TRY_DO(remove(*id));
      }
      ::rmdir(group.c_str());  // Succeeds for an empty folder only.
    }
    ::rmdir(epoch_folder.c_str());
  }
  return {};
}

}  // namespace mastic::s3
