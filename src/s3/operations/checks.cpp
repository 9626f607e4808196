#include "s3/operations/checks.h"

namespace mastic::s3 {
namespace {

constexpr auto readable_storage_classes = std::to_array<std::string_view>(
    {"STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "REDUCED_REDUNDANCY", "GLACIER_IR"});
// What a bucket's owner may say without granting anything to anybody.
constexpr auto harmless_acls = std::to_array<std::string_view>({"private", "bucket-owner-full-control"});

bool is_one_of(const auto& list, std::string_view value) { return std::ranges::find(list, value) != list.end(); }

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_ip_address(std::string_view name) {
  return std::ranges::count(name, '.') == 3 &&
         std::ranges::all_of(name, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

}  // namespace

bool is_bucket_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 63) return false;
  if (!std::ranges::all_of(name, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; })) return false;
  if (!is_letter_or_digit(name.front()) || !is_letter_or_digit(name.back())) return false;
  if (name.contains("..") || is_ip_address(name)) return false;
  return !name.starts_with("xn--") && !name.starts_with("sthree-") && !name.starts_with("amzn-s3-demo-") &&
         !name.ends_with("-s3alias") && !name.ends_with("--ol-s3") && !name.ends_with(".mrap") && !name.ends_with("--x-s3");
}

Result<void> check_key(std::string_view key) {
  constexpr std::size_t longest = 1024;
  if (key.size() > longest) return fail(errors::key_too_long(key.size()));
  return {};
}

Result<void> check_storage_class(const std::optional<std::string>& storage_class) {
  if (!storage_class || is_one_of(readable_storage_classes, *storage_class)) return {};
  return fail(errors::invalid_storage_class(*storage_class));
}

Result<void> check_acl(const std::optional<std::string>& acl) {
  if (!acl || is_one_of(harmless_acls, *acl)) return {};
  return fail(errors::acl_not_supported());
}

}  // namespace mastic::s3
