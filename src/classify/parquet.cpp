// A Parquet file ends with: FileMetaData in Thrift's compact protocol | its size (4 bytes, little-endian) | "PAR1".
//
// Of FileMetaData three fields are read: 2 = schema (a tree, flattened in depth-first order), 3 = number of rows. Thrift's
// compact protocol: a field is one byte (id delta << 4 | type), integers are zigzag varints, a stop is a zero byte.
#include <array>
#include <cstring>

#include "classify/formats.h"

namespace mastic::classify {
namespace {

constexpr std::string_view mark = "PAR1";
constexpr std::string_view encrypted_mark = "PARE";
constexpr uint32_t footer_bytes_max = 32UL << 20;

/// Reads Thrift's compact protocol; any mistake makes `failed`, and everything read afterwards is zero.
class Thrift {
 public:
  explicit Thrift(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool failed() const { return failed_; }

  enum Wire : uint8_t {
    stop = 0,
    yes = 1,
    no = 2,
    byte = 3,
    i16 = 4,
    i32 = 5,
    i64 = 6,
    real = 7,
    text = 8,
    list = 9,
    set = 10,
    map = 11,
    structure = 12
  };

  struct Header {
    Wire wire = stop;
    int id = 0;
  };

  /// The next field of the structure that is open; `last_id` is the caller's, zero at its beginning.
  Header field(int& last_id) {
    const auto head = next();
    const auto wire = static_cast<Wire>(head & 15);
    if (failed_ || wire == stop) return {};
    last_id = (head >> 4) != 0 ? last_id + (head >> 4) : static_cast<int>(integer());
    return {wire, last_id};
  }

  int64_t integer() {
    const auto raw = varint();
    return static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1);
  }

  std::string_view string() {
    const auto size = varint();
    if (size > bytes_.size() - at_) return broken(), std::string_view();
    const auto text = bytes_.substr(at_, size);
    at_ += size;
    return text;
  }

  uint64_t list_size(Wire& element) {
    const auto head = next();
    element = static_cast<Wire>(head & 15);
    uint64_t size = head >> 4;
    if (size == 15) size = varint();
    if (size > bytes_.size() - at_) return broken(), 0;  // an element is a byte at least
    return size;
  }

  void skip(Wire wire, int depth = 0) {
    if (depth > type_depth_max) return broken();
    switch (wire) {
      case yes:
      case no: return;
      case byte: next(); return;
      case i16:
      case i32:
      case i64: varint(); return;
      case real: advance(8); return;
      case text: string(); return;
      case list:
      case set: {
        Wire element{};
        const auto size = list_size(element);
        for (uint64_t i = 0; i < size && !failed_; ++i)
          element == yes || element == no ? (void)next() : skip(element, depth + 1);
        return;
      }
      case map: {
        const auto size = varint();
        if (size == 0) return;
        const auto kinds = next();
        for (uint64_t i = 0; i < size && !failed_; ++i) {
          skip(static_cast<Wire>(kinds >> 4), depth + 1);
          skip(static_cast<Wire>(kinds & 15), depth + 1);
        }
        return;
      }
      case structure: {
        int last = 0;
        for (auto header = field(last); header.wire != stop && !failed_; header = field(last)) skip(header.wire, depth + 1);
        return;
      }
      case stop: return broken();
    }
    broken();
  }

