// spark_hash(…) = Murmur3_x86_32 with seed 42, spark_xxhash64(…) = XXH64 with seed 42, chained over the arguments as Spark
// does: NULL leaves the hash as it is; nested values chain their members. spark_crc32(binary).
#include <bit>
#include <cstring>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

struct Murmur3 {
  using Hash = int32_t;
  static uint32_t mix_k(uint32_t k) { return std::rotl(k * 0xCC9E2D51U, 15) * 0x1B873593U; }
  static uint32_t mix_h(uint32_t h, uint32_t k) { return std::rotl(h ^ k, 13) * 5 + 0xE6546B64U; }
  static int32_t finish(uint32_t h, uint32_t length) {
    h ^= length;
    h = (h ^ h >> 16) * 0x85EBCA6BU;
    h = (h ^ h >> 13) * 0xC2B2AE35U;
    return static_cast<int32_t>(h ^ h >> 16);
  }
  static int32_t of_int(int32_t value, int32_t seed) {
    return finish(mix_h(static_cast<uint32_t>(seed), mix_k(static_cast<uint32_t>(value))), 4);
  }
  static int32_t of_long(int64_t value, int32_t seed) {
    uint32_t h = mix_h(static_cast<uint32_t>(seed), mix_k(static_cast<uint32_t>(value)));
    h = mix_h(h, mix_k(static_cast<uint32_t>(static_cast<uint64_t>(value) >> 32)));
    return finish(h, 8);
  }
  static int32_t of_bytes(std::string_view bytes, int32_t seed) {
    uint32_t h = static_cast<uint32_t>(seed);
    std::size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4) {
      uint32_t word = 0;
      std::memcpy(&word, bytes.data() + at, 4);
      h = mix_h(h, mix_k(word));
    }
    // Spark mixes each byte of the tail alone, unlike the original.
    for (; at < bytes.size(); ++at)
      h = mix_h(h, mix_k(static_cast<uint32_t>(static_cast<int32_t>(static_cast<int8_t>(bytes[at])))));
    return finish(h, static_cast<uint32_t>(bytes.size()));
  }
};

struct XxHash64 {
  using Hash = int64_t;
  static constexpr uint64_t p1 = 0x9E3779B185EBCA87ULL;
  static constexpr uint64_t p2 = 0xC2B2AE3D27D4EB4FULL;
  static constexpr uint64_t p3 = 0x165667B19E3779F9ULL;
  static constexpr uint64_t p4 = 0x85EBCA77C2B2AE63ULL;
  static constexpr uint64_t p5 = 0x27D4EB2F165667C5ULL;
  static int64_t finish(uint64_t h) {
    h = (h ^ h >> 33) * p2;
    h = (h ^ h >> 29) * p3;
    return static_cast<int64_t>(h ^ h >> 32);
  }
  static uint64_t round(uint64_t value) { return std::rotl(value * p2, 31) * p1; }
  static int64_t of_int(int32_t value, int64_t seed) {
    uint64_t h = static_cast<uint64_t>(seed) + p5 + 4;
    h ^= static_cast<uint64_t>(static_cast<uint32_t>(value)) * p1;
    return finish(std::rotl(h, 23) * p2 + p3);
  }
  static int64_t of_long(int64_t value, int64_t seed) {
    uint64_t h = static_cast<uint64_t>(seed) + p5 + 8;
    h ^= round(static_cast<uint64_t>(value));
    return finish(std::rotl(h, 27) * p1 + p4);
  }
  static int64_t of_bytes(std::string_view bytes, int64_t signed_seed) {
    const auto seed = static_cast<uint64_t>(signed_seed);
    const auto read8 = [&](std::size_t at) {
      uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, 8);
      return word;
    };
    std::size_t at = 0;
    uint64_t h = seed + p5;
    if (bytes.size() >= 32) {
      uint64_t v[4] = {seed + p1 + p2, seed + p2, seed, seed - p1};
      for (; at + 32 <= bytes.size(); at += 32) {
        for (std::size_t lane = 0; lane < 4; ++lane) v[lane] = std::rotl(v[lane] + read8(at + lane * 8) * p2, 31) * p1;
      }
      h = std::rotl(v[0], 1) + std::rotl(v[1], 7) + std::rotl(v[2], 12) + std::rotl(v[3], 18);
      for (const uint64_t lane : v) h = (h ^ round(lane)) * p1 + p4;
    }
    h += bytes.size();
    for (; at + 8 <= bytes.size(); at += 8) h = std::rotl(h ^ round(read8(at)), 27) * p1 + p4;
    if (at + 4 <= bytes.size()) {
      uint32_t word = 0;
      std::memcpy(&word, bytes.data() + at, 4);
      h = std::rotl(h ^ word * p1, 23) * p2 + p3;
      at += 4;
    }
    for (; at < bytes.size(); ++at) h = std::rotl(h ^ static_cast<uint8_t>(bytes[at]) * p5, 11) * p1;
    return finish(h);
  }
};

