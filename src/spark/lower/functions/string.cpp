// Text and binary.
#include <duckdb.hpp>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

ast::Expr substring(CallInProgress& call) {
  if (call.count() == 2) call.arguments.push_back(ast::integer(INT32_MAX));
  if (call.type(0).is(TypeKind::binary)) return ast::call("spark_bytes_substring", std::move(call.arguments));
  return ast::call("spark_substring", std::move(call.arguments));
}

/// concat_ws: strings and arrays of strings, NULLs left out.
ast::Expr concat_ws(CallInProgress& call) {
  ast::Exprs parts;
  for (std::size_t i = 1; i < call.count(); ++i) {
    if (call.type(i).is(TypeKind::array)) {
      parts.push_back(call.take(i));
    } else {
      ast::Exprs one;
      one.push_back(call.take(i));
      parts.push_back(ast::call("list_value", std::move(one)));
    }
  }
  if (parts.empty()) return ast::fill("CASE WHEN $1 IS NULL THEN NULL ELSE '' END", call.arguments);
  ast::Exprs both;
  both.push_back(call.take(0));
  both.push_back(ast::call("flatten", ast::call("list_value", std::move(parts))));
  return ast::fill(
      "CASE WHEN $1 IS NULL THEN NULL ELSE coalesce(array_to_string(list_filter($2, lambda x: x IS NOT NULL), $1), '') END",
      both);
}

ast::Expr length(CallInProgress& call) {
  return ast::call(call.type(0).is(TypeKind::binary) ? "octet_length" : "length", std::move(call.arguments));
}

ast::Expr regexp_extract(CallInProgress& call, const char* kernel) {
  if (call.count() == 2) call.arguments.push_back(ast::integer(1));
  return ast::call(kernel, std::move(call.arguments));
}
ast::Expr extract_one(CallInProgress& call) { return regexp_extract(call, "spark_regexp_extract"); }
ast::Expr extract_all(CallInProgress& call) { return regexp_extract(call, "spark_regexp_extract_all"); }
ast::Expr regexp_replace(CallInProgress& call) {
  if (call.count() == 3) call.arguments.push_back(ast::integer(1));
  return ast::call("spark_regexp_replace", std::move(call.arguments));
}
ast::Expr split(CallInProgress& call) {
  if (call.count() == 2) call.arguments.push_back(ast::integer(-1));
  return ast::call("spark_split", std::move(call.arguments));
}

ast::Expr pad(CallInProgress& call, const char* function) {
  if (call.type(0).is(TypeKind::binary))
    return ast::call(*function == 'l' ? "spark_bytes_pad_left" : "spark_bytes_pad_right", std::move(call.arguments));
  if (call.count() == 2) call.arguments.push_back(ast::text(" "));
  return ast::fill("CASE WHEN $2 IS NULL THEN NULL WHEN $3 = '' THEN substring($1, 1, greatest($2, 0)) ELSE " +
                       std::string(function) + "($1, greatest($2, 0), $3) END",
                   call.arguments);
}
ast::Expr lpad(CallInProgress& call) { return pad(call, "lpad"); }
ast::Expr rpad(CallInProgress& call) { return pad(call, "rpad"); }

ast::Expr format_number(CallInProgress& call) {
  // Exact numbers go as their digits: a double would round them before the format does.
  auto number =
      ast::cast(call.take(0), call.type(0).is_fractional() ? duckdb::LogicalType::DOUBLE : duckdb::LogicalType::VARCHAR);
  return ast::call("spark_format_pattern", std::move(number), call.take(1));
}

/// The same function over bytes, where the arguments are bytes.
ast::Expr by_type(CallInProgress& call, const char* text_function, const char* bytes_function) {
  return ast::call(call.type(0).is(TypeKind::binary) ? bytes_function : text_function, std::move(call.arguments));
}
ast::Expr contains(CallInProgress& call) { return by_type(call, "contains", "spark_bytes_contains"); }
ast::Expr starts_with(CallInProgress& call) { return by_type(call, "starts_with", "spark_bytes_starts_with"); }
ast::Expr ends_with(CallInProgress& call) { return by_type(call, "ends_with", "spark_bytes_ends_with"); }

ast::Expr left(CallInProgress& call) {
  if (call.type(0).is(TypeKind::binary)) return ast::fill("spark_bytes_substring($1, 1, $2)", call.arguments);
  return ast::fill("CASE WHEN $2 <= 0 THEN '' ELSE left($1, $2) END", call.arguments);
}

