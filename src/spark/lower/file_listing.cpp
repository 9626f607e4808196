#include "spark/lower/file_listing.h"

#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "engine/object_path.h"

namespace mastic::spark {
namespace {

namespace fs = std::filesystem;

/// Spark's rule for what does not count: `_x` and `.x`, but `_k=v` folders do.
bool is_hidden(std::string_view below) {
  while (!below.empty()) {
    const auto slash = below.find('/');
    const auto part = below.substr(0, slash);
    if (part.starts_with('.') || (part.starts_with('_') && part.find('=') == std::string_view::npos)) return true;
    if (slash == std::string_view::npos) return false;
    below.remove_prefix(slash + 1);
  }
  return false;
}

int64_t microseconds_of(Instant instant) { return instant.time_since_epoch().count(); }

int64_t modified_at(const fs::path& place) {
  struct stat status{};
  if (::stat(place.c_str(), &status) != 0) return 0;
  return static_cast<int64_t>(status.st_mtim.tv_sec) * 1'000'000 + status.st_mtim.tv_nsec / 1000;
}

bool has_glob(std::string_view path) { return path.find_first_of("*?[{") != std::string_view::npos; }

/// `{a,b}` written out; fnmatch knows the rest of Hadoop's globs.
std::vector<std::string> alternatives(const std::string& pattern) {
  const auto open = pattern.find('{');
  const auto close = pattern.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return {pattern};
  std::vector<std::string> all;
  std::string_view inside(pattern.data() + open + 1, close - open - 1);
  while (true) {
    const auto comma = inside.find(',');
    for (auto& rest :
         alternatives(pattern.substr(0, open) + std::string(inside.substr(0, comma)) + pattern.substr(close + 1))) {
      all.push_back(std::move(rest));
    }
    if (comma == std::string_view::npos) return all;
    inside.remove_prefix(comma + 1);
  }
}

/// How long the prefix of `key` is that the pattern matches as a whole path; npos: none.
std::size_t matched_prefix(const std::vector<std::string>& patterns, const std::string& key) {
  for (std::size_t end = key.find('/', 1);; end = key.find('/', end + 1)) {
    const auto prefix = key.substr(0, end);
    for (const auto& pattern : patterns) {
      if (fnmatch(pattern.c_str(), prefix.c_str(), FNM_PATHNAME) == 0) return prefix.size();
    }
    if (end == std::string::npos) return std::string::npos;
  }
}

using Listing = std::optional<std::vector<ListedFile>>;

SparkResult<Listing> objects_at(const engine::Stores& stores, const std::string& path, const engine::ObjectPath& place) {
  if (!stores.objects) return fail(unsupported("s3:// paths in an engine that runs without a server"));
  const std::string root = path.substr(0, path.size() - place.key.size());
  std::string key = place.key;
  while (key.ends_with('/')) key.pop_back();
  std::vector<ListedFile> files;
  bool found = false;
  if (has_glob(key)) {
    const auto patterns = alternatives(key);
    auto listed = stores.objects->list(place.bucket, key.substr(0, key.find_first_of("*?[{")));
    if (!listed) return fail(from_store_error(listed.error()));
    for (const auto& object : *listed) {
      const auto length = matched_prefix(patterns, object.key);
      if (length == std::string::npos) continue;
      found = true;
      const auto below =
          length < object.key.size() ? object.key.substr(length + 1) : object.key.substr(object.key.rfind('/') + 1);
      if (is_hidden(below) || object.key.ends_with('/')) continue;
      files.push_back({root + object.key, below, object.size_bytes, microseconds_of(object.modified)});
    }
    return found ? Listing(std::move(files)) : Listing();
  }
  if (!key.empty() && !place.key.ends_with('/')) {
    auto object = stores.objects->find(place.bucket, key);
    if (!object) return fail(from_store_error(object.error()));
    if (*object) {
      files.push_back(
          {root + key, key.substr(key.rfind('/') + 1), (*object)->size_bytes, microseconds_of((*object)->modified)});
      return Listing(std::move(files));
    }
  }
  const std::string prefix = key.empty() ? "" : key + "/";
  auto listed = stores.objects->list(place.bucket, prefix);
  if (!listed) return fail(from_store_error(listed.error()));
  for (const auto& object : *listed) {
    found = true;
    const auto below = object.key.substr(prefix.size());
    if (below.empty() || below.ends_with('/') || is_hidden(below)) continue;
    files.push_back({root + object.key, below, object.size_bytes, microseconds_of(object.modified)});
  }
  return found || key.empty() ? Listing(std::move(files)) : Listing();
}

void add_local(const fs::path& place, std::vector<ListedFile>& files) {
  std::error_code error;
  if (fs::is_regular_file(place, error)) {
    files.push_back({place.string(), place.filename().string(), fs::file_size(place, error), modified_at(place)});
    return;
  }
  std::vector<ListedFile> found;
  for (auto entry = fs::recursive_directory_iterator(place, fs::directory_options::follow_directory_symlink, error);
       entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (error) break;
    if (!entry->is_regular_file(error)) continue;
    const auto below = entry->path().lexically_relative(place).generic_string();
    if (!is_hidden(below))
      found.push_back({entry->path().string(), below, entry->file_size(error), modified_at(entry->path())});
  }
  std::ranges::sort(found, {}, &ListedFile::path);
  for (auto& file : found) files.push_back(std::move(file));
}

SparkResult<Listing> local_at(const std::string& path) {
  std::error_code error;
  std::vector<ListedFile> files;
  if (!has_glob(path) || fs::exists(path, error)) {
    if (!fs::exists(path, error)) return Listing();
    add_local(path, files);
    return Listing(std::move(files));
  }
  // Folder by folder: each part of the pattern against the names at that place.
  bool any = false;
  std::vector<std::string> patterns = alternatives(path);
  std::vector<fs::path> matches;
  for (const auto& pattern : patterns) {
    std::vector<fs::path> level{pattern.starts_with('/') ? "/" : "."};
    for (const auto& part : fs::path(pattern).relative_path()) {
      std::vector<fs::path> next;
      for (const auto& folder : level) {
        if (!has_glob(part.string())) {
          if (fs::exists(folder / part, error)) next.push_back(folder / part);
          continue;
        }
        for (auto entry = fs::directory_iterator(folder, error); entry != fs::directory_iterator(); entry.increment(error)) {
          if (error) break;
          if (fnmatch(part.c_str(), entry->path().filename().c_str(), 0) == 0) next.push_back(entry->path());
        }
      }
      level = std::move(next);
    }
    matches.insert(matches.end(), level.begin(), level.end());
  }
  std::ranges::sort(matches);
  for (const auto& match : matches) {
    if (is_hidden(match.filename().string())) continue;
    any = true;
    add_local(match, files);
  }
  return any ? Listing(std::move(files)) : Listing();
}

}  // namespace

bool matches_glob(const std::string& pattern, const std::string& name) {
  return std::ranges::any_of(alternatives(pattern),
                             [&](const std::string& one) { return fnmatch(one.c_str(), name.c_str(), FNM_PATHNAME) == 0; });
}

std::string normalised_path(std::string_view path) {
  for (const std::string_view scheme : {"file://localhost", "file://", "file:"}) {
    if (path.starts_with(scheme)) return std::string(path.substr(scheme.size()));
  }
  return std::string(path);
}

SparkResult<Listing> files_at(const engine::Stores& stores, const std::string& path) {
  if (const auto place = engine::parse_object_path(path)) return objects_at(stores, path, *place);
  return local_at(normalised_path(path));
}

int64_t modified_at(const engine::Stores& stores, const std::string& path) {
  const auto place = engine::parse_object_path(path);
  if (!place) return modified_at(fs::path(path));
  if (!stores.objects) return 0;
  auto object = stores.objects->find(place->bucket, place->key);
  return object && *object ? microseconds_of((*object)->modified) : 0;
}

SparkResult<bool> something_at(const engine::Stores& stores, const std::string& path) {
  if (const auto place = engine::parse_object_path(path)) {
    if (!stores.objects) return fail(unsupported("s3:// paths in an engine that runs without a server"));
    auto listed =
        stores.objects->list(place->bucket, place->key.ends_with('/') || place->key.empty() ? place->key : place->key + "/");
    if (!listed) return fail(from_store_error(listed.error()));
    return !listed->empty();
  }
  std::error_code error;
  return std::filesystem::exists(normalised_path(path), error);
}

}  // namespace mastic::spark
