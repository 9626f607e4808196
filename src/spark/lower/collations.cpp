#include "spark/lower/collations.h"

#include <algorithm>

#include "spark/lower/lowering.h"
#include "spark/plan/collations.h"

namespace mastic::spark {

ast::Expr collation_key(ast::Expr text, const DataType& type) {
  if (type.collation.empty()) return text;
  const auto collation = parse_collation(type.collation);
  if (!collation) not_lowered("the collation " + type.collation);
  ast::Exprs parts;
  parts.push_back(std::move(text));
  if (collation->ignores_blanks_at_end) parts[0] = ast::fill("rtrim($1, ' ')", parts);
  if (collation->base == "UTF8_BINARY") return std::move(parts[0]);
  // Java's lower case: İ has a dot of its own after the i, and both small sigmas are one.
  if (collation->base == "UTF8_LCASE") return ast::fill("replace(lower(replace($1, 'İ', 'i̇')), 'ς', 'σ')", parts);
  // ICU's sort keys: equal keys are equal strings at the wanted strength.
  std::string locale = collation->base == "UNICODE" ? "und" : collation->base;
  if (collation->ignores_accents)
    locale += collation->ignores_case ? "@colStrength=primary" : "@colStrength=primary;colCaseLevel=yes";
  else if (collation->ignores_case)
    locale += "@colStrength=secondary";
  return ast::call("icu_sort_key", std::move(parts[0]), ast::text(locale));
}

ast::Expr collation_representative(ast::Expr text, const DataType& type) {
  if (type.collation.empty()) return text;
  ast::Exprs parts;
  parts.push_back(text->Copy());
  parts.push_back(collation_key(std::move(text), type));
  return ast::fill("first($1) OVER (PARTITION BY $2)", parts);
}

bool has_nested_collation(const DataType& type) {
  const auto inside = [](const DataType& part) { return !part.collation.empty() || has_nested_collation(part); };
  return std::ranges::any_of(type.children, inside) ||
         std::ranges::any_of(type.fields, [&](const auto& field) { return inside(field.type); });
}

}  // namespace mastic::spark
