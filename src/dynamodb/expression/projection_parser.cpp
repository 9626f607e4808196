#include "dynamodb/expression/parser.h"
#include "dynamodb/expression/resolver.h"
#include "dynamodb/expression/token_stream.h"

namespace mastic::dynamodb::expression {

Result<std::vector<Path>> parse_projection(std::string_view text, Placeholders& placeholders) {
  constexpr std::string_view which = "ProjectionExpression";
  TokenStream tokens(which, text);
  TRY_DO(tokens.check_size(expression_size_max_bytes));
  std::vector<Path> paths;
  do {
    TRY(path, tokens.parse_path());
    paths.push_back(std::move(path));
  } while (tokens.take_symbol(","));
  if (!tokens.at_end()) return fail(tokens.syntax_error());

  Resolver resolver(which, placeholders);
  for (const auto& path : paths) TRY_DO(resolver.check_reserved(path));
  for (auto& path : paths) TRY_DO(resolver.resolve_names(path));
  TRY_DO(check_paths_apart(which, paths));
  return paths;
}

}  // namespace mastic::dynamodb::expression
