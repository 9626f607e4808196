// An ORC file ends with: footer | postscript | the postscript's size (1 byte). Both are protocol buffers; the footer is
// compressed in chunks of: header (3 bytes, little-endian: size << 1 | 1 when stored as it is) and data.
//
//   postscript  1 = footer's size   2 = compression   3 = size of a chunk
//   footer      4 = types, in the order of a walk through the tree   6 = number of rows
//   type        1 = kind   2 = children   3 = their names   5 = precision   6 = scale
#include <array>

#include "classify/formats.h"

namespace mastic::classify {
namespace {

constexpr uint64_t footer_bytes_max = 32UL << 20;

/// Reads protocol buffers; any mistake ends it with `failed`.
class Proto {
 public:
  explicit Proto(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool failed() const { return failed_; }

  /// The next field; false at the end. Its value is `number` or `text`.
  bool next() {
    if (failed_ || at_ >= bytes_.size()) return false;
    const auto head = varint();
    field = static_cast<uint32_t>(head >> 3);
    text = {};
    number = 0;
    switch (head & 7) {
      case 0: number = varint(); break;
      case 1: text = take(8); break;
      case 2: text = take(varint()); break;
      case 5: text = take(4); break;
      default: failed_ = true;
    }
    return !failed_;
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) break;
      const auto part = static_cast<uint8_t>(bytes_[at_++]);
      value |= static_cast<uint64_t>(part & 127) << shift;
      if ((part & 128) == 0) return value;
    }
    failed_ = true;
    return 0;
  }
  [[nodiscard]] bool at_end() const { return failed_ || at_ >= bytes_.size(); }

  uint32_t field = 0;
  uint64_t number = 0;
  std::string_view text;

 private:
  std::string_view take(uint64_t count) {
    if (failed_ || count > bytes_.size() - at_) return failed_ = true, std::string_view();
    const auto part = bytes_.substr(at_, count);
    at_ += count;
    return part;
  }
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

Error damaged() { return unreadable("orc: its footer is damaged"); }

enum class Compression : uint8_t { none, zlib, snappy, lzo, lz4, zstd };

Result<std::string> decode_chunk(std::string_view bytes, Compression compression, std::size_t chunk_bytes_max) {
  switch (compression) {
    case Compression::zlib: return inflate_raw(bytes, chunk_bytes_max);
    case Compression::snappy: return unsnap(bytes, chunk_bytes_max);
    case Compression::lz4: return unlz4(bytes, chunk_bytes_max);
    case Compression::zstd: return unzstd(bytes, chunk_bytes_max);
    default: return fail(unreadable("orc: it is compressed with lzo, which is not read"));
  }
}

Result<std::string> decode_chunks(std::string_view bytes, Compression compression, std::size_t chunk_bytes_max) {
  if (compression == Compression::none) return std::string(bytes);
  std::string whole;
  while (!bytes.empty()) {
    if (bytes.size() < 3) return fail(damaged());
    const auto byte = [&](std::size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i])); };
    const uint32_t header = byte(0) | byte(1) << 8 | byte(2) << 16;
    const auto size = header >> 1;
    if (size > bytes.size() - 3) return fail(damaged());
    const auto data = bytes.substr(3, size);
    if ((header & 1) != 0) {
      whole += data;
    } else {
      TRY(plain, decode_chunk(data, compression, chunk_bytes_max));
      whole += plain;
    }
    if (whole.size() > footer_bytes_max) return fail(damaged());
    bytes.remove_prefix(3 + size);
  }
  return whole;
}

struct OrcType {
  uint64_t kind = 0;
  std::vector<uint64_t> children;
  std::vector<std::string> names;
  int precision = 0;
  int scale = 0;
};

OrcType read_type(std::string_view bytes) {
  OrcType type;
  for (Proto part(bytes); part.next();) {
    if (part.field == 1) type.kind = part.number;
    if (part.field == 2 && part.text.empty()) type.children.push_back(part.number);
    if (part.field == 2) {
      for (Proto packed(part.text); !packed.at_end();) type.children.push_back(packed.varint());
    }
    if (part.field == 3) type.names.emplace_back(part.text);
    if (part.field == 5) type.precision = static_cast<int>(part.number);
    if (part.field == 6) type.scale = static_cast<int>(part.number);
  }
  return type;
}

