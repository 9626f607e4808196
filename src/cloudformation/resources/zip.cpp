#include "cloudformation/resources/zip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

namespace mastic::cloudformation {
namespace {

constexpr std::string_view end_mark{"PK\5\6", 4};
constexpr std::string_view directory_mark{"PK\1\2", 4};
constexpr std::string_view entry_mark{"PK\3\4", 4};
constexpr std::size_t end_size = 22;
constexpr std::size_t directory_entry_size = 46;
constexpr std::size_t local_entry_size = 30;

Error invalid(std::string_view why) { return {"InvalidArchive", fmt::format("The ZIP archive cannot be read: {}", why)}; }

/// Little-endian, at a place that is inside the bytes.
uint32_t number(std::string_view bytes, std::size_t at, int size) {
  uint32_t value = 0;
  for (int i = size - 1; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return value;
}

struct Listed {
  uint32_t method, flags, checksum, packed_size, size, offset;
  std::string name;
};

Result<std::string> inflate_raw(std::string_view packed, uint32_t size) {
  std::string content(size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return fail(Error::internal("zlib could not be started"));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib reads only
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = size;
  const int ended = inflate(&stream, Z_FINISH);
  const bool whole = ended == Z_STREAM_END && stream.total_out == size;
  inflateEnd(&stream);
  if (!whole) return fail(invalid("an entry's data is broken"));
  return content;
}

Result<std::string> content_of(std::string_view archive, const Listed& entry) {
  if ((entry.flags & 1U) != 0) return fail(invalid("it is encrypted"));
  if (entry.offset > archive.size() || archive.size() - entry.offset < local_entry_size) return fail(invalid("it is cut off"));
  if (archive.substr(entry.offset, 4) != entry_mark) return fail(invalid("an entry is not where its directory says"));
  const auto start =
      uint64_t{entry.offset} + local_entry_size + number(archive, entry.offset + 26, 2) + number(archive, entry.offset + 28, 2);
  if (start > archive.size() || archive.size() - start < entry.packed_size) return fail(invalid("it is cut off"));
  const auto packed = archive.substr(start, entry.packed_size);
  std::string content;
  if (entry.method == 0) {
    content = packed;
  } else if (entry.method == 8) {
    TRY(inflated, inflate_raw(packed, entry.size));
    content = std::move(inflated);
  } else {
    return fail(invalid(fmt::format("an entry is packed with a method other than deflate: {}", entry.method)));
  }
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
  if (content.size() != entry.size || sum != entry.checksum) return fail(invalid("an entry's data is broken"));
  return content;
}

Result<std::vector<Listed>> directory_of(std::string_view archive) {
  const auto end = archive.rfind(end_mark);
  if (end == std::string_view::npos || archive.size() - end < end_size) return fail(invalid("it has no directory"));
  const auto count = number(archive, end + 10, 2);
  std::size_t at = number(archive, end + 16, 4);
  if (count == 0xFFFF || at == 0xFFFFFFFF) return fail(invalid("it is of the ZIP64 kind"));
  std::vector<Listed> entries;
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; ++i) {
    if (at > archive.size() || archive.size() - at < directory_entry_size || archive.substr(at, 4) != directory_mark) {
      return fail(invalid("its directory is broken"));
    }
    Listed entry{.method = number(archive, at + 10, 2),
                 .flags = number(archive, at + 8, 2),
                 .checksum = number(archive, at + 16, 4),
                 .packed_size = number(archive, at + 20, 4),
                 .size = number(archive, at + 24, 4),
                 .offset = number(archive, at + 42, 4),
                 .name = {}};
    const auto name_size = number(archive, at + 28, 2);
    if (archive.size() - at - directory_entry_size < name_size) return fail(invalid("its directory is broken"));
    entry.name = archive.substr(at + directory_entry_size, name_size);
    total += entry.size;
    if (total > unzipped_max) return fail(invalid(fmt::format("it unfolds to more than {} bytes", unzipped_max)));
    at += directory_entry_size + name_size + number(archive, at + 30, 2) + number(archive, at + 32, 2);
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

Result<std::vector<ZipEntry>> unzip(std::string_view archive) {
  TRY(listed, directory_of(archive));
  std::vector<ZipEntry> entries;
  for (auto& entry : listed) {
    TRY(content, content_of(archive, entry));
    entries.push_back({std::move(entry.name), std::move(content)});
  }
  return entries;
}

}  // namespace mastic::cloudformation
