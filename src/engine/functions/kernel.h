// What the kernels share: how they are declared, bound to constants, and how they fail.
//
// Conventions. A kernel's name starts with `spark_`. A *witness* argument is a NULL whose type says the result's type; a
// constant argument (pattern, zone) is read when the call is bound. Both are dropped then, so that at run time only data
// arguments remain. Binding replaces the function's body by a closure over what was read.
#pragma once

#include <array>
#include <duckdb.hpp>
#include <duckdb/common/vector_operations/binary_executor.hpp>
#include <duckdb/common/vector_operations/ternary_executor.hpp>
#include <duckdb/common/vector_operations/unary_executor.hpp>
#include <duckdb/execution/expression_executor.hpp>
#include <duckdb/function/scalar_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "engine/duckdb_failure.h"
#include "engine/functions/int128.h"

namespace mastic::engine {

using duckdb::DataChunk;
using duckdb::ExpressionState;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::ScalarFunction;
using duckdb::string_t;
using duckdb::ValidityMask;
using duckdb::Value;
using duckdb::Vector;
using BoundArguments = duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>;
using BindResult = duckdb::unique_ptr<duckdb::FunctionData>;

/// What a kernel does with input that it cannot take: Spark's eval modes.
enum class OnFailure : uint8_t { null, error };

inline std::string_view view(const string_t& text) { return {text.GetData(), text.GetSize()}; }

inline string_t add_string(Vector& result, std::string_view text) {
  return duckdb::StringVector::AddStringOrBlob(result, text.data(), text.size());
}

/// A kernel that sees NULLs only where its executor lets it, and is not folded away because a witness is NULL.
inline ScalarFunction kernel(std::string name, duckdb::vector<LogicalType> arguments, LogicalType result,
                             duckdb::scalar_function_t body, duckdb::bind_scalar_function_t bind = nullptr) {
  ScalarFunction function(std::move(name), std::move(arguments), std::move(result), std::move(body), bind);
  function.null_handling = duckdb::FunctionNullHandling::SPECIAL_HANDLING;
  return function;
}

/// The value of a constant argument; drops the argument. Fails when it is not constant.
inline Value take_constant(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments, idx_t index) {
  if (!arguments[index]->IsFoldable()) {
    throw duckdb::BinderException("Argument %llu of %s must be constant", index + 1, function.name);
  }
  auto value = duckdb::ExpressionExecutor::EvaluateScalar(context, *arguments[index]);
  duckdb::Function::EraseArgument(function, arguments, index);
  return value;
}

/// The type of a witness argument; drops the argument.
inline LogicalType take_witness(ScalarFunction& function, BoundArguments& arguments, idx_t index) {
  auto type = arguments[index]->return_type;
  duckdb::Function::EraseArgument(function, arguments, index);
  return type;
}

/// `convert(S) -> optional<T>` over a vector: NULL in gives NULL out; nullopt calls `failed(S)` and gives NULL.
template <typename S, typename T, typename Convert, typename Failed>
void convert_vector(Vector& input, Vector& result, idx_t count, Convert&& convert, Failed&& failed) {
  duckdb::UnaryExecutor::ExecuteWithNulls<S, T>(input, result, count, [&](S value, ValidityMask& mask, idx_t row) -> T {
    const std::optional<T> converted = convert(value);
    if (converted) return *converted;
    failed(value);
    mask.SetInvalid(row);
    return T{};
  });
}

/// Calls `body.template operator()<T>()` with the type that stores a DECIMAL of this width.
template <typename Body>
auto with_decimal_storage(const LogicalType& type, Body&& body) {
  switch (type.InternalType()) {
    case duckdb::PhysicalType::INT16: return body.template operator()<int16_t>();
    case duckdb::PhysicalType::INT32: return body.template operator()<int32_t>();
    case duckdb::PhysicalType::INT64: return body.template operator()<int64_t>();
    default: return body.template operator()<duckdb::hugeint_t>();
  }
}

inline int128 to_native(int64_t value) { return value; }
inline int128 to_native(duckdb::hugeint_t value) {
  return static_cast<int128>(static_cast<uint128>(static_cast<uint64_t>(value.upper)) << 64 | value.lower);
}
inline duckdb::hugeint_t to_hugeint(int128 value) { return {static_cast<int64_t>(value >> 64), static_cast<uint64_t>(value)}; }
template <typename T>
T to_storage(int128 value) {
  if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
    return to_hugeint(value);
  } else {
    return static_cast<T>(value);
  }
}
inline constexpr auto powers_of_ten = [] {
  std::array<int128, 39> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers.at(i) = powers.at(i - 1) * 10;
  return powers;
}();
/// 10^exponent; `exponent` 0 … 38.
inline int128 power_of_ten(int exponent) { return powers_of_ten.at(static_cast<std::size_t>(exponent)); }

}  // namespace mastic::engine
