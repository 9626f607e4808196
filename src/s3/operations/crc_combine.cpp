// A CRC is a remainder of polynomials over GF(2): appending n bytes multiplies the first remainder by x^(8n). The three CRCs
// here are reflected, so the highest bit of a word is the coefficient of x^0; their initial and final inversions cancel out.
#include "s3/operations/crc_combine.h"

namespace mastic::s3 {
namespace {

template <typename Word>
constexpr Word one = Word{1} << (sizeof(Word) * 8 - 1);  // The polynomial 1.

template <typename Word>
Word multiply(Word a, Word b, Word polynomial) {
  Word product = 0;
  for (Word bit = one<Word>; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = (b & 1) != 0 ? (b >> 1) ^ polynomial : b >> 1;
  }
  return product;
}

template <typename Word>
Word power_of_x(uint64_t exponent, Word polynomial) {
  Word result = one<Word>;
  for (Word square = one<Word> >> 1; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = multiply(result, square, polynomial);
    square = multiply(square, square, polynomial);
  }
  return result;
}

template <typename Word>
Word read(std::string_view bytes) {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof(Word) && i < bytes.size(); ++i) word = word << 8 | static_cast<unsigned char>(bytes[i]);
  return word;
}

template <typename Word>
std::string combine(std::string_view first, std::string_view second, uint64_t second_length, Word polynomial) {
  Word word = multiply(power_of_x(second_length * 8, polynomial), read<Word>(first), polynomial) ^ read<Word>(second);
  std::string bytes(sizeof(Word), '\0');
  for (std::size_t i = bytes.size(); i-- > 0; word >>= 8) bytes[i] = static_cast<char>(word);
  return bytes;
}

}  // namespace

std::string combine_crc(aws::DigestKind kind, std::string_view first, std::string_view second, uint64_t second_length) {
  constexpr uint32_t crc32 = 0xEDB88320U;
  constexpr uint32_t crc32c = 0x82F63B78U;
  constexpr uint64_t crc64nvme = 0x9A6C9329AC4BC9B5ULL;
  switch (kind) {
    case aws::DigestKind::crc32: return combine<uint32_t>(first, second, second_length, crc32);
    case aws::DigestKind::crc32c: return combine<uint32_t>(first, second, second_length, crc32c);
    default: return combine<uint64_t>(first, second, second_length, crc64nvme);
  }
}

}  // namespace mastic::s3
