// Patterns of policies: `*` any text, `?` one character; and `${…}`, what the request says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mastic::iam::policy {

/// The request's condition keys, in lower case: "aws:username" → {"ann"}. A key without values is not there.
using Keys = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Stand for `*` and `?` that are meant as they are: `${*}`, `${?}`, and those in a variable's value.
inline constexpr char literal_star = '\x01';
inline constexpr char literal_question = '\x02';

bool matches(std::string_view pattern, std::string_view text);
/// Part by part between the colons, as ArnLike and ArnEquals compare; the sixth part may hold colons.
bool arn_matches(std::string_view pattern, std::string_view arn);
/// Nothing when a variable has no value and no default: the statement does not apply then.
std::optional<std::string> substitute(std::string_view pattern, const Keys& keys);
/// A substituted text that is no pattern.
std::string unescape(std::string text);
std::string lower(std::string_view text);
/// `10.0.0.0/8`, `::1`, …
bool address_in(std::string_view range, std::string_view address);

}  // namespace mastic::iam::policy
