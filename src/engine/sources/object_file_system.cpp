#include "engine/sources/object_file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/object_path.h"
#include "engine/profile.h"

namespace duckdb {
// Its header cannot be included: it needs one that is not installed.
DUCKDB_API bool Glob(const char* text, idx_t text_size, const char* pattern, idx_t pattern_size, bool allow_question_mark);
}  // namespace duckdb

namespace mastic::engine {
namespace {

/// An open object: a descriptor on the blob file, or the bytes. Positional reads may come from many threads.
class ObjectHandle final : public duckdb::FileHandle {
 public:
  ObjectHandle(duckdb::FileSystem& system, const std::string& path, duckdb::FileOpenFlags flags, ObjectInfo info,
               ByteCount count)
      : FileHandle(system, path, flags), info(std::move(info)), count_(std::move(count)) {
    if (this->info.file.empty()) return;
    descriptor = ::open(this->info.file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      throw duckdb::IOException("The body of '%s' cannot be opened: %s", path, std::string(std::strerror(errno)));
    }
  }
  ~ObjectHandle() override { close_descriptor(); }
  void Close() override { close_descriptor(); }

  int64_t read_at(void* buffer, int64_t wanted, uint64_t offset) const {
    if (offset >= info.size_bytes) return 0;
    const auto length = std::min<uint64_t>(static_cast<uint64_t>(wanted), info.size_bytes - offset);
    if (count_) count_->fetch_add(length, std::memory_order_relaxed);
    if (descriptor < 0) {
      std::memcpy(buffer, info.inlined.data() + offset, length);
      return static_cast<int64_t>(length);
    }
    uint64_t done = 0;
    while (done < length) {
      const auto got = ::pread(descriptor, static_cast<char*>(buffer) + done, length - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw duckdb::IOException("Reading '%s' failed: %s", path, std::string(std::strerror(errno)));
      if (got == 0) break;
      done += static_cast<uint64_t>(got);
    }
    return static_cast<int64_t>(done);
  }

  ObjectInfo info;
  uint64_t position = 0;

 private:
  void close_descriptor() {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }
  int descriptor = -1;
  const ByteCount count_;  // of the query that opened it
};

ObjectHandle& object(duckdb::FileHandle& handle) { return static_cast<ObjectHandle&>(handle); }

class ObjectFileSystem final : public duckdb::FileSystem {
 public:
  explicit ObjectFileSystem(std::shared_ptr<ObjectStore> store) : store_(std::move(store)) {}

  std::string GetName() const override { return "MasticObjects"; }
  bool CanHandleFile(const std::string& path) override { return parse_object_path(path).has_value(); }
  bool CanSeek() override { return true; }
  bool OnDiskFile(duckdb::FileHandle&) override { return true; }
  bool IsPipe(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override { return false; }
  std::string PathSeparator(const std::string&) override { return "/"; }

  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                  duckdb::optional_ptr<duckdb::FileOpener> opener) override {
    if (flags.OpenForWriting()) throw duckdb::NotImplementedException("'%s' cannot be opened for writing", path);
    auto found = find(path);
    if (!found) {
      if (flags.ReturnNullIfNotExists()) return nullptr;
      throw duckdb::IOException("No such object: %s", path);
    }
    return duckdb::make_uniq<ObjectHandle>(*this, path, flags, std::move(*found), read_count_of(opener.get()));
  }

  void Read(duckdb::FileHandle& handle, void* buffer, int64_t length, duckdb::idx_t location) override {
    if (object(handle).read_at(buffer, length, location) != length) {
      throw duckdb::IOException("'%s' ends before byte %llu", handle.path, location + static_cast<uint64_t>(length));
    }
  }
  int64_t Read(duckdb::FileHandle& handle, void* buffer, int64_t length) override {
    const auto got = object(handle).read_at(buffer, length, object(handle).position);
    object(handle).position += static_cast<uint64_t>(got);
    return got;
  }
  int64_t GetFileSize(duckdb::FileHandle& handle) override { return static_cast<int64_t>(object(handle).info.size_bytes); }
  duckdb::timestamp_t GetLastModifiedTime(duckdb::FileHandle& handle) override {
    return duckdb::timestamp_t(to_microseconds(object(handle).info.modified));
  }
  std::string GetVersionTag(duckdb::FileHandle& handle) override { return object(handle).info.etag; }
  duckdb::FileType GetFileType(duckdb::FileHandle&) override { return duckdb::FileType::FILE_TYPE_REGULAR; }
  void Seek(duckdb::FileHandle& handle, duckdb::idx_t location) override { object(handle).position = location; }
  void Reset(duckdb::FileHandle& handle) override { object(handle).position = 0; }
  duckdb::idx_t SeekPosition(duckdb::FileHandle& handle) override { return object(handle).position; }

  bool FileExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) override { return find(path).has_value(); }
  bool DirectoryExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) override {
    const auto place = *parse_object_path(path);
    return !list(place.bucket, place.key.empty() || place.key.ends_with('/') ? place.key : place.key + "/").empty();
  }

  duckdb::vector<duckdb::OpenFileInfo> Glob(const std::string& path, duckdb::FileOpener*) override {
    duckdb::vector<duckdb::OpenFileInfo> found;
    if (!HasGlob(path)) {
      if (find(path)) found.emplace_back(path);
      return found;
    }
    const auto place = *parse_object_path(path);
    const std::string scheme_and_bucket = path.substr(0, path.size() - place.key.size());
    const auto& pattern = place.key;
    for (const auto& info : list(place.bucket, pattern.substr(0, pattern.find_first_of("*?[")))) {
      if (duckdb::Glob(info.key.data(), info.key.size(), pattern.data(), pattern.size(), true)) {
        found.emplace_back(scheme_and_bucket + info.key);
      }
    }
    return found;
  }

 private:
  ObjectStore& store() const {
    if (!store_) throw duckdb::IOException("This engine runs without a server: it has no object store for s3:// paths");
    return *store_;
  }
  std::optional<ObjectInfo> find(const std::string& path) const {
    const auto place = *parse_object_path(path);
    auto found = store().find(place.bucket, place.key);
    if (!found) throw duckdb::IOException("%s: %s", path, found.error().message);
    return std::move(*found);
  }
  std::vector<ObjectInfo> list(const std::string& bucket, const std::string& prefix) const {
    auto found = store().list(bucket, prefix);
    if (!found) throw duckdb::IOException("s3://%s/%s: %s", bucket, prefix, found.error().message);
    return std::move(*found);
  }

  std::shared_ptr<ObjectStore> store_;
};

}  // namespace

duckdb::unique_ptr<duckdb::FileSystem> make_object_file_system(std::shared_ptr<ObjectStore> store) {
  return duckdb::make_uniq<ObjectFileSystem>(std::move(store));
}

}  // namespace mastic::engine
