// Cast nodes: DuckDB's own cast where it means the same, a kernel of engine/functions/casts.cpp where it does not, and
// member by member for nested types (Spark casts structs by position, DuckDB by name).
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/lowering.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

const char* kernel_name(EvalMode mode) {
  return mode == EvalMode::ansi ? "spark_cast_ansi" : mode == EvalMode::try_ ? "spark_cast_try" : "spark_cast_legacy";
}

bool is_text(const DataType& type) { return type.is_textual(); }

int integral_digits(const DataType& type) {
  return type.is(TypeKind::byte_) ? 3 : type.is(TypeKind::short_) ? 5 : type.is(TypeKind::integer) ? 10 : 20;
}

}  // namespace

ast::Expr Lowering::local_time(ast::Expr child, const DataType& type) {
  if (type.is(TypeKind::timestamp_ntz)) return child;
  if (type.is(TypeKind::timestamp)) return ast::call("spark_local", std::move(child), ast::text(options_.session_time_zone));
  return ast::cast(std::move(child), duckdb::LogicalType::TIMESTAMP);
}

ast::Expr Lowering::instant(ast::Expr local) {
  return ast::call("spark_instant", std::move(local), ast::text(options_.session_time_zone));
}

ast::Expr Lowering::to_text(ast::Expr child, const DataType& type, bool show) {
  switch (type.kind) {
    case TypeKind::user_defined: return to_text(std::move(child), type.children.at(0), show);
    case TypeKind::boolean:
    case TypeKind::byte_:
    case TypeKind::short_:
    case TypeKind::integer:
    case TypeKind::long_:
    case TypeKind::time: return ast::cast(std::move(child), duckdb::LogicalType::VARCHAR);
    case TypeKind::decimal:
      // DuckDB writes .5 where the type has no digits before the point.
      if (type.precision == type.scale && type.precision < 38)
        child = ast::cast(std::move(child), duckdb::LogicalType::DECIMAL(static_cast<uint8_t>(type.precision + 1),
                                                                         static_cast<uint8_t>(type.scale)));
      return ast::cast(std::move(child), duckdb::LogicalType::VARCHAR);
    case TypeKind::null_: return ast::null_of(duckdb::LogicalType::VARCHAR);
    case TypeKind::variant: return ast::call("spark_variant_json", std::move(child), ast::text(options_.session_time_zone));
    case TypeKind::string:
    case TypeKind::char_:
    case TypeKind::varchar: return child;
    case TypeKind::binary:
      if (!show) return ast::call("spark_utf8", std::move(child));
      break;
    case TypeKind::year_month_interval: {
      ast::Exprs arguments;
      arguments.push_back(std::move(child));
      if (type.start_field == 0 && type.end_field == 1) {
        return ast::fill(
            "'INTERVAL ''' || (CASE WHEN $1 < 0 THEN '-' ELSE '' END) || (abs($1) // 12)::VARCHAR || '-' || (abs($1) % "
            "12)::VARCHAR || ''' YEAR TO MONTH'",
            arguments);
      }
      return ast::fill(type.start_field == 0 ? "'INTERVAL ''' || ($1 // 12)::VARCHAR || ''' YEAR'"
                                             : "'INTERVAL ''' || $1::VARCHAR || ''' MONTH'",
                       arguments);
    }
    case TypeKind::day_time_interval:
      return ast::call("spark_interval_text", std::move(child), ast::integer(type.start_field), ast::integer(type.end_field));
    default: break;
  }
  return ast::call("spark_to_string", std::move(child), ast::text((show ? "show|" : "") + options_.session_time_zone));
}

/// The nearest multiple of a power of ten: DuckDB keeps such a decimal as a whole number.
ast::Expr Lowering::to_negative_scale(ast::Expr child, const DataType& from, const DataType& to, EvalMode mode) {
  const int digits = from.is(TypeKind::decimal) ? std::max(from.scale, 0) : from.is_integral() ? 0 : 10;
  auto exact = cast(std::move(child), from, types::decimal(38, digits), mode);
  auto rounded = ast::call("round", std::move(exact), ast::integer(to.scale));
  return ast::cast(std::move(rounded), to_duckdb_type(to), mode != EvalMode::ansi);
}

