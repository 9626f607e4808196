#include "cloudwatch/store.h"

#include <algorithm>
#include <array>

#include "base/files.h"
#include "base/log.h"

namespace mastic::cloudwatch {
namespace {

constexpr std::array<std::string_view, 1> migrations{R"(
CREATE TABLE metric(id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL,
  seen INTEGER NOT NULL, UNIQUE(namespace, name, dimensions));
CREATE TABLE datum(metric INTEGER NOT NULL REFERENCES metric(id) ON DELETE CASCADE, time INTEGER NOT NULL,
  resolution INTEGER NOT NULL, unit TEXT NOT NULL, count REAL NOT NULL, sum REAL NOT NULL, minimum REAL NOT NULL,
  maximum REAL NOT NULL, content BLOB NOT NULL, PRIMARY KEY(metric, time, resolution, unit)) WITHOUT ROWID;
CREATE INDEX datum_age ON datum(resolution, time);
)"};

constexpr int64_t hour_seconds = 3600;
constexpr int64_t day_seconds = 24 * hour_seconds;

/// AWS's retention: how long data stays so fine, and what it becomes then; 0: it goes.
struct Level {
  int64_t resolution_seconds, kept_seconds, next_seconds;
};
constexpr auto levels = std::to_array<Level>(
    {{1, 3 * hour_seconds, 60}, {60, 15 * day_seconds, 300}, {300, 63 * day_seconds, 3600}, {3600, 455 * day_seconds, 0}});

// Dimensions hold no control characters.
constexpr char between_name_and_value = '\x1f';
constexpr char behind_dimension = '\x1e';

std::string text_of(const Dimensions& dimensions) {
  std::string text;
  for (const auto& [name, value] : dimensions) {
    text += name;
    text += between_name_and_value;
    text += value;
    text += behind_dimension;
  }
  return text;
}

Dimensions dimensions_of(std::string_view text) {
  Dimensions dimensions;
  while (!text.empty()) {
    const auto end = std::min(text.find(behind_dimension), text.size());
    const auto pair = text.substr(0, end);
    const auto middle = std::min(pair.find(between_name_and_value), pair.size());
    dimensions.emplace_back(pair.substr(0, middle), pair.substr(std::min(middle + 1, pair.size())));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return dimensions;
}

int64_t seconds_of(Instant time) {
  constexpr int64_t million = 1'000'000;
  const auto microseconds = to_microseconds(time);
  return microseconds >= 0 ? microseconds / million : -((-microseconds + million - 1) / million);
}

/// Columns count, sum, minimum, maximum, content from `first` on.
Distribution distribution_of(const sqlite::Row& row, std::size_t first) {
  Distribution values{
      .count = row.real(first), .sum = row.real(first + 1), .minimum = row.real(first + 2), .maximum = row.real(first + 3)};
  values.unpack_values(row.text(first + 4));
  return values;
}

Result<void> merge(sqlite::Transaction& transaction, int64_t metric, int64_t time, int64_t resolution, std::string_view unit,
                   Distribution values) {
  TRY(rows, transaction.query("SELECT count, sum, minimum, maximum, content FROM datum WHERE metric = ? AND time = ? AND "
                              "resolution = ? AND unit = ?",
                              metric, time, resolution, unit));
  if (!rows.empty()) {
    auto held = distribution_of(rows[0], 0);
    held.add(values);
    values = std::move(held);
  }
  TRY_DO(transaction.run("INSERT OR REPLACE INTO datum VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", metric, time, resolution, unit,
                         values.count, values.sum, values.minimum, values.maximum, values.packed_values()));
  return {};
}

bool has_all(const Dimensions& dimensions, const decltype(Store::ListQuery::dimensions)& wanted) {
  return std::ranges::all_of(wanted, [&](const auto& filter) {
    return std::ranges::any_of(dimensions, [&](const auto& held) {
      return held.first == filter.first && (!filter.second || held.second == *filter.second);
    });
  });
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY_DO(make_folder(folder));
  TRY(database, sqlite::Database::open(folder / "cloudwatch.db", migrations));
  return std::unique_ptr<Store>(new Store(std::move(database), clock));
}

int64_t Store::now_seconds() const { return seconds_of(clock_.now()); }

Result<void> Store::put(std::string_view name_space, std::span<const Sample> samples) {
  roll_up_when_due();
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    for (const auto& sample : samples) {
      const auto time = seconds_of(sample.time);
      TRY(rows, t.query("INSERT INTO metric(namespace, name, dimensions, seen) VALUES(?, ?, ?, ?) ON CONFLICT(namespace, name, "
                        "dimensions) DO UPDATE SET seen = max(seen, excluded.seen) RETURNING id",
                        name_space, sample.name, text_of(sample.dimensions), time));
      const int64_t resolution = sample.high_resolution ? 1 : 60;
      if (sample.values.count <= 0) continue;
      TRY_DO(merge(t, rows[0].integer(0), time - time % resolution, resolution, sample.unit, sample.values));
    }
    return {};
  });
}

Result<std::vector<Datum>> Store::read(const MetricKey& metric, int64_t from_seconds, int64_t until_seconds) {
  roll_up_when_due();
  TRY(rows, database_->query("SELECT time, resolution, unit, count, sum, minimum, maximum, content FROM datum WHERE metric = "
                             "(SELECT id FROM metric WHERE namespace = ? AND name = ? AND dimensions = ?) AND time >= ? AND "
                             "time < ? ORDER BY time",
                             metric.name_space, metric.name, text_of(metric.dimensions), from_seconds, until_seconds));
  std::vector<Datum> data;
  for (const auto& row : rows) data.push_back({row.integer(0), row.integer(1), row.text(2), distribution_of(row, 3)});
  return data;
}

Result<std::vector<ListedMetric>> Store::list(const ListQuery& query) {
  constexpr std::size_t part = 2000;
  // SQLite leaves out most of the others by the text of one dimension; has_all looks at each exactly.
  std::string holding;
  for (const auto& [name, value] : query.dimensions) {
    if (value) holding = name + between_name_and_value + *value + behind_dimension;
  }
  std::vector<ListedMetric> metrics;
  auto after = query.after_id;
  while (metrics.size() < query.limit) {
    TRY(rows,
        database_->query("SELECT id, namespace, name, dimensions FROM metric WHERE id > ?1 AND (?2 = '' OR namespace = ?2) "
                         "AND (?3 = '' OR name = ?3) AND seen >= ?4 AND (?6 = '' OR instr(dimensions, ?6) > 0) "
                         "ORDER BY id LIMIT ?5",
                         after, query.name_space, query.name, query.seen_since_seconds, part, holding));
    for (const auto& row : rows) {
      after = row.integer(0);
      auto dimensions = dimensions_of(row.text(3));
      if (!has_all(dimensions, query.dimensions)) continue;
      metrics.push_back({after, {row.text(1), row.text(2), std::move(dimensions)}});
      if (metrics.size() == query.limit) break;
    }
    if (rows.size() < part) break;
  }
  return metrics;
}

/// One bounded step, so that writers get in between. False when nothing is left to do.
Result<bool> Store::roll_up_some(int64_t resolution_seconds, int64_t older_than_seconds, int64_t into_seconds) {
  constexpr int64_t step = 2000;
  bool more = false;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows,
        t.query("SELECT metric, time, unit, count, sum, minimum, maximum, content FROM datum WHERE resolution = ? AND time "
                "< ? ORDER BY time LIMIT ?",
                resolution_seconds, older_than_seconds, step));
    for (const auto& row : rows) {
      const auto time = row.integer(1);
      if (into_seconds > 0) {
        TRY_DO(merge(t, row.integer(0), time - time % into_seconds, into_seconds, row.text(2), distribution_of(row, 3)));
      }
      TRY_DO(t.run("DELETE FROM datum WHERE metric = ? AND time = ? AND resolution = ? AND unit = ?", row.integer(0), time,
                   resolution_seconds, row.text(2)));
    }
    more = std::ssize(rows) == step;
    return {};
  }));
  return more;
}

Result<void> Store::roll_up() {
  const auto now = now_seconds();
  for (const auto& level : levels) {
    bool more = true;
    while (more) {
      TRY(left, roll_up_some(level.resolution_seconds, now - level.kept_seconds, level.next_seconds));
      more = left;
    }
  }
  TRY_DO(database_->run("DELETE FROM metric WHERE seen < ?", now - levels.back().kept_seconds));
  return {};
}

void Store::roll_up_when_due() {
  const auto now = now_seconds();
  auto due = roll_up_due_seconds_.load();
  if (now < due || !roll_up_due_seconds_.compare_exchange_strong(due, now + hour_seconds)) return;
  if (const auto done = roll_up(); !done) log::error("cloudwatch", "metrics could not be rolled up: {}", done.error().message);
}

}  // namespace mastic::cloudwatch