/// BigInteger.toByteArray: big-endian two's complement, as short as it goes.
std::string big_integer_bytes(int128 value) {
  std::string bytes;
  for (int i = 15; i >= 0; --i) bytes += static_cast<char>(static_cast<uint8_t>(static_cast<uint128>(value) >> (8 * i)));
  std::size_t skip = 0;
  while (skip < 15 && ((bytes[skip] == 0 && bytes[skip + 1] >= 0) || (bytes[skip] == -1 && bytes[skip + 1] < 0))) ++skip;
  return bytes.substr(skip);
}

template <typename H>
typename H::Hash hash_value(const Value& value, typename H::Hash seed) {
  if (value.IsNull()) return seed;
  switch (value.type().id()) {
    case LogicalTypeId::BOOLEAN: return H::of_int(value.GetValueUnsafe<bool>() ? 1 : 0, seed);
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER: return H::of_int(value.GetValue<int32_t>(), seed);
    case LogicalTypeId::DATE: return H::of_int(value.GetValueUnsafe<duckdb::date_t>().days, seed);
    case LogicalTypeId::BIGINT: return H::of_long(value.GetValueUnsafe<int64_t>(), seed);
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ: return H::of_long(value.GetValueUnsafe<duckdb::timestamp_t>().value, seed);
    case LogicalTypeId::FLOAT: {
      const float number = value.GetValueUnsafe<float>();
      return H::of_int(std::bit_cast<int32_t>(number == 0 ? 0.0F : number), seed);
    }
    case LogicalTypeId::DOUBLE: {
      const double number = value.GetValueUnsafe<double>();
      return H::of_long(std::bit_cast<int64_t>(number == 0 ? 0.0 : number), seed);
    }
    case LogicalTypeId::DECIMAL: {
      const auto wide = with_decimal_storage(value.type(), [&]<typename T>() -> int128 {
        if constexpr (std::is_same_v<T, duckdb::hugeint_t>) {
          return to_native(value.GetValueUnsafe<duckdb::hugeint_t>());
        } else {
          return value.GetValueUnsafe<T>();
        }
      });
      if (duckdb::DecimalType::GetWidth(value.type()) <= 18) return H::of_long(static_cast<int64_t>(wide), seed);
      return H::of_bytes(big_integer_bytes(wide), seed);
    }
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB: return H::of_bytes(duckdb::StringValue::Get(value), seed);
    case LogicalTypeId::LIST:
      for (const auto& child : duckdb::ListValue::GetChildren(value)) seed = hash_value<H>(child, seed);
      return seed;
    case LogicalTypeId::MAP:
      for (const auto& entry : duckdb::MapValue::GetChildren(value)) {
        for (const auto& child : duckdb::StructValue::GetChildren(entry)) seed = hash_value<H>(child, seed);
      }
      return seed;
    case LogicalTypeId::STRUCT:
      for (const auto& child : duckdb::StructValue::GetChildren(value)) seed = hash_value<H>(child, seed);
      return seed;
    default: throw duckdb::NotImplementedException("hash of " + value.type().ToString());
  }
}

template <typename H>
void hash_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* const hashes = duckdb::FlatVector::GetData<typename H::Hash>(result);
  for (idx_t row = 0; row < input.size(); ++row) hashes[row] = 42;
  for (auto& column : input.data) {
    duckdb::UnifiedVectorFormat format;
    column.ToUnifiedFormat(input.size(), format);
    const auto id = column.GetType().id();
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto at = format.sel->get_index(row);
      if (!format.validity.RowIsValid(at)) continue;
      if (id == LogicalTypeId::INTEGER) {
        hashes[row] = H::of_int(duckdb::UnifiedVectorFormat::GetData<int32_t>(format)[at], hashes[row]);
      } else if (id == LogicalTypeId::BIGINT) {
        hashes[row] = H::of_long(duckdb::UnifiedVectorFormat::GetData<int64_t>(format)[at], hashes[row]);
      } else if (id == LogicalTypeId::VARCHAR) {
        hashes[row] = H::of_bytes(view(duckdb::UnifiedVectorFormat::GetData<string_t>(format)[at]), hashes[row]);
      } else {
        hashes[row] = hash_value<H>(column.GetValue(row), hashes[row]);
      }
    }
  }
}

void crc32(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, int64_t>(input.data[0], result, input.size(), [](string_t bytes) {
    uint32_t sum = 0xFFFFFFFFU;
    for (const char c : view(bytes)) {
      sum ^= static_cast<uint8_t>(c);
      for (int i = 0; i < 8; ++i) sum = sum >> 1 ^ (0xEDB88320U & (0U - (sum & 1U)));
    }
    return static_cast<int64_t>(~sum);
  });
}

}  // namespace

void register_hash_functions(duckdb::ExtensionLoader& loader) {
  auto hash = kernel("spark_hash", {}, LogicalType::INTEGER, hash_kernel<Murmur3>);
  hash.varargs = LogicalType::ANY;
  loader.RegisterFunction(std::move(hash));
  auto xxhash = kernel("spark_xxhash64", {}, LogicalType::BIGINT, hash_kernel<XxHash64>);
  xxhash.varargs = LogicalType::ANY;
  loader.RegisterFunction(std::move(xxhash));
  loader.RegisterFunction(kernel("spark_crc32", {LogicalType::BLOB}, LogicalType::BIGINT, crc32));
}

}  // namespace mastic::engine
