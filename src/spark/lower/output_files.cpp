#include "spark/lower/output_files.h"

#include <filesystem>
#include <map>
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

/// Which folder that lies elsewhere holds `below`; null: none.
const FolderPlaces::value_type* place_of(const FolderPlaces& elsewhere, const std::string& below) {
  for (const auto& place : elsewhere)
    if (below == place.first || below.starts_with(place.first + "/")) return &place;
  return nullptr;
}

/// The folders that lie elsewhere and are emptied with `folder`.
std::vector<std::string> places_below(const FolderPlaces& elsewhere, const std::string& folder) {
  std::vector<std::string> places;
  for (const auto& [name, place] : elsewhere)
    if (folder.empty() || name == folder || name.starts_with(folder + "/")) places.push_back(place);
  return places;
}

class ObjectOutput final : public OutputFiles {
 public:
  ObjectOutput(std::shared_ptr<engine::ObjectStore> store, engine::ObjectPath place, std::string root, FolderPlaces elsewhere)
      : store_(std::move(store)), place_(std::move(place)), root_(std::move(root)), elsewhere_(std::move(elsewhere)) {}
  ~ObjectOutput() override {
    if (committed_) return;
    std::error_code ignored;
    for (const auto& [bucket, objects] : added_)
      for (const auto& object : objects) fs::remove(object.file, ignored);
  }

  SparkResult<std::string> add(const std::string& below) override {
    auto file = store_->new_file();
    if (!file) return fail(from_store_error(file.error()));
    auto place = object_at(below);
    added_[place.bucket].push_back({std::move(place.key), *file, 0, content_type(below)});
    return *file;
  }

  SparkResult<void> commit(const std::vector<std::string>& removed_folders) override {
    std::map<std::string, std::set<std::string>> kept;
    for (auto& [bucket, objects] : added_) {
      for (auto& object : objects) {
        std::error_code error;
        object.size_bytes = fs::file_size(object.file, error);
        if (error) return fail(internal_error("a written file is gone: " + error.message()));
        kept[bucket].insert(object.key);
      }
    }
    std::map<std::string, std::vector<std::string>> removed;
    const auto remove = [&](const std::string& bucket, const std::string& prefix) -> SparkResult<void> {
      auto listed = store_->list(bucket, prefix);
      if (!listed) return fail(from_store_error(listed.error()));
      for (const auto& object : *listed)
        if (!kept[bucket].contains(object.key)) removed[bucket].push_back(object.key);
      return {};
    };
    for (const auto& folder : removed_folders) {
      TRY_DO(remove(place_.bucket, folder.empty() ? prefix() : prefix() + folder + "/"));
      for (const auto& place : places_below(elsewhere_, folder)) {
        const auto other = engine::parse_object_path(place);
        TRY_DO(remove(other->bucket, without_slash(other->key) + "/"));
      }
    }
    for (const auto& [bucket, keys] : removed) added_[bucket];
    for (const auto& [bucket, objects] : added_) {
      auto done = store_->commit(bucket, objects, std::move(removed[bucket]));
      if (!done) return fail(from_store_error(done.error()));
    }
    committed_ = true;
    return {};
  }

  std::string location(const std::string& below) const override {
    if (const auto* place = place_of(elsewhere_, below)) return place->second + below.substr(place->first.size());
    return root_ + (below.empty() ? place_.key : prefix() + below);
  }

 private:
  [[nodiscard]] std::string prefix() const { return place_.key.empty() ? "" : place_.key + "/"; }
  [[nodiscard]] engine::ObjectPath object_at(const std::string& below) const {
    if (place_of(elsewhere_, below) != nullptr) return *engine::parse_object_path(location(below));
    return {place_.bucket, below.empty() ? place_.key : prefix() + below};
  }
  std::shared_ptr<engine::ObjectStore> store_;
  engine::ObjectPath place_;
  std::string root_;  // s3://bucket/
  FolderPlaces elsewhere_;
  std::map<std::string, std::vector<engine::NewObject>> added_;  // by bucket
  bool committed_ = false;
};

class LocalOutput final : public OutputFiles {
 public:
  LocalOutput(fs::path target, FolderPlaces elsewhere)
      : target_(std::move(target)),
        existed_(fs::exists(target_)),
        staging_(target_ / ("_temporary-" + random_hex(12))),
        elsewhere_(std::move(elsewhere)) {}
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
      empty(folder.empty() ? target_ : target_ / folder);
      for (const auto& place : places_below(elsewhere_, folder)) empty(normalised_path(place));
    }
    for (const auto& below : added_) {
      const fs::path to = location(below);
      fs::create_directories(to.parent_path(), error);
      fs::rename(staging_ / below, to, error);
      if (error == std::errc::cross_device_link)
        fs::copy_file(staging_ / below, to, fs::copy_options::overwrite_existing, error);
      if (error) return fail(internal_error("cannot move a written file into " + target_.string() + ": " + error.message()));
    }
    committed_ = true;
    return {};
  }

  std::string location(const std::string& below) const override {
    if (const auto* place = place_of(elsewhere_, below))
      return normalised_path(place->second) + below.substr(place->first.size());
    return (target_ / below).string();
  }

 private:
  void empty(const fs::path& place) const {
    std::error_code error;
    if (!fs::is_directory(place, error)) {
      fs::remove(place, error);
      return;
    }
    for (const auto& entry : fs::directory_iterator(place)) {
      if (entry.path() != staging_) fs::remove_all(entry.path(), error);
    }
  }

  fs::path target_;
  bool existed_;
  fs::path staging_;
  FolderPlaces elsewhere_;
  std::vector<std::string> added_;
  bool committed_ = false;
};

}  // namespace

SparkResult<std::unique_ptr<OutputFiles>> OutputFiles::open(const engine::Stores& stores, const std::string& path,
                                                            const FolderPlaces& elsewhere) {
  auto place = engine::parse_object_path(path);
  FolderPlaces folders;
  for (const auto& [folder, other] : elsewhere) {
    if (engine::parse_object_path(other).has_value() != place.has_value())
      return fail(unsupported("a partition at " + other + " of a table at " + path));
    folders[folder] = without_slash(other);
  }
  if (place) {
    if (!stores.objects) return fail(unsupported("s3:// paths in an engine that runs without a server"));
    const auto root = path.substr(0, path.size() - place->key.size());
    place->key = place->key.empty() ? "" : without_slash(place->key);
    return std::make_unique<ObjectOutput>(stores.objects, std::move(*place), root.ends_with('/') ? root : root + "/",
                                          std::move(folders));
  }
  return std::make_unique<LocalOutput>(fs::absolute(without_slash(normalised_path(path))), std::move(folders));
}

}  // namespace mastic::spark
