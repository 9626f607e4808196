#include "glue/crawler/grouping.h"

#include <algorithm>
#include <map>
#include <optional>

namespace mastic::glue::crawler {
namespace {

using classify::Inspection;

/// More kinds of schemas than this in one folder are not told apart further: each is one of its own.
constexpr std::size_t clusters_max = 200;

struct Folder {
  std::string prefix;
  std::map<std::string, Folder, std::less<>> folders;
  std::vector<const FileFact*> files;
};

/// A table that its parents may still take in as a partition.
struct Candidate {
  std::string path;
  std::vector<std::string> keys;  // empty names: positional
  std::vector<FoundPartition> leaves;
  Summary summary;
};

struct Outcome {
  std::optional<Candidate> open;
  std::vector<FoundTable> tables;
};

FoundTable finished(Candidate candidate) {
  FoundTable table;
  table.path = std::move(candidate.path);
  table.summary = std::move(candidate.summary);
  for (std::size_t i = 0; i < candidate.keys.size(); ++i) {
    auto& key = candidate.keys[i];
    table.partition_keys.push_back(key.empty() ? "partition_" + std::to_string(i) : classify::lower_text(key));
  }
  if (!table.partition_keys.empty()) table.partitions = std::move(candidate.leaves);
  return table;
}

void move_into(std::vector<FoundTable>& into, std::vector<FoundTable> more) {
  into.insert(into.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

class Grouping {
 public:
  explicit Grouping(const GroupingOptions& options) : options_(options) {}

  /// `depth` as table levels count it: the bucket is 1.
  Outcome look(const Folder& folder, int depth) const {
    const bool above = options_.table_level > depth;
    if (options_.table_level == depth) {
      if (auto forced = force(folder)) return {std::nullopt, {finished(std::move(*forced))}};
    }
    Outcome outcome;
    if (folder.folders.empty()) return look_at_files(folder);
    for (const auto* file : folder.files) outcome.tables.push_back(table_of(*file));
    std::vector<std::pair<std::string_view, Candidate>> open;
    std::size_t children = 0;
    for (const auto& [name, child] : folder.folders) {
      auto looked = look(child, depth + 1);
      if (looked.open || !looked.tables.empty()) ++children;
      if (looked.open) open.emplace_back(name, std::move(*looked.open));
      move_into(outcome.tables, std::move(looked.tables));
    }
    const auto alike = above ? std::vector<std::size_t>{} : largest_cluster(open);
    if (alike.size() * 2 > children) {
      std::vector<std::pair<std::string_view, Candidate>> members;
      for (const auto i : alike) members.push_back(std::move(open[i]));
      for (auto i = alike.rbegin(); i != alike.rend(); ++i) open.erase(open.begin() + static_cast<std::ptrdiff_t>(*i));
      outcome.open = joined(folder.prefix, std::move(members));
    }
    for (auto& [name, candidate] : open) outcome.tables.push_back(finished(std::move(candidate)));
    return outcome;
  }

 private:
  [[nodiscard]] bool alike(const Summary& left, const Summary& right) const {
    if (left.like == right.like) return true;
    const auto& a = *left.like;
    const auto& b = *right.like;
    if (a.classification != b.classification || a.compression != b.compression ||
        a.serialization_library != b.serialization_library)
      return false;
    return options_.combines_compatible ? classify::compatible(left.columns, right.columns)
                                        : classify::similar(left.columns, right.columns);
  }

  Outcome look_at_files(const Folder& folder) const {
    if (folder.files.empty()) return {};
    Candidate candidate{.path = folder.prefix, .keys = {}, .leaves = {}, .summary = {}};
    const Inspection* newest = nullptr;
    for (const auto* file : folder.files) {
      if (file->inspection.get() != newest && candidate.summary.like) {
        Summary one;
        one.add(*file);
        if (!alike(candidate.summary, one)) {
          Outcome outcome;
          for (const auto* each : folder.files) outcome.tables.push_back(table_of(*each));
          return outcome;
        }
      }
      newest = file->inspection.get();
      candidate.summary.add(*file);
    }
    candidate.leaves.push_back({{}, folder.prefix, candidate.summary});
    return {std::move(candidate), {}};
  }

  static FoundTable table_of(const FileFact& file) {
    FoundTable table;
    table.path = file.key;
    table.summary.add(file);
    return table;
  }

  /// Indexes of the candidates that are alike, where the most are.
  [[nodiscard]] std::vector<std::size_t> largest_cluster(
      const std::vector<std::pair<std::string_view, Candidate>>& candidates) const {
    struct Cluster {
      std::string key;
      const Candidate* first;
      std::vector<std::size_t> members;
    };
    std::vector<Cluster> clusters;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const auto& [name, candidate] = candidates[i];
      auto key = classify::lower_text(partition_of(name).first);
      const auto fits = [&](const Cluster& cluster) {
        return cluster.key == key && cluster.first->keys == candidate.keys && alike(cluster.first->summary, candidate.summary);
      };
      auto cluster = std::ranges::find_if(clusters, fits);
      if (cluster != clusters.end()) {
        cluster->members.push_back(i);
      } else if (clusters.size() < clusters_max) {
        clusters.push_back({std::move(key), &candidate, {i}});
      }
    }
    const auto largest = std::ranges::max_element(clusters, {}, [](const Cluster& cluster) { return cluster.members.size(); });
    return largest == clusters.end() ? std::vector<std::size_t>{} : largest->members;
  }

  static Candidate joined(const std::string& prefix, std::vector<std::pair<std::string_view, Candidate>> members) {
    Candidate whole{.path = prefix, .keys = members[0].second.keys, .leaves = {}, .summary = {}};
    whole.keys.insert(whole.keys.begin(), partition_of(members[0].first).first);
    for (auto& [name, member] : members) {
      auto [key, value] = partition_of(name);
      for (auto& leaf : member.leaves) {
        leaf.values.insert(leaf.values.begin(), value);
        whole.leaves.push_back(std::move(leaf));
      }
      whole.summary.add(member.summary);
    }
    return whole;
  }

  struct Leaf {
    const Folder* folder;
    std::vector<std::string> names;
  };

  static void collect_leaves(const Folder& folder, std::vector<std::string> names, std::vector<Leaf>& leaves) {
    if (!folder.files.empty()) leaves.push_back({&folder, names});
    for (const auto& [name, child] : folder.folders) {
      auto below = names;
      below.push_back(name);
      collect_leaves(child, std::move(below), leaves);
    }
  }

  /// One table of all that is below, whatever its schemas: where the user says that a table is. The format and the depth
  /// that the most folders have; what does not fit is left out.
  static std::optional<Candidate> force(const Folder& folder) {
    std::vector<Leaf> leaves;
    collect_leaves(folder, {}, leaves);
    std::map<std::pair<std::string, std::size_t>, std::size_t> counts;
    for (const auto& leaf : leaves) {
      for (const auto* file : leaf.folder->files) ++counts[{file->inspection->classification, leaf.names.size()}];
    }
    const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
    if (most == counts.end()) return std::nullopt;
    const auto& [classification, depth] = most->first;
    Candidate whole{.path = folder.prefix, .keys = std::vector<std::string>(depth), .leaves = {}, .summary = {}};
    bool first = true;
    for (const auto& leaf : leaves) {
      if (leaf.names.size() != depth) continue;
      FoundPartition partition{.values = {}, .prefix = leaf.folder->prefix, .summary = {}};
      for (const auto* file : leaf.folder->files) {
        if (file->inspection->classification == classification) partition.summary.add(*file);
      }
      if (!partition.summary.like) continue;
      for (std::size_t i = 0; i < depth; ++i) {
        auto [key, value] = partition_of(leaf.names[i]);
        partition.values.push_back(std::move(value));
        if (first) {
          whole.keys[i] = std::move(key);
        } else if (whole.keys[i] != key) {
          whole.keys[i].clear();
        }
      }
      first = false;
      whole.summary.add(partition.summary);
      whole.leaves.push_back(std::move(partition));
    }
    return whole;
  }

  const GroupingOptions& options_;
};

int unhex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A JSON file's `paths` are its columns as it spells them, in their order.
void add_spellings(std::map<std::string, std::string>& into, const Inspection& inspection) {
  const auto paths = inspection.serde_parameters.find("paths");
  if (paths == inspection.serde_parameters.end()) return;
  if (static_cast<std::size_t>(std::ranges::count(paths->second, ',')) + 1 != inspection.columns.size()) return;
  std::string_view rest = paths->second;
  for (const auto& column : inspection.columns) {
    const auto name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name != column.name) into.emplace(column.name, name);
  }
}

}  // namespace

void Summary::add(const FileFact& file) {
  if (file.inspection.get() != newest_) add_spellings(spellings, *file.inspection);
  if (!like) {
    like = file.inspection;
    columns = like->columns;
  } else if (file.inspection.get() != newest_) {
    classify::merge_into(columns, file.inspection->columns);
  }
  newest_ = file.inspection.get();
  ++objects;
  size_bytes += file.size_bytes;
  records += file.records;
}

void Summary::add(const Summary& other) {
  if (!like) {
    *this = other;
    return;
  }
  if (!(other.columns == columns)) classify::merge_into(columns, other.columns);
  spellings.insert(other.spellings.begin(), other.spellings.end());
  newest_ = other.newest_;
  objects += other.objects;
  size_bytes += other.size_bytes;
  records += other.records;
}

std::pair<std::string, std::string> partition_of(std::string_view folder) {
  const auto equals = folder.find('=');
  const bool named = equals != std::string_view::npos && equals > 0;
  const auto escaped = named ? folder.substr(equals + 1) : folder;
  std::string value;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    const bool hex = escaped[i] == '%' && i + 2 < escaped.size() && unhex(escaped[i + 1]) >= 0 && unhex(escaped[i + 2]) >= 0;
    if (named && hex) {
      value += static_cast<char>(unhex(escaped[i + 1]) * 16 + unhex(escaped[i + 2]));
      i += 2;
    } else {
      value += escaped[i];
    }
  }
  return {named ? std::string(folder.substr(0, equals)) : std::string(), std::move(value)};
}

std::vector<FoundTable> find_tables(std::string_view target, const std::vector<FileFact>& files,
                                    const GroupingOptions& options) {
  Folder root{.prefix = std::string(target), .folders = {}, .files = {}};
  for (const auto& file : files) {
    auto* folder = &root;
    auto rest = std::string_view(file.key).substr(target.size());
    for (auto slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
      const auto name = rest.substr(0, slash);
      rest.remove_prefix(slash + 1);
      auto child = folder->folders.find(name);
      if (child == folder->folders.end()) {
        child = folder->folders.emplace(std::string(name), Folder{}).first;
        child->second.prefix = folder->prefix + std::string(name) + "/";
      }
      folder = &child->second;
    }
    folder->files.push_back(&file);
  }
  const auto depth = 1 + static_cast<int>(std::ranges::count(target, '/'));
  auto outcome = Grouping(options).look(root, depth);
  if (outcome.open) outcome.tables.push_back(finished(std::move(*outcome.open)));
  std::ranges::sort(outcome.tables, {}, &FoundTable::path);
  return std::move(outcome.tables);
}

}  // namespace mastic::glue::crawler
