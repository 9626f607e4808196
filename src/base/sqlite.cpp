#include "base/sqlite.h"

#include <sqlite3.h>

#include <map>

namespace mastic::sqlite {

namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

Value column_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return static_cast<int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    case SQLITE_NULL: return {};
    default: {  // text and blobs both travel as bytes
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const int size = sqlite3_column_bytes(statement, column);
      return bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
    }
  }
}

int bind_value(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return sqlite3_bind_int64(statement, index, *integer);
  if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(statement, index, *real);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return sqlite3_bind_null(statement, index);
}

}  // namespace

class Connection {
 public:
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  ~Connection() {
    statements_.clear();
    sqlite3_close(handle_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<Rows> execute(std::string_view text, std::span<const Value> values) {
    TRY(statement, prepare(text));
    const Reset reset{statement};
    for (std::size_t i = 0; i < values.size(); ++i)
      if (bind_value(statement, static_cast<int>(i) + 1, values[i]) != SQLITE_OK)
        return fail(failure("cannot bind a value to"));
    Rows rows;
    for (;;) {
      const int step = sqlite3_step(statement);
      if (step == SQLITE_DONE) return rows;
      if (step != SQLITE_ROW) return fail(failure(text));
      std::vector<Value> row;
      const int columns = sqlite3_column_count(statement);
      row.reserve(static_cast<std::size_t>(columns));
      for (int i = 0; i < columns; ++i) row.push_back(column_value(statement, i));
      rows.emplace_back(std::move(row));
    }
  }

  Result<void> execute_script(const std::string& text) {
    if (sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return fail(failure(text));
    return {};
  }

  [[nodiscard]] int64_t changes() const { return sqlite3_changes(handle_); }

 private:
  struct Reset {
    sqlite3_stmt* statement;
    ~Reset() {
      sqlite3_reset(statement);
      sqlite3_clear_bindings(statement);
    }
  };

  Result<sqlite3_stmt*> prepare(std::string_view text) {
    if (const auto found = statements_.find(text); found != statements_.end()) return found->second.get();
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK)
      return fail(failure(text));
    statements_.emplace(std::string(text), Statement(statement));
    return statement;
  }

  [[nodiscard]] Error failure(std::string_view what) const { return Error::io(what, sqlite3_errmsg(handle_)); }

  sqlite3* handle_;
  std::map<std::string, Statement, std::less<>> statements_;
};

bool Row::is_null(std::size_t column) const { return std::holds_alternative<std::monostate>(values_.at(column)); }

int64_t Row::integer(std::size_t column) const {
  const auto* value = std::get_if<int64_t>(&values_.at(column));
  return value ? *value : 0;
}

double Row::real(std::size_t column) const {
  const auto* value = std::get_if<double>(&values_.at(column));
  return value ? *value : static_cast<double>(integer(column));
}

std::string Row::text(std::size_t column) const { return optional_text(column).value_or(""); }

std::optional<std::string> Row::optional_text(std::size_t column) const {
  const auto* value = std::get_if<std::string>(&values_.at(column));
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<int64_t> Row::optional_integer(std::size_t column) const {
  const auto* value = std::get_if<int64_t>(&values_.at(column));
  return value ? std::optional(*value) : std::nullopt;
}

Result<Rows> Transaction::execute(std::string_view text, std::span<const Value> values) {
  return connection_.execute(text, values);
}

Result<int64_t> Transaction::change(std::string_view text, std::span<const Value> values) {
  TRY_DO(connection_.execute(text, values));
  return connection_.changes();
}

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path,
                                                 std::span<const std::string_view> migrations) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &handle, flags, nullptr) != SQLITE_OK) {
    Error error = Error::io("cannot open the database", path.string() + ": " + sqlite3_errmsg(handle));
    sqlite3_close(handle);
    return fail(std::move(error));
  }
  auto connection = std::make_unique<Connection>(handle);
  TRY_DO(connection->execute_script(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;"));
  TRY(version_rows, connection->execute("PRAGMA user_version", {}));
  const auto version = static_cast<std::size_t>(version_rows.front().integer(0));
  if (version > migrations.size())
    return fail(Error::internal("the database was written by a newer version of Mastic; use that version: " + path.string()));
  for (std::size_t i = version; i < migrations.size(); ++i)
    TRY_DO(connection->execute_script("BEGIN; " + std::string(migrations[i]) +
                                      "; PRAGMA user_version=" + std::to_string(i + 1) + "; COMMIT;"));
  return std::unique_ptr<Database>(new Database(std::move(connection)));
}

Result<void> Database::transaction(const std::function<Result<void>(Transaction&)>& body) {
  const std::scoped_lock lock(mutex_);
  TRY_DO(connection_->execute("BEGIN IMMEDIATE", {}));
  Transaction transaction(*connection_);
  Result<void> outcome;
  try {
    outcome = body(transaction);
    if (outcome) {
      if (auto committed = connection_->execute("COMMIT", {}); !committed) outcome = std::unexpected(committed.error());
    }
  } catch (...) {
    static_cast<void>(connection_->execute("ROLLBACK", {}));
    throw;
  }
  if (!outcome) static_cast<void>(connection_->execute("ROLLBACK", {}));
  return outcome;
}

}  // namespace mastic::sqlite