 private:
  void broken() { failed_ = true; }
  void advance(uint64_t count) {
    if (count > bytes_.size() - at_) return broken();
    at_ += count;
  }
  uint8_t next() {
    if (failed_ || at_ >= bytes_.size()) return broken(), 0;
    return static_cast<uint8_t>(bytes_[at_++]);
  }
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto part = next();
      value |= static_cast<uint64_t>(part & 127) << shift;
      if ((part & 128) == 0) return failed_ ? 0 : value;
    }
    return broken(), 0;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

enum class Physical : int8_t { none = -1, boolean, int32, int64, int96, float_, double_, bytes, fixed_bytes };
enum class Logical : int8_t {
  none = 0,
  string = 1,
  map,
  list,
  enumeration,
  decimal,
  date,
  time,
  timestamp,
  integer = 10,
  unknown,
  json,
  bson,
  uuid,
  float16
};

struct Element {
  Physical physical = Physical::none;
  int repetition = 0;  // 0 required, 1 optional, 2 repeated
  std::string name;
  int64_t children = 0;
  int converted = -1;
  Logical logical = Logical::none;
  int precision = 0;
  int scale = 0;
  int bits = 0;
  bool is_signed = true;
};

void read_logical(Thrift& thrift, Element& element) {
  int last = 0;
  for (auto header = thrift.field(last); header.wire != Thrift::stop && !thrift.failed(); header = thrift.field(last)) {
    if (header.id >= 1 && header.id <= 15) element.logical = static_cast<Logical>(header.id);
    if (header.wire != Thrift::structure) {
      thrift.skip(header.wire);
      continue;
    }
    int inner = 0;
    for (auto part = thrift.field(inner); part.wire != Thrift::stop && !thrift.failed(); part = thrift.field(inner)) {
      if (element.logical == Logical::decimal && part.wire == Thrift::i32) {
        (part.id == 1 ? element.scale : element.precision) = static_cast<int>(thrift.integer());
      } else if (element.logical == Logical::integer && part.id == 1) {
        element.bits = static_cast<int>(thrift.integer());
      } else if (element.logical == Logical::integer && part.id == 2) {
        element.is_signed = part.wire == Thrift::yes;
      } else {
        thrift.skip(part.wire);
      }
    }
  }
}

Element read_element(Thrift& thrift) {
  Element element;
  int last = 0;
  for (auto header = thrift.field(last); header.wire != Thrift::stop && !thrift.failed(); header = thrift.field(last)) {
    switch (header.id) {
      case 1: element.physical = static_cast<Physical>(thrift.integer()); break;
      case 3: element.repetition = static_cast<int>(thrift.integer()); break;
      case 4: element.name = thrift.string(); break;
      case 5: element.children = thrift.integer(); break;
      case 6: element.converted = static_cast<int>(thrift.integer()); break;
      case 7: element.scale = static_cast<int>(thrift.integer()); break;
      case 8: element.precision = static_cast<int>(thrift.integer()); break;
      case 10: read_logical(thrift, element); break;
      default: thrift.skip(header.wire);
    }
  }
  return element;
}

/// Converted types, which older writers give, as logical ones.
void apply_converted(Element& element) {
  if (element.logical != Logical::none || element.converted < 0) return;
  constexpr std::array<Logical, 22> logical{
      Logical::string,  Logical::map,     Logical::map,     Logical::list,      Logical::enumeration, Logical::decimal,
      Logical::date,    Logical::time,    Logical::time,    Logical::timestamp, Logical::timestamp,   Logical::integer,
      Logical::integer, Logical::integer, Logical::integer, Logical::integer,   Logical::integer,     Logical::integer,
      Logical::integer, Logical::json,    Logical::bson,    Logical::none};
  if (element.converted >= static_cast<int>(logical.size())) return;
  element.logical = logical[static_cast<std::size_t>(element.converted)];
  if (element.logical != Logical::integer) return;
  element.is_signed = element.converted >= 15;
  element.bits = 8 << ((element.converted - 11) % 4);
}

Type integer_type(const Element& element) {
  if (element.is_signed) {
    return {element.bits == 8    ? Kind::tinyint
            : element.bits == 16 ? Kind::smallint
            : element.bits == 32 ? Kind::int_
                                 : Kind::bigint};
  }
  if (element.bits == 64) return decimal_of(20, 0);
  return {element.bits == 8 ? Kind::smallint : element.bits == 16 ? Kind::int_ : Kind::bigint};
}

Type leaf_type(const Element& element) {
  switch (element.logical) {
    case Logical::decimal: return decimal_of(element.precision, element.scale);
    case Logical::date: return {Kind::date};
    case Logical::timestamp: return {Kind::timestamp};
    case Logical::integer: return integer_type(element);
    case Logical::string:
    case Logical::enumeration:
    case Logical::json:
    case Logical::uuid: return {Kind::string};
    case Logical::float16: return {Kind::float_};
    default: break;
  }
  switch (element.physical) {
    case Physical::boolean: return {Kind::boolean};
    case Physical::int32: return {Kind::int_};
    case Physical::int64: return {Kind::bigint};
    case Physical::int96: return {Kind::timestamp};
    case Physical::float_: return {Kind::float_};
    case Physical::double_: return {Kind::double_};
    default: return {Kind::binary};
  }
}

/// The tree of flattened elements as types.
class Tree {
 public:
  explicit Tree(const std::vector<Element>& elements) : elements_(elements) {}

