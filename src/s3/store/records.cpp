#include "s3/store/records.h"

#include "s3/store/fields.h"
#include "s3/store/record_parts.h"

namespace mastic::s3 {
namespace {

// Tags are forever: a number is never given a second meaning.
namespace object_tag {
enum : uint8_t {
  size = 1,
  modified = 2,
  etag = 3,
  location_kind = 4,
  location_id = 5,
  checksum = 6,
  part = 7,
  version = 8,
  delete_marker = 9,
  encryption = 10,
  noncurrent_since = 11
};
}
namespace upload_tag {
enum : uint8_t { initiated = 1, checksum_algorithm = 2, composite = 3, encryption = 4 };
}
namespace part_tag {
enum : uint8_t { size = 1, modified = 2, etag = 3, location_kind = 4, location_id = 5, checksum = 6 };
}
// What objects and uploads have in common.
namespace header_tag {
enum : uint8_t {
  content_type = 32,
  content_encoding,
  content_disposition,
  content_language,
  cache_control,
  expires,
  website_redirect_location,
  user_metadata,
  storage_class,
  tag
};
}

using fields::Field;
using fields::Reader;
using fields::Writer;

bool read_kind(const Field& field, Location& location) {
  const uint64_t kind = field.number();
  location.kind = static_cast<Location::Kind>(kind);
  return kind == static_cast<uint64_t>(Location::Kind::inlined) || kind == static_cast<uint64_t>(Location::Kind::file);
}

void write_headers(Writer& writer, const ObjectHeaders& headers, std::string_view storage_class, const Tags& tags) {
  writer.text(header_tag::content_type, headers.content_type);
  writer.text(header_tag::content_encoding, headers.content_encoding);
  writer.text(header_tag::content_disposition, headers.content_disposition);
  writer.text(header_tag::content_language, headers.content_language);
  writer.text(header_tag::cache_control, headers.cache_control);
  if (headers.expires) writer.number(header_tag::expires, bits(*headers.expires));
  writer.text(header_tag::website_redirect_location, headers.website_redirect_location);
  for (const auto& [name, value] : headers.user_metadata) writer.field(header_tag::user_metadata, encode_pair(name, value));
  writer.text(header_tag::storage_class, storage_class);
  for (const auto& [name, value] : tags) writer.field(header_tag::tag, encode_pair(name, value));
}

void read_header(const Field& field, ObjectHeaders& headers, std::string& storage_class, Tags& tags) {
  switch (field.tag) {
    case header_tag::content_type: headers.content_type = field.text(); break;
    case header_tag::content_encoding: headers.content_encoding = field.text(); break;
    case header_tag::content_disposition: headers.content_disposition = field.text(); break;
    case header_tag::content_language: headers.content_language = field.text(); break;
    case header_tag::cache_control: headers.cache_control = field.text(); break;
    case header_tag::expires: headers.expires = instant(field); break;
    case header_tag::website_redirect_location: headers.website_redirect_location = field.text(); break;
    case header_tag::user_metadata: headers.user_metadata.insert(decode_pair(field.value)); break;
    case header_tag::storage_class: storage_class = field.text(); break;
    case header_tag::tag: tags.push_back(decode_pair(field.value)); break;
    default: break;
  }
}

std::string encode_part_summary(const PartSummary& part) {
  Writer writer;
  writer.number(part_tag::size, static_cast<uint64_t>(part.size));
  if (part.checksum) writer.field(part_tag::checksum, encode_checksum(*part.checksum));
  return writer.take();
}

PartSummary decode_part_summary(std::string_view bytes) {
  PartSummary part;
  Reader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->tag == part_tag::size) part.size = static_cast<int64_t>(field->number());
    if (field->tag == part_tag::checksum) part.checksum = decode_checksum(field->value);
  }
  return part;
}

}  // namespace

