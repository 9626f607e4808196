#include "glue/crawler/crawl.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "glue/crawler/table_definition.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::crawler {
namespace {

/// How many items a sampled crawl (scanAll = false) looks at. Glue names no number; a thousand show what a table holds.
constexpr uint64_t sampled_items = 1000;

// Glue's SchemaChangePolicy and its defaults.
struct Policy {
  bool update = true;
  enum class Deletion { log, remove, deprecate } deletion = Deletion::deprecate;
};

Policy policy_of(const wire::Crawler& crawler) {
  Policy policy;
  if (!crawler.schema_change_policy) return policy;
  policy.update = crawler.schema_change_policy->update_behavior.value_or("UPDATE_IN_DATABASE") == "UPDATE_IN_DATABASE";
  const auto deletion = crawler.schema_change_policy->delete_behavior.value_or("DEPRECATE_IN_DATABASE");
  if (deletion == "LOG") policy.deletion = Policy::Deletion::log;
  if (deletion == "DELETE_FROM_DATABASE") policy.deletion = Policy::Deletion::remove;
  return policy;
}

/// A target's Path is a table's name or its ARN.
std::string_view table_name_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.starts_with("arn:") && slash != std::string_view::npos ? path.substr(slash + 1) : path;
}

std::string arn_of(std::string_view table, const CrawlSurroundings& around) {
  return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", around.region, around.account_id, table);
}

/// The ARN of something in the catalog: "catalog", "database/x", "table/x/y".
std::string catalog_arn(std::string_view what, const CrawlSurroundings& around) {
  return fmt::format("arn:aws:glue:{}:{}:{}", around.region, around.account_id, what);
}

std::string fingerprint(std::string_view text) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

std::string location_of(const wire::Table& table) {
  return table.storage_descriptor ? table.storage_descriptor->location.value_or("") : std::string();
}

Error stopped() { return {std::string(crawl_stopped), "The crawl was stopped."}; }

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

class Writer {
 public:
  Writer(const wire::Crawler& crawler, const CrawlSurroundings& around)
      : crawler_(crawler), around_(around), database_(*crawler.database_name), policy_(policy_of(crawler)) {}

  Result<void> ensure_database() {
    TRY_DO(require("glue:GetDatabase"));
    TRY(database, around_.catalog.find_database(database_));
    if (database) return {};
    TRY_DO(require("glue:CreateDatabase"));
    wire::DatabaseInput input;
    input.name = database_;
    const auto created = around_.catalog.create_database(input);
    if (!created && created.error().code != "AlreadyExistsException") return created;
    around_.log("INFO : Created database " + database_);
    return {};
  }

  /// Fails for a target that neither DynamoDB nor the catalog knows: a mistake rather than a deletion.
  Result<void> require_known(std::string_view source_name) {
    TRY(database, around_.catalog.find_database(database_));
    if (database) {
      TRY(table, find_by_location(arn_of(source_name, around_)));
      if (table) return {};
    }
    return fail(error::invalid_input(fmt::format("The DynamoDB table does not exist: {}", source_name)));
  }

  Result<void> write(Finding finding, std::string_view source_name) {
    finding.table_name = crawled_table_name(crawler_.table_prefix.value_or(""), source_name);
    TRY_DO(require("glue:GetTable", finding.table_name));
    TRY(existing, around_.catalog.find_table(database_, finding.table_name));
    // A name that another source's table has already: Glue tells them apart by a suffix.
    if ((existing && location_of(*existing) != finding.location) || written_.contains(finding.table_name)) {
      finding.table_name += "_" + fingerprint(finding.location);
      TRY(suffixed, around_.catalog.find_table(database_, finding.table_name));
      existing = std::move(suffixed);
    }
    written_.insert(finding.table_name);
    const auto input = table_input(finding, crawler_.name.value_or(""), existing);
    if (!existing) return create(input);
    return update(*existing, input);
  }

  /// The source of a target is gone; what is done with its table is the crawler's DeleteBehavior.
  Result<void> vanish(std::string_view source_name) {
    TRY(table, find_by_location(arn_of(source_name, around_)));
    if (!table) return {};
    switch (policy_.deletion) {
      case Policy::Deletion::log:
        around_.log(fmt::format("WARN : The source of table {} is gone; the table stays (DeleteBehavior LOG)", table->name));
        return {};
      case Policy::Deletion::remove:
        TRY_DO(require("glue:DeleteTable", table->name));
        TRY_DO(around_.catalog.delete_table(database_, table->name));
        around_.log("INFO : Deleted table " + table->name);
        changes_.deleted.push_back(table->name);
        return {};
      case Policy::Deletion::deprecate: return deprecate(*table);
    }
    std::unreachable();
  }

  CrawlChanges changes() && { return std::move(changes_); }

 private:
  Result<void> create(const wire::TableInput& input) {
    TRY_DO(require("glue:CreateTable", input.name));
    TRY_DO(around_.catalog.create_table(database_, input, caller()));
    around_.log(fmt::format("INFO : Created table {} in database {}", input.name, database_));
    changes_.created.push_back(input.name);
    return {};
  }