ast::Expr Lowering::cast(ast::Expr child, const DataType& from, const DataType& to, EvalMode mode) {
  const auto target = to_duckdb_type(to);
  const bool lenient = mode != EvalMode::ansi;
  const auto plain = [&](bool try_cast) { return ast::cast(std::move(child), target, try_cast); };
  const auto kernel = [&] {
    return ast::call(kernel_name(mode), std::move(child), ast::null_of(target), ast::text(options_.session_time_zone));
  };
  if (from == to) return child;
  if (from.is(TypeKind::null_)) return ast::null_of(target);
  if (from.is(TypeKind::user_defined)) return cast(std::move(child), from.children.at(0), to, mode);
  if (to.is(TypeKind::user_defined)) return cast(std::move(child), from, to.children.at(0), mode);
  if (from.is(TypeKind::variant))
    return ast::call("spark_variant_get", std::move(child), ast::text("$"), ast::null_of(target),
                     ast::text(options_.session_time_zone), ast::boolean(mode == EvalMode::try_));
  if (to.is(TypeKind::variant)) return ast::call("spark_to_variant", std::move(child));
  if (is_text(to)) return to_text(std::move(child), from);
  if (is_text(from)) {
    if (to.is(TypeKind::binary)) return ast::call("encode", std::move(child));
    if (to.is_numeric() || to.is_datetime() || to.is(TypeKind::boolean) || to.is(TypeKind::time)) return kernel();
    if (to.is(TypeKind::calendar_interval)) return ast::call("spark_cast_calendar_interval", std::move(child));
    if (to.is(TypeKind::day_time_interval) || to.is(TypeKind::year_month_interval)) {
      return ast::call("spark_cast_interval", std::move(child), ast::boolean(to.is(TypeKind::year_month_interval)),
                       ast::constant(duckdb::Value::INTEGER(to.start_field)),
                       ast::constant(duckdb::Value::INTEGER(to.end_field)), ast::boolean(mode == EvalMode::try_));
    }
    return plain(lenient);
  }
  switch (to.kind) {
    case TypeKind::boolean:
      if (from.is_datetime())
        return ast::fill("epoch_us($1) <> 0", [&] {
          ast::Exprs a;
          a.push_back(std::move(child));
          return a;
        }());
      return plain(false);
    case TypeKind::byte_:
    case TypeKind::short_:
    case TypeKind::integer:
    case TypeKind::long_:
      if (from.is(TypeKind::boolean)) return plain(false);
      if (from.is_integral()) return from.kind < to.kind ? plain(false) : kernel();
      if (from.is(TypeKind::decimal))
        child = ast::cast(std::move(child), duckdb::LogicalType::DECIMAL(38, static_cast<uint8_t>(from.scale)));
      if (from.is(TypeKind::timestamp)) {
        child = ast::call(kernel_name(mode), std::move(child), ast::null_of(duckdb::LogicalType::BIGINT),
                          ast::text(options_.session_time_zone));
        return to.is(TypeKind::long_) ? std::move(child) : kernel();
      }
      if (from.is(TypeKind::day_time_interval) || from.is(TypeKind::year_month_interval)) return plain(lenient);
      if (from.is(TypeKind::date)) return ast::null_of(target);  // legacy: always NULL
      return kernel();
    case TypeKind::float_:
    case TypeKind::double_:
      if (from.is(TypeKind::timestamp)) {
        child = ast::call(kernel_name(mode), std::move(child), ast::null_of(duckdb::LogicalType::DOUBLE),
                          ast::text(options_.session_time_zone));
      }
      if (from.is(TypeKind::date)) return ast::null_of(target);
      return plain(false);
    case TypeKind::decimal:
      if (to.scale < 0) return to_negative_scale(std::move(child), from, to, mode);
      if (from.is_fractional()) return kernel();
      if (from.is(TypeKind::boolean)) child = ast::cast(std::move(child), duckdb::LogicalType::INTEGER);
      if (from.is_integral()) return plain(lenient && integral_digits(from) > to.precision - to.scale);
      if (from.is(TypeKind::decimal)) {
        const bool fits = to.precision - to.scale >= from.precision - from.scale && to.scale >= from.scale;
        return plain(lenient && !fits);
      }
      return plain(lenient);
    case TypeKind::date:
      if (from.is(TypeKind::date)) return child;
      return ast::cast(local_time(std::move(child), from), duckdb::LogicalType::DATE);
    case TypeKind::timestamp:
      if (from.is_integral() || from.is_fractional()) return kernel();
      if (from.is(TypeKind::boolean)) {
        child = ast::cast(std::move(child), duckdb::LogicalType::BIGINT);
        return kernel();
      }
      if (from.is(TypeKind::decimal)) {
        child = ast::cast(std::move(child), duckdb::LogicalType::DOUBLE);
        return kernel();
      }
      return instant(local_time(std::move(child), from));
    case TypeKind::timestamp_ntz: return local_time(std::move(child), from);
    case TypeKind::array: {
      if (!from.is(TypeKind::array)) break;
      const auto name = fresh_name("e");
      auto body = cast(ast::column(name), from.element(), to.element(), mode);
      return ast::call("list_transform", std::move(child), ast::lambda({name}, std::move(body)));
    }
    case TypeKind::map: {
      if (!from.is(TypeKind::map)) break;
      const auto name = fresh_name("e");
      ast::Exprs pair;
      pair.push_back(cast(ast::field(ast::column(name), 0), from.key(), to.key(), mode));
      pair.push_back(cast(ast::field(ast::column(name), 1), from.value(), to.value(), mode));
      pair[0]->SetAlias("key");
      pair[1]->SetAlias("value");
      auto entries = ast::call("list_transform", ast::call("map_entries", std::move(child)),
                               ast::lambda({name}, ast::call("struct_pack", std::move(pair))));
      return ast::call("spark_map_of_entries", std::move(entries), ast::boolean(options_.map_key_last_wins));
    }
    case TypeKind::struct_: {
      if (!from.is(TypeKind::struct_) || from.fields.size() != to.fields.size()) break;
      const auto names = duckdb_field_names(to);
      ast::Exprs members;
      for (std::size_t i = 0; i < names.size(); ++i) {
        auto member = cast(ast::field(child->Copy(), static_cast<int>(i)), from.fields[i].type, to.fields[i].type, mode);
        member->SetAlias(names[i]);
        members.push_back(std::move(member));
      }
      if (members.empty()) return child;
      auto rebuilt = ast::call("struct_pack", std::move(members));
      return ast::case_when(ast::is_null(std::move(child)), ast::null_of(target), std::move(rebuilt));
    }
    default: break;
  }
  return plain(lenient);
}

}  // namespace mastic::spark