  Result<Type> root() { return group(elements_.empty() ? 0 : elements_[0].children, 0); }

 private:
  struct Node {
    const Element* element;
    Type type;  // without regard to repetition
  };

  Result<Node> node(int depth) {
    if (depth > type_depth_max) return fail(unreadable("parquet: the schema nests too deeply"));
    if (at_ >= elements_.size()) return fail(unreadable("parquet: the schema is cut short"));
    const auto& element = elements_[at_++];
    if (element.children <= 0) return Node{&element, leaf_type(element)};
    TRY(nodes, children(element.children, depth + 1));
    return Node{&element, group_type(element, nodes)};
  }

  Result<std::vector<Node>> children(int64_t count, int depth) {
    std::vector<Node> nodes;
    for (int64_t i = 0; i < count; ++i) {
      TRY(child, node(depth));
      nodes.push_back(std::move(child));
    }
    return nodes;
  }

  Result<Type> group(int64_t count, int depth) {
    TRY(nodes, children(count, depth));
    return structure_of(nodes);
  }

  static Type with_repetition(const Node& node) { return node.element->repetition == 2 ? array_of(node.type) : node.type; }

  static Type structure_of(const std::vector<Node>& nodes) {
    Type type{Kind::struct_};
    for (const auto& node : nodes) type.fields.push_back({node.element->name, with_repetition(node)});
    return type;
  }

  static Type group_type(const Element& element, const std::vector<Node>& nodes) {
    if (nodes.size() != 1) return structure_of(nodes);
    const auto& only = nodes[0];
    if (element.logical == Logical::map && only.type.kind == Kind::struct_ && only.type.fields.size() == 2)
      return map_of(only.type.fields[0].type, only.type.fields[1].type);
    if (element.logical == Logical::list && only.element->repetition == 2) {
      // Three levels are the standard; the repeated group itself is the element in the rules for older writers.
      const bool wraps = only.type.kind == Kind::struct_ && only.type.fields.size() == 1 && only.element->name != "array" &&
                         only.element->name != element.name + "_tuple";
      return array_of(wraps ? only.type.fields[0].type : only.type);
    }
    return structure_of(nodes);
  }

  const std::vector<Element>& elements_;
  std::size_t at_ = 1;
};

}  // namespace

Recognised recognise_parquet(const Content& content) {
  constexpr uint64_t smallest = 12;
  TRY(begin, content.head(4));
  if (begin != mark && begin != encrypted_mark) return std::nullopt;
  if (content.size() < smallest) return fail(unreadable("parquet: it is cut short"));
  TRY(tail, content.read(content.size() - 8, 8));
  if (begin == encrypted_mark || tail.ends_with(encrypted_mark)) return fail(unreadable("parquet: it is encrypted"));
  if (!tail.ends_with(mark)) return fail(unreadable("parquet: its footer is missing"));
  uint32_t size = 0;
  std::memcpy(&size, tail.data(), sizeof size);
  if (size > footer_bytes_max || size > content.size() - smallest) return fail(unreadable("parquet: its footer is damaged"));
  TRY(footer, content.read(content.size() - 8 - size, size));

  Thrift thrift(footer);
  std::vector<Element> elements;
  uint64_t rows = 0;
  int last = 0;
  for (auto header = thrift.field(last); header.wire != Thrift::stop && header.id < 4 && !thrift.failed();
       header = thrift.field(last)) {
    if (header.id == 2 && header.wire == Thrift::list) {
      Thrift::Wire kind{};
      const auto count = thrift.list_size(kind);
      if (count > 10 * columns_max) return fail(unreadable("parquet: it has too many columns"));
      for (uint64_t i = 0; i < count && !thrift.failed(); ++i) {
        elements.push_back(read_element(thrift));
        apply_converted(elements.back());
      }
    } else if (header.id == 3) {
      rows = static_cast<uint64_t>(std::max<int64_t>(0, thrift.integer()));
    } else {
      thrift.skip(header.wire);
    }
  }
  if (thrift.failed() || elements.empty()) return fail(unreadable("parquet: its footer is damaged"));
  Tree tree(elements);
  TRY(root, tree.root());
  Inspection found;
  found.classification = "parquet";
  found.columns = std::move(root.fields);
  found.records = rows;
  found.input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
  found.output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
  found.serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
  found.serde_parameters["serialization.format"] = "1";
  return found;
}

}  // namespace mastic::classify
