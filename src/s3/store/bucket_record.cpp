#include "s3/store/lifecycle_record.h"
#include "s3/store/record_parts.h"
#include "s3/store/records.h"

namespace mastic::s3 {
namespace {

// Tags are forever: a number is never given a second meaning.
namespace bucket_tag {
enum : uint8_t {
  region = 1,
  created = 2,
  tag = 3,
  versioning = 4,
  encryption = 5,
  public_access_block = 6,
  object_ownership = 7,
  policy = 8,
  lifecycle = 9,
  lifecycle_size_rule = 10,
  lifecycle_rule = 11,
  event_bridge = 12
};
}
using fields::Reader;
using fields::Writer;

// One bit for each of the four, and one that says that there is such a setting.
uint64_t encode_public_access_block(const PublicAccessBlock& block) {
  return 16U | (block.block_public_acls ? 1U : 0U) | (block.ignore_public_acls ? 2U : 0U) |
         (block.block_public_policy ? 4U : 0U) | (block.restrict_public_buckets ? 8U : 0U);
}

PublicAccessBlock decode_public_access_block(uint64_t bits) {
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
}

}  // namespace

std::string encode(const Bucket& bucket) {
  Writer writer;
  writer.text(bucket_tag::region, bucket.region);
  writer.number(bucket_tag::created, bits(bucket.created));
  for (const auto& [name, value] : bucket.tags) writer.field(bucket_tag::tag, encode_pair(name, value));
  writer.number(bucket_tag::versioning, static_cast<uint64_t>(bucket.versioning));
  writer.text(bucket_tag::encryption, encode_encryption(bucket.encryption));
  if (bucket.public_access_block)
    writer.number(bucket_tag::public_access_block, encode_public_access_block(*bucket.public_access_block));
  writer.text(bucket_tag::object_ownership, bucket.object_ownership);
  writer.text(bucket_tag::policy, bucket.policy);
  writer.number(bucket_tag::event_bridge, bucket.event_bridge ? 1 : 0);
  writer.text(bucket_tag::lifecycle, bucket.lifecycle);
  writer.text(bucket_tag::lifecycle_size_rule, bucket.lifecycle_size_rule);
  for (const auto& rule : bucket.lifecycle_rules) writer.field(bucket_tag::lifecycle_rule, encode(rule));
  return writer.take();
}

Result<Bucket> decode_bucket(std::string_view name, std::string_view bytes) {
  Bucket bucket{.name = std::string(name), .region = {}, .created = {}};
  Reader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->tag) {
      case bucket_tag::region: bucket.region = field->text(); break;
      case bucket_tag::created: bucket.created = instant(*field); break;
      case bucket_tag::tag: bucket.tags.push_back(decode_pair(field->value)); break;
      case bucket_tag::versioning:
        if (field->number() > static_cast<uint64_t>(Versioning::suspended)) return fail(damaged("a bucket's versioning"));
        bucket.versioning = static_cast<Versioning>(field->number());
        break;
      case bucket_tag::encryption: bucket.encryption = decode_encryption(field->value); break;
      case bucket_tag::public_access_block: bucket.public_access_block = decode_public_access_block(field->number()); break;
      case bucket_tag::object_ownership: bucket.object_ownership = field->text(); break;
      case bucket_tag::policy: bucket.policy = field->text(); break;
      case bucket_tag::event_bridge: bucket.event_bridge = field->number() != 0; break;
      case bucket_tag::lifecycle: bucket.lifecycle = field->text(); break;
      case bucket_tag::lifecycle_size_rule: bucket.lifecycle_size_rule = field->text(); break;
      case bucket_tag::lifecycle_rule: bucket.lifecycle_rules.push_back(decode_lifecycle_rule(field->value)); break;
      default: break;
    }
  }
  if (reader.damaged()) return fail(damaged("a bucket's record"));
  return bucket;
}

}  // namespace mastic::s3