std::string encode(const ObjectRecord& record) {
  const Object& object = record.object;
  Writer writer;
  writer.number(object_tag::size, static_cast<uint64_t>(object.size));
  writer.number(object_tag::modified, bits(object.last_modified));
  writer.text(object_tag::etag, object.etag);
  writer.number(object_tag::location_kind, static_cast<uint64_t>(record.location.kind));
  writer.number(object_tag::location_id, record.location.id);
  write_headers(writer, object.headers, object.storage_class, object.tags);
  if (object.checksum) writer.field(object_tag::checksum, encode_checksum(*object.checksum));
  for (const auto& part : object.parts) writer.field(object_tag::part, encode_part_summary(part));
  writer.number(object_tag::version, object.version);
  writer.number(object_tag::delete_marker, object.delete_marker ? 1 : 0);
  writer.text(object_tag::encryption, encode_encryption(object.encryption));
  if (object.noncurrent_since) writer.number(object_tag::noncurrent_since, bits(*object.noncurrent_since));
  return writer.take();
}

Result<ObjectRecord> decode_object(std::string_view bytes) {
  ObjectRecord record;
  Object& object = record.object;
  Reader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->tag) {
      case object_tag::size: object.size = static_cast<int64_t>(field->number()); break;
      case object_tag::modified: object.last_modified = instant(*field); break;
      case object_tag::etag: object.etag = field->text(); break;
      case object_tag::location_kind:
        if (!read_kind(*field, record.location)) return fail(damaged("where a body is"));
        break;
      case object_tag::location_id: record.location.id = field->number(); break;
      case object_tag::checksum: object.checksum = decode_checksum(field->value); break;
      case object_tag::part: object.parts.push_back(decode_part_summary(field->value)); break;
      case object_tag::version: object.version = field->number(); break;
      case object_tag::delete_marker: object.delete_marker = field->number() != 0; break;
      case object_tag::noncurrent_since: object.noncurrent_since = instant(*field); break;
      case object_tag::encryption: object.encryption = decode_encryption(field->value); break;
      default: read_header(*field, object.headers, object.storage_class, object.tags); break;
    }
  }
  if (reader.damaged()) return fail(damaged("an object's record"));
  return record;
}

std::string encode(const Upload& upload) {
  Writer writer;
  writer.number(upload_tag::initiated, bits(upload.initiated));
  writer.text(upload_tag::checksum_algorithm, upload.checksum_algorithm);
  writer.number(upload_tag::composite, upload.composite_checksum ? 1 : 0);
  writer.text(upload_tag::encryption, encode_encryption(upload.encryption));
  write_headers(writer, upload.headers, upload.storage_class, upload.tags);
  return writer.take();
}

Result<Upload> decode_upload(std::string_view key, std::string_view id, std::string_view bytes) {
  Upload upload{.id = std::string(id), .key = std::string(key), .initiated = {}};
  Reader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->tag) {
      case upload_tag::initiated: upload.initiated = instant(*field); break;
      case upload_tag::checksum_algorithm: upload.checksum_algorithm = field->text(); break;
      case upload_tag::composite: upload.composite_checksum = field->number() != 0; break;
      case upload_tag::encryption: upload.encryption = decode_encryption(field->value); break;
      default: read_header(*field, upload.headers, upload.storage_class, upload.tags); break;
    }
  }
  if (reader.damaged()) return fail(damaged("an upload's record"));
  return upload;
}

std::string encode(const PartRecord& record) {
  Writer writer;
  writer.number(part_tag::size, static_cast<uint64_t>(record.part.size));
  writer.number(part_tag::modified, bits(record.part.last_modified));
  writer.text(part_tag::etag, record.part.etag);
  writer.number(part_tag::location_kind, static_cast<uint64_t>(record.location.kind));
  writer.number(part_tag::location_id, record.location.id);
  if (record.part.checksum) writer.field(part_tag::checksum, encode_checksum(*record.part.checksum));
  return writer.take();
}

Result<PartRecord> decode_part(int number, std::string_view bytes) {
  PartRecord record;
  record.part.number = number;
  Reader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->tag) {
      case part_tag::size: record.part.size = static_cast<int64_t>(field->number()); break;
      case part_tag::modified: record.part.last_modified = instant(*field); break;
      case part_tag::etag: record.part.etag = field->text(); break;
      case part_tag::location_kind:
        if (!read_kind(*field, record.location)) return fail(damaged("where a body is"));
        break;
      case part_tag::location_id: record.location.id = field->number(); break;
      case part_tag::checksum: record.part.checksum = decode_checksum(field->value); break;
      default: break;
    }
  }
  if (reader.damaged()) return fail(damaged("a part's record"));
  return record;
}

}  // namespace mastic::s3
