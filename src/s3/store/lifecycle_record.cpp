#include "s3/store/lifecycle_record.h"

#include "s3/store/fields.h"

namespace mastic::s3 {
namespace {

// Tags are forever: a number is never given a second meaning.
namespace rule_tag {
enum : uint8_t {
  prefix = 1,
  tag_key = 2,
  tag_value = 3,  // Of the key before.
  size_greater_than = 4,
  size_less_than = 5,
  expiration_date = 6,
  expiration_days = 7,
  expires_lone_delete_markers = 8,
  noncurrent_days = 9,
  noncurrent_kept = 10,
  abort_upload_days = 11
};
}

}  // namespace

std::string encode(const LifecycleRule& rule) {
  fields::Writer writer;
  const auto number = [&](uint8_t tag, int64_t value) { writer.number(tag, static_cast<uint64_t>(value)); };
  // A bound of zero is a bound: kept as one more than it is, as a zero is not kept.
  const auto bound = [&](uint8_t tag, const std::optional<int64_t>& value) {
    if (value) writer.number(tag, static_cast<uint64_t>(*value) + 1);
  };
  writer.text(rule_tag::prefix, rule.prefix);
  for (const auto& [key, value] : rule.tags) {
    writer.field(rule_tag::tag_key, key);
    writer.field(rule_tag::tag_value, value);
  }
  bound(rule_tag::size_greater_than, rule.size_greater_than);
  bound(rule_tag::size_less_than, rule.size_less_than);
  if (rule.expiration_date) number(rule_tag::expiration_date, to_microseconds(*rule.expiration_date));
  number(rule_tag::expiration_days, rule.expiration_days);
  number(rule_tag::expires_lone_delete_markers, rule.expires_lone_delete_markers ? 1 : 0);
  number(rule_tag::noncurrent_days, rule.noncurrent_days);
  number(rule_tag::noncurrent_kept, rule.noncurrent_kept);
  number(rule_tag::abort_upload_days, rule.abort_upload_days);
  return writer.take();
}

LifecycleRule decode_lifecycle_rule(std::string_view bytes) {
  LifecycleRule rule;
  fields::Reader reader(bytes);
  while (const auto field = reader.next()) {
    const auto number = [&] { return static_cast<int64_t>(field->number()); };
    const auto bound = [&] { return static_cast<int64_t>(field->number() - 1); };
    switch (field->tag) {
      case rule_tag::prefix: rule.prefix = field->text(); break;
      case rule_tag::tag_key: rule.tags.emplace_back(field->text(), std::string{}); break;
      case rule_tag::tag_value:
        if (!rule.tags.empty()) rule.tags.back().second = field->text();
        break;
      case rule_tag::size_greater_than: rule.size_greater_than = bound(); break;
      case rule_tag::size_less_than: rule.size_less_than = bound(); break;
      case rule_tag::expiration_date: rule.expiration_date = from_microseconds(number()); break;
      case rule_tag::expiration_days: rule.expiration_days = number(); break;
      case rule_tag::expires_lone_delete_markers: rule.expires_lone_delete_markers = number() != 0; break;
      case rule_tag::noncurrent_days: rule.noncurrent_days = number(); break;
      case rule_tag::noncurrent_kept: rule.noncurrent_kept = number(); break;
      case rule_tag::abort_upload_days: rule.abort_upload_days = number(); break;
      default: break;
    }
  }
  return rule;
}

}  // namespace mastic::s3
