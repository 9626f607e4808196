#include "glue/crawler/crawl.h"

#include <fmt/format.h>

#include <algorithm>

#include "glue/crawler/s3_target.h"
#include "glue/errors.h"

namespace mastic::glue::crawler {
namespace {

/// How many items a sampled crawl (scanAll = false) looks at. Glue names no number; a thousand show what a table holds.
constexpr uint64_t sampled_items = 1000;

/// A target's Path is a table's name or its ARN.
std::string_view table_name_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.starts_with("arn:") && slash != std::string_view::npos ? path.substr(slash + 1) : path;
}

std::string arn_of(std::string_view table, const CrawlSurroundings& around) {
  return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", around.region, around.account_id, table);
}

/// Reads one target.
Result<Finding> look(const wire::DynamoDBTarget& target, const SourceTable& source, const CrawlSurroundings& around,
                     const std::stop_token& stop) {
  const bool scan_all = target.scan_all.value_or(true);
  Finding finding;
  finding.location = arn_of(source.name, around);
  TRY_DO(around.require("dynamodb:Scan", {finding.location}));
  uint64_t seen = 0;
  bool readable = true;
  TRY_DO(around.items.scan(source.name, [&](std::string_view item) {
    readable = finding.schema.observe(item);
    ++seen;
    finding.size_bytes += item.size();
    return readable && !stop.stop_requested() && (scan_all || seen < sampled_items);
  }));
  if (stop.stop_requested()) return fail(stopped());
  if (!readable) return fail(Error::internal("An item cannot be decoded in DynamoDB table " + source.name));
  finding.record_count = scan_all ? seen : source.item_count;
  if (source.size_bytes > 0) finding.size_bytes = source.size_bytes;
  around.log(
      fmt::format("INFO : DynamoDB table {}: {} items read, {} columns", source.name, seen, finding.schema.columns().size()));
  return finding;
}

template <typename Targets>
bool any(const std::optional<Targets>& targets) {
  return targets && !targets->empty();
}

template <typename Targets>
const Targets& all_of(const std::optional<Targets>& targets) {
  static const Targets none;
  return targets ? *targets : none;
}

std::string with_slash(std::string text) {
  if (!text.ends_with('/')) text += '/';
  return text;
}

/// A crawl's targets, each looked at, and what is then written.
class Crawl {
 public:
  Crawl(const wire::Crawler& crawler, const Configuration& configuration, const CrawlSurroundings& around,
        const std::stop_token& stop)
      : crawler_(crawler),
        configuration_(configuration),
        around_(around),
        stop_(stop),
        incremental_(crawler.recrawl_policy &&
                     crawler.recrawl_policy->recrawl_behavior.value_or("") == "CRAWL_NEW_FOLDERS_ONLY"),
        writer_(crawler, configuration_, around) {}

  Result<CrawlChanges> run() {
    const auto targets = crawler_.targets.value_or(wire::CrawlerTargets{});
    if (any(targets.s3_targets) || any(targets.catalog_targets)) {
      TRY(classifiers, around_.files.classifiers ? around_.files.classifiers(all_of(crawler_.classifiers))
                                                 : Result<std::vector<classify::Classifier>>{});
      inspector_ = around_.files.inspector ? around_.files.inspector(std::move(classifiers))
                                           : classify::make_local_inspector(std::move(classifiers));
    }
    for (const auto& target : all_of(targets.dynamodb_targets)) TRY_DO(look_at(target));
    for (const auto& target : all_of(targets.s3_targets)) TRY_DO(look_at(target));
    for (const auto& target : all_of(targets.catalog_targets)) TRY_DO(look_at(target));
    inspector_.reset();
    if (stop_.stop_requested()) return fail(stopped());
    TRY_DO(check_threshold());
    TRY_DO(write());
    return std::move(writer_).changes();
  }

