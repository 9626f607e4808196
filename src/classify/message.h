// Inspections and what asks for them as bytes, for a pipe between two processes of this program.
//
//   message  = size (4 bytes, little-endian) | that many bytes
//   number   = varint        text = its size, its bytes        list = its size, its elements
//
// Neither side trusts the other: reading is bounded in size and depth, and fails with nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/classifier.h"
#include "classify/inspection.h"

namespace mastic::classify {

inline constexpr std::size_t message_bytes_max = 64UL << 20;

/// One file to look at: a path, or the bytes themselves when the path is empty.
struct FileToInspect {
  std::string name;
  std::string path;
  std::string bytes;
};

std::string encode(std::span<const Classifier> classifiers);
std::optional<std::vector<Classifier>> decode_classifiers(std::string_view message);
std::string encode(const FileToInspect& file);
std::optional<FileToInspect> decode_file(std::string_view message);
std::string encode(const Inspection& inspection);
std::optional<Inspection> decode_inspection(std::string_view message);

/// Blocking; false at the end of the stream or at a failure.
bool write_message(int descriptor, std::string_view message);
/// Nothing at the end of the stream, at a failure, and when nothing came for so long; no limit when it is negative.
std::optional<std::string> read_message(int descriptor, int timeout_milliseconds = -1);

}  // namespace mastic::classify