  Result<void> update(const wire::Table& existing, const wire::TableInput& input) {
    const bool changed = schema_changed(existing, input);
    if (changed && !policy_.update) {
      around_.log(fmt::format("WARN : The schema of table {} changed; the table stays (UpdateBehavior LOG)", input.name));
      return {};
    }
    TRY_DO(require("glue:UpdateTable", input.name));
    catalog::TableUpdate update;
    update.keep_version = !changed;
    update.expected_version = existing.version_id;
    TRY_DO(around_.catalog.update_table(database_, input, update));
    if (!changed) return {};
    around_.log(fmt::format("INFO : Updated table {} in database {}", input.name, database_));
    changes_.updated.push_back(input.name);
    return {};
  }

  Result<void> deprecate(const wire::Table& table) {
    TRY_DO(require("glue:UpdateTable", table.name));
    auto input = unchanged_input(table);
    if (!input.parameters) input.parameters.emplace();
    const auto now_ms = to_microseconds(around_.clock.now()) / 1000;
    if (!input.parameters->emplace("DEPRECATED_BY_CRAWLER", std::to_string(now_ms)).second) return {};
    TRY_DO(around_.catalog.update_table(database_, input, {}));
    around_.log("INFO : Deprecated table " + table.name);
    changes_.updated.push_back(table.name);
    return {};
  }

  /// On the database, or with a table's name on that table; as in AWS, on what holds it too.
  [[nodiscard]] Result<void> require(std::string_view action, std::string_view table = {}) const {
    TRY_DO(around_.require(action, {catalog_arn("catalog", around_), catalog_arn("database/" + database_, around_)}));
    if (table.empty()) return {};
    return around_.require(action, {catalog_arn(fmt::format("table/{}/{}", database_, table), around_)});
  }

  Result<std::optional<wire::Table>> find_by_location(const std::string& location) {
    TRY_DO(require("glue:GetTables", "*"));
    catalog::PageRequest page{"", 1000};
    do {
      TRY(tables, around_.catalog.list_tables(database_, "", page));
      for (auto& table : tables.entries) {
        if (location_of(table) == location) return std::optional(std::move(table));
      }
      page.after = tables.last_key;
    } while (!page.after.empty());
    return std::nullopt;
  }

  [[nodiscard]] std::string caller() const {
    return fmt::format("arn:aws:sts::{}:assumed-role/{}/AWS-Crawler", around_.account_id, crawler_.role.value_or(""));
  }

  const wire::Crawler& crawler_;
  const CrawlSurroundings& around_;
  const std::string database_;
  const Policy policy_;
  std::set<std::string> written_;
  CrawlChanges changes_;
};

template <typename Targets>
bool any(const std::optional<Targets>& targets) {
  return targets && !targets->empty();
}

}  // namespace

std::string unsupported_target(const wire::CrawlerTargets& targets) {
  if (any(targets.s3_targets)) return "S3 target " + targets.s3_targets->front().path.value_or("");
  if (any(targets.jdbc_targets)) return "JDBC target " + targets.jdbc_targets->front().path.value_or("");
  if (any(targets.mongodb_targets)) return "MongoDB target " + targets.mongodb_targets->front().path.value_or("");
  if (any(targets.catalog_targets)) return "catalog target " + targets.catalog_targets->front().database_name;
  if (any(targets.delta_targets)) return "Delta target";
  if (any(targets.iceberg_targets)) return "Iceberg target";
  if (any(targets.hudi_targets)) return "Hudi target";
  return "";
}

Result<CrawlChanges> crawl(const wire::Crawler& crawler, const CrawlSurroundings& around, std::stop_token stop) {
  const auto targets = crawler.targets.value_or(wire::CrawlerTargets{});
  if (const auto unsupported = unsupported_target(targets); !unsupported.empty()) {
    return fail(error::invalid_input("This server crawls DynamoDB tables only, not the " + unsupported));
  }
  if (!crawler.database_name || crawler.database_name->empty())
    return fail(error::invalid_input("The crawler has no DatabaseName"));

  struct Look {
    std::string source_name;
    std::optional<Finding> finding;
  };
  std::vector<Look> looks;
  for (const auto& target : targets.dynamodb_targets.value_or(std::vector<wire::DynamoDBTarget>{})) {
    const std::string name(table_name_of(target.path.value_or("")));
    TRY_DO(around.require("dynamodb:DescribeTable", {arn_of(name, around)}));
    TRY(source, around.items.find_table(name));
    if (!source) {
      looks.push_back({name, std::nullopt});
      continue;
    }
    TRY(finding, look(target, *source, around, stop));
    looks.push_back({name, std::move(finding)});
  }
  if (stop.stop_requested()) return fail(stopped());

  Writer writer(crawler, around);
  for (const auto& look : looks) {
    if (!look.finding) TRY_DO(writer.require_known(look.source_name));
  }
  TRY_DO(writer.ensure_database());
  for (auto& look : looks) {
    if (look.finding) {
      TRY_DO(writer.write(std::move(*look.finding), look.source_name));
    } else {
      TRY_DO(writer.vanish(look.source_name));
    }
  }
  return std::move(writer).changes();
}

}  // namespace mastic::glue::crawler
