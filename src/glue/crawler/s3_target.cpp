#include "glue/crawler/s3_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "classify/message.h"
#include "glue/crawler/exclusion.h"
#include "glue/errors.h"

namespace mastic::glue::crawler {
namespace {

constexpr std::size_t page_objects = 1000;

std::string_view folder_of(std::string_view key) {
  const auto slash = key.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : key.substr(0, slash + 1);
}

/// What Hive and Spark do not take for data: marks of folders, `_SUCCESS`, `.crc`, `_temporary/…`, but not `_year=2024/…`.
bool is_hidden(std::string_view path) {
  if (path.empty() || path.ends_with('/') || path.ends_with("_$folder$")) return true;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    if (part.starts_with('.') || (part.starts_with('_') && part.find('=') == std::string_view::npos)) return true;
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return false;
}

/// Looks at objects one after the other and keeps what it found.
class Looker {
 public:
  Looker(const wire::S3Target& target, S3Place place, Exclusions exclusions, const S3LookOptions& options,
         const CrawlSurroundings& around, classify::Inspector& inspector)
      : exclusions_(std::move(exclusions)), options_(options), around_(around), inspector_(inspector) {
    look.place = std::move(place);
    sample_size_ = target.sample_size.value_or(0);
  }

  void take(SourceObject object) {
    const auto relative = std::string_view(object.key).substr(look.place.prefix.size());
    const bool one_object = !look.place.prefix.empty() && !look.place.prefix.ends_with('/');
    if (one_object && !relative.empty()) return;  // another key that begins like the target's
    const auto name = one_object ? std::string_view(object.key).substr(folder_of(object.key).size()) : relative;
    if (is_hidden(name) || object.size_bytes == 0 || exclusions_.cover(name)) return;
    const auto folder = folder_of(object.key);
    if (options_.known_folders.contains(fmt::format("s3://{}/{}", look.place.bucket, folder))) return;
    if (object.storage_class == "GLACIER" || object.storage_class == "DEEP_ARCHIVE") {
      report("WARN", object.key, "its storage class cannot be read: " + object.storage_class);
      return;
    }
    ++look.objects;
    if (folder != folder_) {
      folder_ = folder;
      sampled_ = 0;
    }
    FileFact fact{.key = object.key, .size_bytes = object.size_bytes, .records = 0, .inspection = {}};
    if (sample_size_ > 0 && sampled_ >= sample_size_ && sample_) {
      fact.inspection = sample_;
      facts.push_back(std::move(fact));
      return;
    }
    if (const auto allowed =
            around_.require("s3:GetObject", {fmt::format("arn:aws:s3:::{}/{}", look.place.bucket, object.key)});
        !allowed) {
      unreadable(object.key, allowed.error().message);
      return;
    }
    auto inspection = inspector_.inspect({object.key, std::move(object.file), std::move(object.bytes)});
    if (!inspection.problem.empty() || !inspection.is_known()) {
      unreadable(object.key, inspection.problem.empty() ? "no classifier recognises it" : inspection.problem);
      return;
    }
    fact.records = inspection.records;
    fact.inspection = shared(std::move(inspection));
    if (++sampled_ >= sample_size_) sample_ = fact.inspection;
    facts.push_back(std::move(fact));
  }

  S3Look look;
  std::vector<FileFact> facts;

 private:
  void report(std::string_view level, std::string_view key, std::string_view what) const {
    around_.log(fmt::format("{} : s3://{}/{}: {}", level, look.place.bucket, key, what));
  }
  void unreadable(const std::string& key, std::string_view why) {
    report("ERROR", key, why);
    look.unreadable.push_back(key);
  }

  /// Equal inspections are one: thousands of files of a table mostly are.
  SharedInspection shared(classify::Inspection inspection) {
    inspection.records = 0;
    auto& known = known_[classify::encode(inspection)];
    if (!known) known = std::make_shared<const classify::Inspection>(std::move(inspection));
    return known;
  }

  const Exclusions exclusions_;
  const S3LookOptions& options_;
  const CrawlSurroundings& around_;
  classify::Inspector& inspector_;
  std::unordered_map<std::string, SharedInspection> known_;
  std::string folder_;
  int sample_size_ = 0;  // 0: all
  int sampled_ = 0;
  SharedInspection sample_;
};

}  // namespace

std::optional<S3Place> parse_s3_path(std::string_view path) {
  for (const std::string_view scheme : {"s3://", "s3a://", "s3n://"}) {
    if (path.starts_with(scheme)) path.remove_prefix(scheme.size());
  }
  const auto slash = path.find('/');
  S3Place place;
  place.bucket = path.substr(0, slash);
  if (slash != std::string_view::npos) place.prefix = path.substr(slash + 1);
  if (place.bucket.empty() || place.bucket.find(':') != std::string::npos) return std::nullopt;
  return place;
}

Result<S3Look> look_at_s3(const wire::S3Target& target, const S3LookOptions& options, const CrawlSurroundings& around,
                          classify::Inspector& inspector, const std::stop_token& stop) {
  auto place = parse_s3_path(target.path.value_or(""));
  if (!place || around.files.objects == nullptr)
    return fail(error::invalid_input("The S3 target has no path of the form s3://BUCKET/FOLDER: " + target.path.value_or("")));
  auto& objects = *around.files.objects;
  TRY_DO(around.require("s3:ListBucket", {"arn:aws:s3:::" + place->bucket}));
  TRY(exists, objects.bucket_exists(place->bucket));
  if (!exists) return fail(error::invalid_input("The specified bucket does not exist: " + place->bucket));
  // A path without / at its end names a folder, or one object.
  if (!place->prefix.empty() && !place->prefix.ends_with('/')) {
    TRY(first, objects.list(place->bucket, place->prefix, "", 1));
    if (first.empty() || first[0].key != place->prefix) place->prefix += '/';
  }
  TRY(exclusions, Exclusions::of(target.exclusions.value_or(std::vector<std::string>{})));
  Looker looker(target, *place, std::move(exclusions), options, around, inspector);
  std::string after;
  while (true) {
    TRY(page, objects.list(place->bucket, place->prefix, after, page_objects));
    const bool last = page.size() < page_objects;
    if (!page.empty()) after = page.back().key;
    for (auto& object : page) {
      if (stop.stop_requested()) return fail(stopped());
      looker.take(std::move(object));
    }
    if (last) break;
  }
  auto look = std::move(looker.look);
  const bool one_object = !place->prefix.empty() && !place->prefix.ends_with('/');
  const std::string root(one_object ? folder_of(place->prefix) : std::string_view(place->prefix));
  std::vector<FileFact> new_facts;
  std::map<std::string, std::vector<FileFact>> known_facts;
  for (auto& fact : looker.facts) {
    const auto below = [&](const std::string& known) { return fact.key.starts_with(known); };
    const auto known = std::ranges::find_if(options.known_roots, below);
    (known == options.known_roots.end() ? new_facts : known_facts[*known]).push_back(std::move(fact));
  }
  look.tables = find_tables(root, new_facts, options.grouping);
  for (const auto& [known, facts] : known_facts) {
    auto whole = options.grouping;
    whole.table_level = 1 + static_cast<int>(std::ranges::count(known, '/'));
    for (auto& table : find_tables(known, facts, whole)) look.tables.push_back(std::move(table));
  }
  if (one_object) {
    // The table is the object's, not its folder's.
    for (auto& table : look.tables) table.path = place->prefix;
  }
  around.log(
      fmt::format("INFO : s3://{}/{}: {} objects, {} tables", place->bucket, place->prefix, look.objects, look.tables.size()));
  return look;
}

}  // namespace mastic::glue::crawler