ast::Expr length_in_bytes(CallInProgress& call, const char* factor) {
  return ast::fill(std::string(call.type(0).is(TypeKind::binary) ? "octet_length($1)" : "octet_length(encode($1))") + factor,
                   call.arguments);
}
ast::Expr octet_length(CallInProgress& call) { return length_in_bytes(call, ""); }
ast::Expr bit_length(CallInProgress& call) { return length_in_bytes(call, " * 8"); }

/// is_valid_utf8 and its kin look at bytes.
ast::Expr utf8(CallInProgress& call, const char* kernel) {
  if (call.type(0).is_textual()) call.arguments[0] = ast::call("encode", call.take(0));
  return ast::call(kernel, std::move(call.arguments));
}
ast::Expr is_valid_utf8(CallInProgress& call) { return utf8(call, "spark_utf8_is_valid"); }
ast::Expr make_valid_utf8(CallInProgress& call) { return utf8(call, "spark_utf8"); }
ast::Expr validate_utf8(CallInProgress& call) { return utf8(call, "spark_utf8_validate"); }
ast::Expr try_validate_utf8(CallInProgress& call) { return utf8(call, "spark_utf8_try_validate"); }

/// to_binary and try_to_binary: the format is a constant.
ast::Expr to_binary(CallInProgress& call) {
  const bool tries = call.call.function.starts_with("try_");
  const auto format = call.count() < 2 ? "hex" : duckdb::StringUtil::Lower(call.literal_text(1).value_or(""));
  if (format == "utf-8" || format == "utf8") return ast::call("encode", call.take(0));
  if (format != "hex" && format != "base64") not_lowered("to_binary with the format " + format);
  return ast::call(std::string(tries ? "spark_try_binary_of_" : "spark_binary_of_") + format, call.take(0));
}

ast::Expr to_number(CallInProgress& call) {
  const char* kernel = call.call.function.starts_with("try_") ? "spark_try_to_number" : "spark_to_number";
  return ast::call(kernel, call.take(0), call.take(1), ast::null_of(to_duckdb_type(call.result)));
}

/// decode(bytes, charset), or Oracle's decode(value, search, result, …): NULL is equal to NULL.
ast::Expr decode(CallInProgress& call) {
  if (call.count() == 2) return ast::call("spark_decode", std::move(call.arguments));
  const auto pairs = (call.count() - 1) / 2;
  auto otherwise = call.count() % 2 == 0 ? call.take(call.count() - 1) : ast::null_of(to_duckdb_type(call.result));
  for (std::size_t i = pairs; i-- > 0;) {
    auto matches =
        ast::compare(duckdb::ExpressionType::COMPARE_NOT_DISTINCT_FROM, call.arguments[0]->Copy(), call.take(1 + 2 * i));
    otherwise = ast::case_when(std::move(matches), call.take(2 + 2 * i), std::move(otherwise));
  }
  return otherwise;
}

/// x LIKE ANY (p1, p2…) and its kin.
ast::Expr like_each(CallInProgress& call, bool all, bool negated) {
  ast::Exprs tests;
  for (std::size_t i = 1; i < call.count(); ++i) {
    auto test = ast::call("spark_like", call.arguments[0]->Copy(), call.take(i), ast::text("\\"));
    tests.push_back(negated ? ast::negate(std::move(test)) : std::move(test));
  }
  return ast::conjunction(std::move(tests), all);
}
ast::Expr like_any(CallInProgress& call) { return like_each(call, false, false); }
ast::Expr like_all(CallInProgress& call) { return like_each(call, true, false); }
ast::Expr not_like_any(CallInProgress& call) { return like_each(call, false, true); }
ast::Expr not_like_all(CallInProgress& call) { return like_each(call, true, true); }

ast::Expr mask(CallInProgress& call) {
  constexpr const char* defaults[] = {"", "X", "x", "n"};
  while (call.arguments.size() < 4) call.arguments.push_back(ast::text(defaults[call.arguments.size()]));
  if (call.arguments.size() < 5) call.arguments.push_back(ast::null_of(duckdb::LogicalType::VARCHAR));
  return ast::call("spark_mask", std::move(call.arguments));
}