 private:
  struct ItemLook {
    std::string source_name;
    std::optional<Finding> finding;
  };
  struct TableLook {
    wire::Table table;
    S3Look look;
  };

  Result<void> look_at(const wire::DynamoDBTarget& target) {
    const std::string name(table_name_of(target.path.value_or("")));
    TRY_DO(around_.require("dynamodb:DescribeTable", {arn_of(name, around_)}));
    TRY(source, around_.items.find_table(name));
    if (!source) {
      TRY_DO(require_known(name));
      item_looks_.push_back({name, std::nullopt});
      return {};
    }
    TRY(finding, look(target, *source, around_, stop_));
    item_looks_.push_back({name, std::move(finding)});
    return {};
  }

  /// Fails for a target that neither DynamoDB nor the catalog knows: a mistake rather than a deletion.
  Result<void> require_known(const std::string& name) {
    TRY(database, around_.catalog.find_database(*crawler_.database_name));
    if (database) {
      TRY(table, writer_.find_by_location(arn_of(name, around_)));
      if (table) return {};
    }
    return fail(error::invalid_input(fmt::format("The DynamoDB table does not exist: {}", name)));
  }

  [[nodiscard]] S3LookOptions look_options() const {
    S3LookOptions options;
    options.grouping.combines_compatible = configuration_.combines_compatible;
    options.grouping.table_level = configuration_.table_level;
    return options;
  }

  Result<void> look_at(const wire::S3Target& target) {
    auto options = look_options();
    if (incremental_) TRY_DO(add_known_folders(target, options));
    TRY(look, look_at_s3(target, options, around_, *inspector_, stop_));
    s3_looks_.push_back(std::move(look));
    return {};
  }

  /// What was crawled before: the folders of this crawler's tables and of their partitions.
  Result<void> add_known_folders(const wire::S3Target& target, S3LookOptions& options) {
    const auto place = parse_s3_path(target.path.value_or(""));
    if (!place) return {};
    TRY(tables, writer_.own_tables(fmt::format("s3://{}/{}", place->bucket, place->prefix)));
    int level = 0;
    for (const auto& table : tables) {
      const auto location = with_slash(table.storage_descriptor->location.value_or(""));
      const auto table_place = parse_s3_path(location);
      if (!table_place) continue;
      const auto table_level = 1 + static_cast<int>(std::ranges::count(table_place->prefix, '/'));
      level = level == 0 ? table_level : std::min(level, table_level);
      if (!any(table.partition_keys)) {
        options.known_folders.insert(location);
        continue;
      }
      options.known_roots.push_back(table_place->prefix);
      TRY(partitions, writer_.partitions_of(table));
      for (const auto& partition : partitions) {
        if (partition.storage_descriptor)
          options.known_folders.insert(with_slash(partition.storage_descriptor->location.value_or("")));
      }
    }
    // New tables lie beside the known ones, however few folders are new.
    if (options.grouping.table_level == 0) options.grouping.table_level = level;
    return {};
  }

  Result<void> look_at(const wire::CatalogTarget& target) {
    for (const auto& name : target.tables) {
      TRY_DO(around_.require("glue:GetTable", {around_.catalog_arn(fmt::format("table/{}/{}", target.database_name, name))}));
      TRY(table, around_.catalog.find_table(target.database_name, name));
      if (!table) return fail(error::table_not_found(name));
      const auto location = table->storage_descriptor ? table->storage_descriptor->location.value_or("") : "";
      const auto place = parse_s3_path(location);
      if (!location.starts_with("s3") || !place)
        return fail(error::invalid_input(
            fmt::format("A catalog target's table must lie in S3: {}.{} lies in {}", target.database_name, name, location)));
      auto options = look_options();
      options.grouping.table_level = 1 + static_cast<int>(std::ranges::count(with_slash(place->prefix), '/'));
      if (place->prefix.empty()) options.grouping.table_level = 1;
      wire::S3Target folder;
      folder.path = location;
      TRY(look, look_at_s3(folder, options, around_, *inspector_, stop_));
      table_looks_.push_back({std::move(*table), std::move(look)});
    }
    return {};
  }

