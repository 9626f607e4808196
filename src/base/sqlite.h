// An owner for one SQLite database: WAL, one writer, numbered migrations, prepared statements kept by text.
//
//   TRY_DO(database.transaction([&](sqlite::Transaction& t) -> Result<void> {
//     TRY_DO(t.run("INSERT INTO job(name, body) VALUES(?, ?)", name, body));
//     return {};                                              // a failed Result rolls everything back
//   }));
//   TRY(rows, database.query("SELECT body FROM job WHERE name > ? ORDER BY name LIMIT ?", token, limit));
//   for (const auto& row : rows) use(row.text(0));
//
// Thread-safe: one mutex guards the connection; a transaction holds it from begin to commit. What `transaction` and
// `run` acknowledged is durable (synchronous=FULL).
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

struct sqlite3;

namespace mastic::sqlite {

/// A value bound to a `?` or read from a column.
using Value = std::variant<std::monostate, int64_t, double, std::string>;

class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  [[nodiscard]] bool is_null(std::size_t column) const;
  [[nodiscard]] int64_t integer(std::size_t column) const;   // 0 for NULL
  [[nodiscard]] double real(std::size_t column) const;       // 0 for NULL
  [[nodiscard]] std::string text(std::size_t column) const;  // empty for NULL
  [[nodiscard]] std::optional<std::string> optional_text(std::size_t column) const;
  [[nodiscard]] std::optional<int64_t> optional_integer(std::size_t column) const;

 private:
  std::vector<Value> values_;
};
using Rows = std::vector<Row>;

class Connection;

inline Value to_value(const char* text) { return Value{std::string(text)}; }
inline Value to_value(std::string_view text) { return Value{std::string(text)}; }
inline Value to_value(std::string text) { return Value{std::move(text)}; }
inline Value to_value(double number) { return Value{number}; }
inline Value to_value(std::nullopt_t) { return Value{}; }
template <std::integral T>
Value to_value(T number) {
  return Value{static_cast<int64_t>(number)};
}
template <typename T>
Value to_value(const std::optional<T>& value) {
  return value ? to_value(*value) : Value{};
}

/// The statements of one transaction. Lives only inside Database::transaction.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) {}
  template <typename... Values>
  Result<Rows> query(std::string_view text, Values&&... values) {
    const std::vector<Value> bound{to_value(std::forward<Values>(values))...};
    return execute(text, bound);
  }
  /// Runs a statement and gives the number of rows it changed.
  template <typename... Values>
  Result<int64_t> run(std::string_view text, Values&&... values) {
    const std::vector<Value> bound{to_value(std::forward<Values>(values))...};
    return change(text, bound);
  }

 private:
  Result<Rows> execute(std::string_view text, std::span<const Value> values);
  Result<int64_t> change(std::string_view text, std::span<const Value> values);
  Connection& connection_;
};

class Database {
 public:
  /// Opens or creates the file and brings it to the newest schema. `migrations[i]` (SQL text, may hold several
  /// statements) leads from version i to i+1, each in a transaction of its own; the version is SQLite's user_version.
  /// Fails when the file was written by a newer Mastic, or is not a database.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& path,
                                                std::span<const std::string_view> migrations);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs `body` in BEGIN IMMEDIATE … COMMIT; rolls back when it returns a failure or throws.
  Result<void> transaction(const std::function<Result<void>(Transaction&)>& body);

  template <typename... Values>
  Result<Rows> query(std::string_view text, Values&&... values) {
    const std::scoped_lock lock(mutex_);
    return Transaction(*connection_).query(text, std::forward<Values>(values)...);
  }
  template <typename... Values>
  Result<int64_t> run(std::string_view text, Values&&... values) {
    const std::scoped_lock lock(mutex_);
    return Transaction(*connection_).run(text, std::forward<Values>(values)...);
  }

 private:
  explicit Database(std::unique_ptr<Connection> connection);
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace mastic::sqlite