/// As binary: text is its UTF-8 bytes.
ast::Expr on_bytes(CallInProgress& call, const std::string& pattern) {
  if (call.type(0).is_textual()) call.arguments[0] = ast::call("encode", call.take(0));
  return ast::fill(pattern, call.arguments);
}
ast::Expr base64(CallInProgress& call) { return on_bytes(call, "base64($1)"); }
ast::Expr crc32(CallInProgress& call) { return on_bytes(call, "spark_crc32($1)"); }
ast::Expr md5(CallInProgress& call) { return on_bytes(call, "md5($1)"); }
ast::Expr sha1(CallInProgress& call) { return on_bytes(call, "sha1($1)"); }
ast::Expr sha2(CallInProgress& call) { return on_bytes(call, "spark_sha2($1, $2)"); }

ast::Expr replace(CallInProgress& call) {
  if (call.count() == 2) call.arguments.push_back(ast::text(""));
  return ast::fill("CASE WHEN $2 = '' THEN $1 ELSE replace($1, $2, $3) END", call.arguments);
}

ast::Expr overlay(CallInProgress& call) {
  if (call.count() == 3) call.arguments.push_back(ast::integer(-1));
  if (call.type(0).is(TypeKind::binary)) {
    return ast::fill(
        "spark_bytes_substring($1, 1, $3 - 1) || $2 || spark_bytes_substring($1, $3 + (CASE WHEN $4 < 0 THEN "
        "octet_length($2)::INTEGER ELSE $4 END), 2147483647)",
        call.arguments);
  }
  return ast::fill(
      "spark_substring($1, 1, $3 - 1) || $2 || spark_substring($1, $3 + (CASE WHEN $4 < 0 THEN length($2)::INTEGER ELSE $4 "
      "END), 2147483647)",
      call.arguments);
}

ast::Expr name_of_collation(CallInProgress& call) {
  const auto& collation = call.type(0).collation;
  return ast::text("SYSTEM.BUILTIN." + (collation.empty() ? "UTF8_BINARY" : collation));
}
ast::Expr without_name(CallInProgress& call) { return call.take(0); }

