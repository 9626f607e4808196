#include "spark/lower/output_files.h"

#include <filesystem>
#include <set>

#include "base/files.h"
#include "base/identifiers.h"
#include "engine/object_path.h"
#include "spark/lower/file_listing.h"

namespace mastic::spark {
namespace {

namespace fs = std::filesystem;

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::string content_type(const std::string& below) {
  if (below.ends_with(".csv")) return "text/csv";
  if (below.ends_with(".json")) return "application/json";
  if (below.ends_with(".txt")) return "text/plain";
  return "application/octet-stream";
}

class ObjectOutput final : public OutputFiles {
 public:
  ObjectOutput(std::shared_ptr<engine::ObjectStore> store, engine::ObjectPath place, std::string root)
      : store_(std::move(store)), place_(std::move(place)), root_(std::move(root)) {}
  ~ObjectOutput() override {
    if (committed_) return;
    std::error_code ignored;
    for (const auto& object : added_) fs::remove(object.file, ignored);
  }

  SparkResult<std::string> add(const std::string& below) override {
    auto file = store_->new_file();
    if (!file) return fail(from_store_error(file.error()));
    added_.push_back({key(below), *file, 0, content_type(below)});
    return *file;
  }

  SparkResult<void> commit(const std::vector<std::string>& removed_folders) override {
    std::set<std::string> kept;
    for (auto& object : added_) {
      std::error_code error;
      object.size_bytes = fs::file_size(object.file, error);
      if (error) return fail(internal_error("a written file is gone: " + error.message()));
      kept.insert(object.key);
    }
    std::vector<std::string> removed;
    for (const auto& folder : removed_folders) {
      auto listed = store_->list(place_.bucket, folder.empty() ? prefix() : key(folder) + "/");
      if (!listed) return fail(from_store_error(listed.error()));
      for (const auto& object : *listed) {
        if (!kept.contains(object.key)) removed.push_back(object.key);
      }
    }
    auto done = store_->commit(place_.bucket, added_, std::move(removed));
    if (!done) return fail(from_store_error(done.error()));
    committed_ = true;
    return {};
  }

  std::string location(const std::string& below) const override { return root_ + key(below); }

 private:
  [[nodiscard]] std::string prefix() const { return place_.key.empty() ? "" : place_.key + "/"; }
  [[nodiscard]] std::string key(const std::string& below) const { return below.empty() ? place_.key : prefix() + below; }
  std::shared_ptr<engine::ObjectStore> store_;
  engine::ObjectPath place_;
  std::string root_;  // s3://bucket/
  std::vector<engine::NewObject> added_;
  bool committed_ = false;
};

class LocalOutput final : public OutputFiles {
 public:
  explicit LocalOutput(fs::path target)
      : target_(std::move(target)), existed_(fs::exists(target_)), staging_(target_ / ("_temporary-" + random_hex(12))) {}
  ~LocalOutput() override {
    std::error_code ignored;
    fs::remove_all(staging_, ignored);
    if (!committed_ && !existed_) fs::remove(target_, ignored);
  }

  SparkResult<std::string> add(const std::string& below) override {
    const auto place = staging_ / below;
    std::error_code error;
    fs::create_directories(place.parent_path(), error);
    if (error) return fail(internal_error("cannot write to " + target_.string() + ": " + error.message()));
    added_.push_back(below);
    return place.string();
  }

  SparkResult<void> commit(const std::vector<std::string>& removed_folders) override {
    std::error_code error;
    for (const auto& folder : removed_folders) {
      const auto place = folder.empty() ? target_ : target_ / folder;
      if (!fs::is_directory(place, error)) {
        fs::remove(place, error);
        continue;
      }
      for (const auto& entry : fs::directory_iterator(place)) {
        if (entry.path() != staging_) fs::remove_all(entry.path(), error);
      }
    }
    for (const auto& below : added_) {
      fs::create_directories((target_ / below).parent_path(), error);
      fs::rename(staging_ / below, target_ / below, error);
      if (error) return fail(internal_error("cannot move a written file into " + target_.string() + ": " + error.message()));
    }
    committed_ = true;
    return {};
  }

  std::string location(const std::string& below) const override { return (target_ / below).string(); }

 private:
  fs::path target_;
  bool existed_;
  fs::path staging_;
  std::vector<std::string> added_;
  bool committed_ = false;
};

}  // namespace

SparkResult<std::unique_ptr<OutputFiles>> OutputFiles::open(const engine::Stores& stores, const std::string& path) {
  if (auto place = engine::parse_object_path(path)) {
    if (!stores.objects) return fail(unsupported("s3:// paths in an engine that runs without a server"));
    const auto root = path.substr(0, path.size() - place->key.size());
    place->key = place->key.empty() ? "" : without_slash(place->key);
    return std::make_unique<ObjectOutput>(stores.objects, std::move(*place), root.ends_with('/') ? root : root + "/");
  }
  return std::make_unique<LocalOutput>(fs::absolute(without_slash(normalised_path(path))));
}

}  // namespace mastic::spark