  [[nodiscard]] Result<void> check_threshold() const {
    std::size_t tables = 0;
    for (const auto& look : s3_looks_) tables += look.tables.size();
    if (configuration_.tables_max == 0 || tables <= static_cast<std::size_t>(configuration_.tables_max)) return {};
    return fail(error::invalid_input(
        fmt::format("The number of tables detected by crawler: {} is greater than the table threshold value provided: {}. "
                    "No table was created or updated.",
                    tables, configuration_.tables_max)));
  }

  Result<void> write() {
    if (!item_looks_.empty() || !s3_looks_.empty()) TRY_DO(writer_.ensure_database());
    for (auto& look : item_looks_) {
      if (look.finding) {
        TRY_DO(writer_.write(std::move(*look.finding), look.source_name));
      } else {
        TRY(table, writer_.find_by_location(arn_of(look.source_name, around_)));
        if (table) TRY_DO(writer_.vanish(*table));
      }
    }
    std::vector<std::string> places;
    std::vector<std::string> unreadable;
    for (const auto& look : s3_looks_) {
      places.push_back(fmt::format("s3://{}/{}", look.place.bucket, look.place.prefix));
      for (const auto& key : look.unreadable) unreadable.push_back(fmt::format("s3://{}/{}", look.place.bucket, key));
      for (const auto& table : look.tables) {
        TRY_DO(writer_.write(table, look.place.bucket, incremental_));
      }
    }
    // A crawl of new folders alone says nothing of the old ones.
    if (!incremental_ && !s3_looks_.empty()) TRY_DO(writer_.vanish_unwritten(places, unreadable));
    for (const auto& look : table_looks_) {
      for (const auto& table : look.look.tables) {
        if (same_place(fmt::format("s3://{}/{}", look.look.place.bucket, table.path),
                       look.table.storage_descriptor->location.value_or("")))
          TRY_DO(writer_.refresh(look.table, table, look.look.place.bucket));
      }
    }
    return {};
  }

  const wire::Crawler& crawler_;
  const Configuration configuration_;
  const CrawlSurroundings& around_;
  const std::stop_token& stop_;
  const bool incremental_;
  CatalogWriter writer_;
  std::unique_ptr<classify::Inspector> inspector_;
  std::vector<ItemLook> item_looks_;
  std::vector<S3Look> s3_looks_;
  std::vector<TableLook> table_looks_;
};

}  // namespace

std::string unsupported_target(const wire::CrawlerTargets& targets) {
  if (any(targets.jdbc_targets)) return "JDBC target " + targets.jdbc_targets->front().path.value_or("");
  if (any(targets.mongodb_targets)) return "MongoDB target " + targets.mongodb_targets->front().path.value_or("");
  if (any(targets.delta_targets)) return "Delta target";
  if (any(targets.iceberg_targets)) return "Iceberg target";
  if (any(targets.hudi_targets)) return "Hudi target";
  return "";
}

Result<CrawlChanges> crawl(const wire::Crawler& crawler, const CrawlSurroundings& around, std::stop_token stop) {
  const auto targets = crawler.targets.value_or(wire::CrawlerTargets{});
  if (const auto unsupported = unsupported_target(targets); !unsupported.empty()) {
    return fail(error::invalid_input("This server crawls S3, DynamoDB and the catalog's tables, not the " + unsupported));
  }
  const bool writes_tables = any(targets.s3_targets) || any(targets.dynamodb_targets);
  if (writes_tables && (!crawler.database_name || crawler.database_name->empty()))
    return fail(error::invalid_input("The crawler has no DatabaseName"));
  TRY(configuration, parse_configuration(crawler.configuration.value_or("")));
  return Crawl(crawler, configuration, around, stop).run();
}

}  // namespace mastic::glue::crawler
