// Failure as a value.
//
//   Result<Table> find_table(const TableName& name) {
//     TRY(row, database.find(name));                        // on failure: return the error upward; else bind `row`
//     TRY_DO(check_access(row));                            // the same for a Result<void>
//     if (!row) return fail(Error::invalid("no such table"));
//     return Table{*row};
//   }
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace mastic {

/// What went wrong, in terms that a caller can act on.
///
/// `code` is the name that the service's model gives the failure (`EntityNotFoundException`, `NoSuchKey`, …) or, for
/// failures that no model names, one of the factories' below. The wire turns an Error into bytes once, in `src/aws`.
/// Spark's failures have a type of their own: see `spark/plan/spark_error.h`.
struct Error {
  std::string code;
  std::string message;  // Says what is wrong and what to do next; the runtime value stands last.
  int http_status = 400;
  // Further members of the modelled error shape, as name and JSON text: `CancellationReasons`, `Item`, …
  std::vector<std::pair<std::string, std::string>> members = {};

  /// Our own bug or a machine that fails: never for something the user did.
  static Error internal(std::string message) { return {"InternalFailure", std::move(message), 500}; }
  /// A system call or a store that failed; `what` names the operation, `why` is the library's text.
  static Error io(std::string_view what, std::string_view why) {
    return {"InternalFailure", std::string(what) + ": " + std::string(why), 500};
  }
  /// Input that breaks a rule, where no service's model has a more exact name.
  static Error invalid(std::string message) { return {"ValidationException", std::move(message), 400}; }
};

template <typename T, typename E = Error>
using Result = std::expected<T, E>;

/// Ends a function that returns a Result: `return fail(Error::invalid("…"));`.
template <typename E>
[[nodiscard]] std::unexpected<std::decay_t<E>> fail(E&& error) {
  return std::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace mastic

#define MASTIC_CONCATENATE_(a, b) a##b
#define MASTIC_CONCATENATE(a, b) MASTIC_CONCATENATE_(a, b)

#define TRY(name, ...)                                                                                                        \
  auto MASTIC_CONCATENATE(result_of_, name) = (__VA_ARGS__);                                                                  \
  if (!MASTIC_CONCATENATE(result_of_, name)) return std::unexpected(std::move(MASTIC_CONCATENATE(result_of_, name)).error()); \
  auto&& name = *std::move(MASTIC_CONCATENATE(result_of_, name))

#define TRY_DO(...)                                                   \
  if (auto result_of_statement = (__VA_ARGS__); !result_of_statement) \
  return std::unexpected(std::move(result_of_statement).error())
