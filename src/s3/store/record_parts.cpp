#include "s3/store/record_parts.h"

namespace mastic::s3 {
namespace {

// Tags are forever: a number is never given a second meaning.
namespace pair_tag {
enum : uint8_t { first = 1, second = 2 };
}
namespace encryption_tag {
enum : uint8_t { algorithm = 1, kms_key_id = 2, bucket_key_enabled = 3 };
}
namespace checksum_tag {
enum : uint8_t { algorithm = 1, value = 2, composite = 3 };
}

using fields::Reader;
using fields::Writer;

}  // namespace

std::string encode_pair(std::string_view first, std::string_view second) {
  Writer writer;
  writer.text(pair_tag::first, first);
  writer.text(pair_tag::second, second);
  return writer.take();
}

std::pair<std::string, std::string> decode_pair(std::string_view bytes) {
  std::pair<std::string, std::string> pair;
  Reader reader(bytes);
  while (const auto field = reader.next()) (field->tag == pair_tag::first ? pair.first : pair.second) = field->text();
  return pair;
}

std::string encode_checksum(const Checksum& checksum) {
  Writer writer;
  writer.text(checksum_tag::algorithm, checksum.algorithm);
  writer.text(checksum_tag::value, checksum.value);
  writer.number(checksum_tag::composite, checksum.composite ? 1 : 0);
  return writer.take();
}

Checksum decode_checksum(std::string_view bytes) {
  Checksum checksum;
  Reader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->tag) {
      case checksum_tag::algorithm: checksum.algorithm = field->text(); break;
      case checksum_tag::value: checksum.value = field->text(); break;
      case checksum_tag::composite: checksum.composite = field->number() != 0; break;
      default: break;
    }
  }
  return checksum;
}

std::string encode_encryption(const Encryption& encryption) {
  Writer writer;
  writer.text(encryption_tag::algorithm, encryption.algorithm);
  writer.text(encryption_tag::kms_key_id, encryption.kms_key_id);
  writer.number(encryption_tag::bucket_key_enabled, encryption.bucket_key_enabled ? 1 : 0);
  return writer.take();
}

Encryption decode_encryption(std::string_view bytes) {
  Encryption encryption;
  Reader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->tag) {
      case encryption_tag::algorithm: encryption.algorithm = field->text(); break;
      case encryption_tag::kms_key_id: encryption.kms_key_id = field->text(); break;
      case encryption_tag::bucket_key_enabled: encryption.bucket_key_enabled = field->number() != 0; break;
      default: break;
    }
  }
  return encryption;
}

}  // namespace mastic::s3