constexpr FunctionLowering rows[] = {
    {"ascii", 1, "CASE WHEN $1 = '' THEN 0 ELSE ascii($1) END"},
    {"base64", 1, "", base64},
    {"bit_length", 1, "", bit_length},
    {"btrim", 1, "trim($1, ' ')"},
    {"btrim", 2, "trim($1, $2)"},
    {"char", 1, "CASE WHEN $1 < 0 THEN '' ELSE chr(($1 % 256)::INTEGER) END"},
    {"chr", 1, "CASE WHEN $1 < 0 THEN '' ELSE chr(($1 % 256)::INTEGER) END"},
    {"char_length", 1, "", length},
    {"character_length", 1, "", length},
    {"concat_ws", -1, "", concat_ws},
    {"contains", 2, "", contains},
    {"crc32", 1, "", crc32},
    {"decode", -1, "", decode},
    {"elt", -1, "",
     [](CallInProgress& call) -> ast::Expr {
       auto index = call.take(0);
       ast::Exprs rest;
       for (std::size_t i = 1; i < call.count(); ++i) rest.push_back(call.take(i));
       ast::Exprs both;
       both.push_back(ast::call("list_value", std::move(rest)));
       both.push_back(std::move(index));
       return ast::fill(call.exact() ? "list_extract($1, spark_check_ordinal($2::BIGINT, len($1)::BIGINT))"
                                     : "CASE WHEN $2 > 0 THEN list_extract($1, $2) END",
                        both);
     }},
    {"encode", 2, "spark_encode"},
    {"endswith", 2, "", ends_with},
    {"find_in_set", 2, "spark_find_in_set"},
    {"format_number", 2, "", format_number},
    {"format_string", -1, "spark_format_string"},
    {"initcap", 1, "spark_initcap(lower($1))"},
    {"instr", 2, "instr($1, $2)"},
    {"lcase", 1, "lower"},
    {"left", 2, "", left},
    {"likeall", -1, "", like_all},
    {"likeany", -1, "", like_any},
    {"notlikeall", -1, "", not_like_all},
    {"notlikeany", -1, "", not_like_any},
    {"luhn_check", 1, "spark_luhn_check"},
    {"quote", 1, "spark_quote"},
    {"sentences", -1, "spark_sentences($1)"},
    {"collation", 1, "", name_of_collation},
    {"collate", 2, "", without_name},
    {"is_valid_utf8", 1, "", is_valid_utf8},
    {"make_valid_utf8", 1, "", make_valid_utf8},
    {"validate_utf8", 1, "", validate_utf8},
    {"try_validate_utf8", 1, "", try_validate_utf8},
    {"parse_url", -1, "spark_parse_url"},
    {"try_parse_url", -1, "spark_try_parse_url"},
    {"try_url_decode", 1, "spark_try_url_decode"},
    {"to_char", 2, "spark_to_char($1::VARCHAR, $2)"},
    {"to_number", 2, "", to_number},
    {"try_to_number", 2, "", to_number},
    {"aes_encrypt", 6, "spark_aes_encrypt"},
    {"aes_decrypt", 5, "spark_aes_decrypt"},
    {"try_aes_decrypt", 5, "spark_try_aes_decrypt"},
    {"length", 1, "", length},
    {"len", 1, "", length},
    {"levenshtein", 2, "levenshtein"},
    {"levenshtein", 3, "CASE WHEN levenshtein($1, $2) > $3 THEN -1 ELSE levenshtein($1, $2) END"},
    {"locate", 2, "instr($2, $1)"},
    {"locate", 3,
     "CASE WHEN $3 IS NULL THEN 0 WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $3 <= 0 THEN 0 "
     "WHEN instr(substr($2, $3), $1) = 0 THEN 0 ELSE instr(substr($2, $3), $1) + $3 - 1 END"},
    {"position", 2, "instr($2, $1)"},
    {"position", 3,
     "CASE WHEN $3 IS NULL THEN 0 WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $3 <= 0 THEN 0 "
     "WHEN instr(substr($2, $3), $1) = 0 THEN 0 ELSE instr(substr($2, $3), $1) + $3 - 1 END"},
    {"charindex", 2, "instr($2, $1)"},
    {"lower", 1},
    {"lpad", -1, "", lpad},
    {"ltrim", 1, "ltrim($1, ' ')"},
    {"ltrim", 2, "ltrim($2, $1)"},
    {"mask", -1, "", mask},
    {"md5", 1, "", md5},
    {"octet_length", 1, "", octet_length},
    {"overlay", -1, "", overlay},
    {"regexp_count", 2, "spark_regexp_count"},
    {"regexp_extract", -1, "", extract_one},
    {"regexp_extract_all", -1, "", extract_all},
    {"regexp_instr", -1, "spark_regexp_instr($1, $2)"},
    {"regexp_replace", -1, "", regexp_replace},
    {"regexp_substr", 2, "spark_regexp_substr"},
    {"repeat", 2, "repeat($1, CASE WHEN $2 < 0 THEN 0 ELSE $2 END)"},
    {"replace", -1, "", replace},
    {"right", 2, "CASE WHEN $2 <= 0 THEN '' ELSE right($1, $2) END"},
    {"rpad", -1, "", rpad},
    {"rtrim", 1, "rtrim($1, ' ')"},
    {"rtrim", 2, "rtrim($2, $1)"},
    {"sha", 1, "", sha1},
    {"sha1", 1, "", sha1},
    {"sha2", 2, "", sha2},
    {"soundex", 1, "spark_soundex"},
    {"space", 1, "repeat(' ', CASE WHEN $1 < 0 THEN 0 ELSE $1 END)"},
    {"split", -1, "", split},
    {"split_part", 3,
     "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $2 = '' THEN "
     "(CASE WHEN abs(spark_check_not_zero($3::BIGINT)) = 1 THEN $1 WHEN $3 IS NOT NULL THEN '' END) "
     "ELSE split_part($1, $2, spark_check_not_zero($3::BIGINT)) END"},
    {"startswith", 2, "", starts_with},
    {"substring", -1, "", substring},
    {"substr", -1, "", substring},
    {"substring_index", 3, "spark_substring_index"},
    {"to_binary", -1, "", to_binary},
    {"try_to_binary", -1, "", to_binary},
    {"translate", 3},
    {"trim", 1, "trim($1, ' ')"},
    {"trim", 2, "trim($2, $1)"},
    {"ucase", 1, "upper"},
    {"unbase64", 1, "spark_unbase64"},
    {"upper", 1},
    {"url_decode", 1, "spark_url_decode"},
    {"url_encode", 1, "spark_url_encode"},
};

}  // namespace

std::span<const FunctionLowering> string_lowerings() { return rows; }

}  // namespace mastic::spark
