// What the account has of one kind, by name: connections, security configurations, resource policies. Each is kept as the
// JSON text of the generated structure that clients get.
//
//   Records<wire::Connection> connections(database, "connection");
//
// Thread-safe: each call is one statement or transaction.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/json.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "glue/catalog/catalog.h"

namespace mastic::glue {

template <typename Entry>
class Records {
 public:
  Records(sqlite::Database& database, std::string_view kind) : database_(database), kind_(kind) {}

  /// Grows with every change and removal: what was made of the records before may be out of date.
  [[nodiscard]] uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

  /// False when there is one of the name already.
  Result<bool> add(std::string_view name, const Entry& entry) {
    TRY(added, database_.run("INSERT INTO record(kind, name, body) VALUES(?, ?, ?) ON CONFLICT DO NOTHING", kind_, name,
                             aws::to_json(entry)));
    return added > 0;
  }

  Result<std::optional<Entry>> find(std::string_view name) {
    TRY(rows, database_.query("SELECT body FROM record WHERE kind = ? AND name = ?", kind_, name));
    if (rows.empty()) return std::nullopt;
    TRY(entry, aws::from_json<Entry>(rows[0].text(0)));
    return entry;
  }

  /// A page in the order of names, of those that `wanted` accepts.
  Result<catalog::Page<Entry>> list(
      const catalog::PageRequest& page, const std::function<bool(const Entry&)>& wanted = [](const Entry&) { return true; }) {
    TRY(rows, database_.query("SELECT name, body FROM record WHERE kind = ? AND name > ? ORDER BY name", kind_, page.after));
    catalog::Page<Entry> answer;
    std::string last;
    for (const auto& row : rows) {
      TRY(entry, aws::from_json<Entry>(row.text(1)));
      if (!wanted(entry)) continue;
      if (answer.entries.size() == page.limit) {
        answer.last_key = last;
        break;
      }
      last = row.text(0);
      answer.entries.push_back(std::move(entry));
    }
    return answer;
  }

  /// Hands what is there (or nothing) to `change` and keeps what that gives.
  Result<void> change(std::string_view name, const std::function<Result<Entry>(const std::optional<Entry>&)>& change) {
    TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
      TRY(rows, t.query("SELECT body FROM record WHERE kind = ? AND name = ?", kind_, name));
      std::optional<Entry> before;
      if (!rows.empty()) {
        TRY(entry, aws::from_json<Entry>(rows[0].text(0)));
        before = std::move(entry);
      }
      TRY(after, change(before));
      TRY_DO(t.run("INSERT INTO record(kind, name, body) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body", kind_,
                   name, aws::to_json(after)));
      return {};
    }));
    generation_.fetch_add(1, std::memory_order_release);
    return {};
  }

  /// False when there is none of the name.
  Result<bool> remove(std::string_view name) {
    TRY(removed, database_.run("DELETE FROM record WHERE kind = ? AND name = ?", kind_, name));
    generation_.fetch_add(1, std::memory_order_release);
    return removed > 0;
  }

 private:
  sqlite::Database& database_;
  const std::string kind_;
  std::atomic<uint64_t> generation_{1};
};

}  // namespace mastic::glue