/// `left` bounds the work: a damaged footer may name one child from many places.
Result<Type> type_of(const std::vector<OrcType>& types, uint64_t index, int depth, std::size_t& left) {
  if (index >= types.size() || depth > type_depth_max || left == 0) return fail(damaged());
  --left;
  const auto& type = types[index];
  static constexpr std::array<Kind, 19> kinds{Kind::boolean, Kind::tinyint, Kind::smallint, Kind::int_,     Kind::bigint,
                                              Kind::float_,  Kind::double_, Kind::string,   Kind::binary,   Kind::timestamp,
                                              Kind::array,   Kind::map,     Kind::struct_,  Kind::string,   Kind::decimal,
                                              Kind::date,    Kind::string,  Kind::string,   Kind::timestamp};
  if (type.kind >= kinds.size()) return fail(damaged());
  const auto kind = kinds[type.kind];
  if (kind == Kind::decimal) return decimal_of(type.precision == 0 ? 38 : type.precision, type.scale);
  if (kind < Kind::array) return Type{kind};
  Type made{kind};
  for (std::size_t i = 0; i < type.children.size(); ++i) {
    TRY(child, type_of(types, type.children[i], depth + 1, left));
    made.fields.push_back({kind == Kind::struct_ && i < type.names.size() ? type.names[i] : "", std::move(child)});
  }
  const bool whole = (kind == Kind::array && made.fields.size() == 1) || (kind == Kind::map && made.fields.size() == 2) ||
                     (kind == Kind::struct_ && type.names.size() == made.fields.size());
  if (!whole) return fail(damaged());
  return made;
}

}  // namespace

Recognised recognise_orc(const Content& content) {
  TRY(begin, content.head(3));
  if (begin != "ORC") return std::nullopt;
  if (content.size() < 16) return std::nullopt;  // a text may begin so
  TRY(last, content.read(content.size() - 1, 1));
  const uint64_t postscript_size = static_cast<unsigned char>(last[0]);
  if (postscript_size + 4 > content.size()) return fail(damaged());
  TRY(postscript_bytes, content.read(content.size() - 1 - postscript_size, postscript_size));
  if (!postscript_bytes.ends_with("ORC")) return fail(unreadable("orc: its footer is missing"));
  uint64_t footer_size = 0;
  uint64_t compression = 0;
  uint64_t chunk_size = 256UL << 10;
  Proto postscript(postscript_bytes);
  while (postscript.next()) {
    if (postscript.field == 1) footer_size = postscript.number;
    if (postscript.field == 2) compression = postscript.number;
    if (postscript.field == 3) chunk_size = postscript.number;
  }
  constexpr uint64_t chunk_bytes_max = 16UL << 20;
  if (postscript.failed() || compression > 5 || chunk_size > chunk_bytes_max || footer_size > footer_bytes_max ||
      footer_size > content.size() - 1 - postscript_size)
    return fail(damaged());
  TRY(raw, content.read(content.size() - 1 - postscript_size - footer_size, footer_size));
  TRY(footer, decode_chunks(raw, static_cast<Compression>(compression), chunk_size));

  std::vector<OrcType> types;
  Inspection found;
  Proto fields(footer);
  while (fields.next()) {
    if (fields.field == 4) types.push_back(read_type(fields.text));
    if (fields.field == 6) found.records = fields.number;
    if (types.size() > 10 * columns_max) return fail(unreadable("orc: it has too many columns"));
  }
  if (fields.failed() || types.empty()) return fail(damaged());
  auto left = types.size();
  TRY(root, type_of(types, 0, 0, left));
  if (root.kind != Kind::struct_) return fail(unreadable("orc: its rows are no structures"));
  found.classification = "orc";
  found.columns = std::move(root.fields);
  found.input_format = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";
  found.output_format = "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat";
  found.serialization_library = "org.apache.hadoop.hive.ql.io.orc.OrcSerde";
  found.serde_parameters["serialization.format"] = "1";
  return found;
}

}  // namespace mastic::classify
