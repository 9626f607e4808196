// Spark's VARIANT: values in the Parquet Variant binary encoding, as two byte strings. Nothing here knows DuckDB.
//
//   metadata  header (version 1), the keys that objects use, as a dictionary in order of first use
//   value     a header byte, then by its kind: primitives, short strings, objects (fields sorted by key), arrays
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/functions/int128.h"
#include "engine/functions/json_text.h"
#include "engine/time_zone.h"

namespace mastic::engine {

struct Variant {
  std::string value;
  std::string metadata;
};

class VariantView;

/// Writes one variant, depth first.
class VariantBuilder {
 public:
  void null() { header(0); }
  void boolean(bool truth) { header(truth ? 1 : 2); }
  void integer(int64_t number);  // in the fewest bytes
  void real(double number);
  void single(float number);
  void decimal(int128 unscaled, int scale, int precision);
  void date(int32_t days);
  void timestamp(int64_t microseconds, bool has_zone);
  void binary(std::string_view bytes);
  void text(std::string_view text);

  struct Field {
    uint32_t id;
    std::size_t offset;
  };
  [[nodiscard]] std::size_t position() const { return value_.size(); }
  uint32_t key(std::string_view name);
  /// The members written since `start` become an object's or an array's. False: a key came twice.
  [[nodiscard]] bool end_object(std::size_t start, std::vector<Field> fields);
  void end_array(std::size_t start, const std::vector<std::size_t>& offsets);

  /// Writes a parsed JSON value. False: an object has a key twice, which `duplicate` then names.
  [[nodiscard]] bool json(const Json& value);
  [[nodiscard]] const std::string& duplicate() const { return duplicate_; }
  /// Copies a value with the keys that it uses.
  void append(const VariantView& variant, int depth = 0);
  Variant finish() &&;

 private:
  friend class VariantView;
  void header(unsigned primitive) { value_ += static_cast<char>(primitive << 2); }
  void bytes(uint64_t number, int count);
  void number(const Json& value);

  std::string value_;
  std::vector<std::string> keys_;
  std::unordered_map<std::string, uint32_t> ids_;
  std::string duplicate_;
};

/// A place inside a variant. Reads never leave the bytes: malformed input makes `kind()` invalid.
class VariantView {
 public:
  enum class Kind : uint8_t {
    invalid,
    null,
    boolean,
    integer,
    real,
    single,
    decimal,
    date,
    timestamp,
    timestamp_ntz,
    binary,
    text,
    object,
    array,
  };
  VariantView(std::string_view value, std::string_view metadata) : value_(value), metadata_(metadata) {}

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool truth() const;
  [[nodiscard]] int64_t integer() const;  // also days and microseconds
  [[nodiscard]] double real() const;
  struct Decimal {
    int128 unscaled = 0;
    int scale = 0;
  };
  [[nodiscard]] Decimal decimal() const;  // without zeros at the end of the fraction
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::size_t size() const;  // members or elements
  [[nodiscard]] std::pair<std::string_view, VariantView> member(std::size_t index) const;
  [[nodiscard]] VariantView element(std::size_t index) const;
  [[nodiscard]] std::optional<VariantView> find(std::string_view key) const;
  /// The value's own bytes, with the whole variant's metadata.
  [[nodiscard]] Variant copy() const;
  [[nodiscard]] std::size_t length() const;
  [[nodiscard]] std::string_view bytes() const { return value_.substr(0, length()); }

 private:
  struct Container {
    std::size_t count = 0;
    std::size_t ids = 0;
    std::size_t offsets = 0;
    std::size_t data = 0;
    int id_size = 0;
    int offset_size = 0;
    bool valid = false;
  };
  [[nodiscard]] uint64_t unsigned_at(std::size_t at, int bytes) const;
  [[nodiscard]] int64_t signed_at(std::size_t at, int bytes) const;
  [[nodiscard]] Container container() const;
  [[nodiscard]] std::string_view key_name(uint64_t id) const;
  [[nodiscard]] VariantView at(std::size_t offset) const {
    return {offset <= value_.size() ? value_.substr(offset) : std::string_view(), metadata_};
  }

  std::string_view value_;
  std::string_view metadata_;
};

/// `$.a["b"][0]`; nullopt: no such path.
std::optional<std::vector<JsonStep>> parse_variant_path(std::string_view path);
std::optional<VariantView> variant_at(VariantView variant, const std::vector<JsonStep>& path);

/// Nesting deeper than this is no variant that Spark makes: what lies below is read as null.
constexpr int variant_depth_max = 1000;

void append_variant_json(std::string& out, const VariantView& variant, const TimeZone* zone, int depth = 0);

/// The type that schema_of_variant tells, mergeable.
struct VariantShape {
  enum class Kind : uint8_t { none, scalar, integer, decimal, object, array, variant };
  Kind kind = Kind::none;  // none: VOID
  std::string name;        // of a scalar
  int precision = 0;
  int scale = 0;
  std::vector<std::pair<std::string, VariantShape>> members;  // sorted; an array's element has no name

  [[nodiscard]] std::string text() const;
};
VariantShape shape_of(const VariantView& variant, int depth = 0);
VariantShape merge_shapes(const VariantShape& left, const VariantShape& right);

}  // namespace mastic::engine
