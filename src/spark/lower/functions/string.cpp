// Text and binary.
#include <duckdb.hpp>

#include "spark/lower/functions/table.h"

namespace mastic::spark {
namespace {

ast::Expr substring(CallInProgress& call) {
  if (call.count() == 2) call.arguments.push_back(ast::integer(INT32_MAX));
  if (call.type(0).is(TypeKind::binary)) {
    return ast::fill(
        "$1[(CASE WHEN $2 > 0 THEN $2 WHEN $2 < 0 THEN greatest(octet_length($1) + $2 + 1, 1) ELSE 1 END):((CASE WHEN $2 > 0 "
        "THEN $2 WHEN $2 < 0 THEN octet_length($1) + $2 + 1 ELSE 1 END)::BIGINT + $3 - 1)]",
        call.arguments);
  }
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
  if (call.count() == 2) call.arguments.push_back(ast::text(" "));
  return ast::fill("CASE WHEN $3 = '' THEN substring($1, 1, greatest($2, 0)) ELSE " + std::string(function) +
                       "($1, greatest($2, 0), $3) END",
                   call.arguments);
}
ast::Expr lpad(CallInProgress& call) { return pad(call, "lpad"); }
ast::Expr rpad(CallInProgress& call) { return pad(call, "rpad"); }

ast::Expr format_number(CallInProgress& call) {
  if (call.type(1).is_textual()) not_lowered("format_number with a pattern");
  return ast::fill("spark_format_number($1::DOUBLE, $2)", call.arguments);
}

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
  return ast::fill(
      "spark_substring($1, 1, $3 - 1) || $2 || spark_substring($1, $3 + (CASE WHEN $4 < 0 THEN length($2)::INTEGER ELSE $4 "
      "END), 2147483647)",
      call.arguments);
}

constexpr FunctionLowering rows[] = {
    {"ascii", 1, "CASE WHEN $1 = '' THEN 0 ELSE ascii($1) END"},
    {"base64", 1, "", base64},
    {"bit_length", 1, "octet_length(encode($1)) * 8"},
    {"btrim", 1, "trim($1, ' ')"},
    {"btrim", 2, "trim($1, $2)"},
    {"char", 1, "CASE WHEN $1 < 0 THEN '' ELSE chr(($1 % 256)::INTEGER) END"},
    {"chr", 1, "CASE WHEN $1 < 0 THEN '' ELSE chr(($1 % 256)::INTEGER) END"},
    {"char_length", 1, "", length},
    {"character_length", 1, "", length},
    {"concat_ws", -1, "", concat_ws},
    {"contains", 2, "contains"},
    {"crc32", 1, "", crc32},
    {"decode", 2, "spark_decode"},
    {"elt", -1, "",
     [](CallInProgress& call) -> ast::Expr {
       auto index = call.take(0);
       ast::Exprs rest;
       for (std::size_t i = 1; i < call.count(); ++i) rest.push_back(call.take(i));
       ast::Exprs both;
       both.push_back(ast::call("list_value", std::move(rest)));
       both.push_back(std::move(index));
       return ast::fill("CASE WHEN $2 > 0 THEN list_extract($1, $2) END", both);
     }},
    {"encode", 2, "spark_encode"},
    {"endswith", 2, "ends_with($1, $2)"},
    {"find_in_set", 2, "spark_find_in_set"},
    {"format_number", 2, "", format_number},
    {"format_string", -1, "printf"},
    {"printf", -1, "printf"},
    {"initcap", 1, "spark_initcap(lower($1))"},
    {"instr", 2, "instr($1, $2)"},
    {"lcase", 1, "lower"},
    {"left", 2, "CASE WHEN $2 <= 0 THEN '' ELSE left($1, $2) END"},
    {"length", 1, "", length},
    {"len", 1, "", length},
    {"levenshtein", 2, "levenshtein"},
    {"levenshtein", 3, "CASE WHEN levenshtein($1, $2) > $3 THEN -1 ELSE levenshtein($1, $2) END"},
    {"locate", 2, "instr($2, $1)"},
    {"locate", 3,
     "CASE WHEN $3 <= 0 THEN 0 WHEN instr(substr($2, $3), $1) = 0 THEN 0 ELSE instr(substr($2, $3), $1) + $3 - 1 END"},
    {"position", 2, "instr($2, $1)"},
    {"position", 3,
     "CASE WHEN $3 <= 0 THEN 0 WHEN instr(substr($2, $3), $1) = 0 THEN 0 ELSE instr(substr($2, $3), $1) + $3 - 1 END"},
    {"charindex", 2, "instr($2, $1)"},
    {"lower", 1},
    {"lpad", -1, "", lpad},
    {"ltrim", 1, "ltrim($1, ' ')"},
    {"ltrim", 2, "ltrim($1, $2)"},
    {"mask", -1, "", mask},
    {"md5", 1, "", md5},
    {"octet_length", 1, "octet_length(encode($1))"},
    {"overlay", -1, "", overlay},
    {"regexp_count", 2, "spark_regexp_count"},
    {"regexp_extract", -1, "", extract_one},
    {"regexp_extract_all", -1, "", extract_all},
    {"regexp_instr", -1, "spark_regexp_instr($1, $2)"},
    {"regexp_replace", -1, "", regexp_replace},
    {"regexp_substr", 2, "spark_regexp_substr"},
    {"repeat", 2, "repeat($1, greatest($2, 0))"},
    {"replace", -1, "", replace},
    {"right", 2, "CASE WHEN $2 <= 0 THEN '' ELSE right($1, $2) END"},
    {"rpad", -1, "", rpad},
    {"rtrim", 1, "rtrim($1, ' ')"},
    {"rtrim", 2, "rtrim($1, $2)"},
    {"sha", 1, "", sha1},
    {"sha1", 1, "", sha1},
    {"sha2", 2, "", sha2},
    {"soundex", 1, "spark_soundex"},
    {"space", 1, "repeat(' ', greatest($1, 0))"},
    {"split", -1, "", split},
    {"split_part", 3, "CASE WHEN $2 = '' THEN (CASE WHEN abs($3) = 1 THEN $1 ELSE '' END) ELSE split_part($1, $2, $3) END"},
    {"startswith", 2, "starts_with($1, $2)"},
    {"substring", -1, "", substring},
    {"substr", -1, "", substring},
    {"substring_index", 3, "spark_substring_index"},
    {"to_binary", 1, "spark_unhex($1)"},
    {"translate", 3},
    {"trim", 1, "trim($1, ' ')"},
    {"trim", 2, "trim($1, $2)"},
    {"ucase", 1, "upper"},
    {"unbase64", 1, "from_base64($1)"},
    {"upper", 1},
    {"url_decode", 1, "url_decode(replace($1, '+', ' '))"},
    {"url_encode", 1, "replace(url_encode($1), '%20', '+')"},
};

}  // namespace

std::span<const FunctionLowering> string_lowerings() { return rows; }

}  // namespace mastic::spark
