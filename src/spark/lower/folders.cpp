#include "spark/lower/folders.h"

#include <filesystem>
#include <map>

#include "engine/object_path.h"
#include "spark/lower/file_listing.h"
#include "spark/lower/file_options.h"
#include "spark/lower/partition_values.h"

namespace mastic::spark {
namespace {

namespace fs = std::filesystem;

std::string prefix_of(const engine::ObjectPath& place) {
  std::string key = place.key;
  while (key.ends_with('/')) key.pop_back();
  return key.empty() ? key : key + "/";
}

SparkError no_store() { return unsupported("s3:// paths in an engine that runs without a server"); }

SparkError failed(const std::string& what, const std::string& path, const std::error_code& error) {
  return internal_error("cannot " + what + " " + path + ": " + error.message());
}

}  // namespace

std::string below_folder(std::string folder, const std::string& below) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  return folder + "/" + below;
}

SparkResult<void> remove_folder(const engine::Stores& stores, const std::string& path, bool keep) {
  if (const auto place = engine::parse_object_path(path)) {
    if (!stores.objects) return fail(no_store());
    auto listed = stores.objects->list(place->bucket, prefix_of(*place));
    if (!listed) return fail(from_store_error(listed.error()));
    std::vector<std::string> keys;
    for (const auto& object : *listed) keys.push_back(object.key);
    if (keys.empty()) return {};
    auto done = stores.objects->commit(place->bucket, {}, std::move(keys));
    if (!done) return fail(from_store_error(done.error()));
    return {};
  }
  const fs::path folder = normalised_path(path);
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  fs::remove_all(folder, error);
  if (error) return fail(failed("remove", path, error));
  if (keep) return make_folder(path);
  return {};
}

SparkResult<void> make_folder(const std::string& path) {
  if (engine::parse_object_path(path)) return {};
  std::error_code error;
  fs::create_directories(normalised_path(path), error);
  if (error) return fail(failed("make the folder", path, error));
  return {};
}

SparkResult<void> move_folder(const engine::Stores& stores, const std::string& from, const std::string& to) {
  const auto source = engine::parse_object_path(from);
  const auto target = engine::parse_object_path(to);
  if (source.has_value() != target.has_value() || (source && source->bucket != target->bucket))
    return fail(unsupported("moving a table to another store"));
  std::error_code error;
  if (!source) {
    if (!fs::exists(normalised_path(from), error)) return {};
    fs::create_directories(fs::path(normalised_path(to)).parent_path(), error);
    fs::rename(normalised_path(from), normalised_path(to), error);
    if (error) return fail(failed("move", from, error));
    return {};
  }
  if (!stores.objects) return fail(no_store());
  auto listed = stores.objects->list(source->bucket, prefix_of(*source));
  if (!listed) return fail(from_store_error(listed.error()));
  std::vector<engine::NewObject> added;
  std::vector<std::string> removed;
  for (const auto& object : *listed) {
    auto file = stores.objects->new_file();
    if (!file) return fail(from_store_error(file.error()));
    if (object.file.empty()) {
      if (auto* out = std::fopen(file->c_str(), "wb"); out != nullptr) {
        std::fwrite(object.inlined.data(), 1, object.inlined.size(), out);
        std::fclose(out);
      }
    } else {
      fs::copy_file(object.file, *file, fs::copy_options::overwrite_existing, error);
      if (error) return fail(failed("copy", object.key, error));
    }
    added.push_back({prefix_of(*target) + object.key.substr(prefix_of(*source).size()), *file, object.size_bytes, ""});
    removed.push_back(object.key);
  }
  if (added.empty()) return {};
  auto done = stores.objects->commit(source->bucket, std::move(added), std::move(removed));
  if (!done) return fail(from_store_error(done.error()));
  return {};
}

SparkResult<FolderSize> folder_size(const engine::Stores& stores, const std::string& path) {
  TRY(files, files_at(stores, path));
  FolderSize size;
  if (!files) return size;
  for (const auto& file : *files) {
    ++size.files;
    size.bytes += file.size_bytes;
  }
  return size;
}

SparkResult<std::vector<FoundPartition>> find_partitions(const engine::Stores& stores, const std::string& path,
                                                         const std::vector<std::string>& keys) {
  TRY(files, files_at(stores, path));
  std::map<std::vector<std::string>, std::string> found;
  if (files) {
    for (const auto& file : *files) {
      const auto folders = partition_folders(file.below);
      if (!folders || folders->size() != keys.size()) continue;
      std::vector<std::string> values;
      for (std::size_t i = 0; i < keys.size(); ++i) {
        if (lower_case((*folders)[i].first) != lower_case(keys[i])) break;
        values.push_back((*folders)[i].second.value_or(std::string(hive_default_partition)));
      }
      if (values.size() != keys.size()) continue;
      const auto slash = file.below.rfind('/');
      found.try_emplace(std::move(values), below_folder(path, file.below.substr(0, slash)));
    }
  }
  std::vector<FoundPartition> partitions;
  for (auto& [values, location] : found) partitions.push_back({values, location});
  return partitions;
}

}  // namespace mastic::spark
