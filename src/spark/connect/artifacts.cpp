#include "spark/connect/artifacts.h"

#include <fmt/format.h>

#include <array>

#include "base/files.h"
#include "spark/connect/error_status.h"

namespace mastic::spark_connect {
namespace {

constexpr std::string_view cache_prefix = "cache/";

/// The path stays inside the session's folder: relative, without `..`.
bool is_safe(const std::filesystem::path& name) {
  if (name.empty() || name.is_absolute()) return false;
  for (const auto& part : name) {
    if (part == "..") return false;
  }
  return true;
}

}  // namespace

ArtifactStore::ArtifactStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

ArtifactStore::~ArtifactStore() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

spark::SparkResult<void> ArtifactStore::add(const std::string& name, std::string content) {
  if (name.starts_with(cache_prefix)) {
    const std::scoped_lock lock(mutex_);
    cached_.insert_or_assign(name.substr(cache_prefix.size()), std::make_shared<const std::string>(std::move(content)));
    return {};
  }
  return add_file(name, content);
}

spark::SparkResult<void> ArtifactStore::add_file(const std::string& name, std::string_view content) {
  if (!is_safe(name))
    return fail(invalid_input(fmt::format("The artifact's name must be a relative path without '..': {}", name)));
  const std::filesystem::path path = folder_ / name;
  const std::scoped_lock lock(mutex_);
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    const auto present = read_file(path);
    if (present && *present == content) return {};
    return fail(spark::runtime_error("ARTIFACT_ALREADY_EXISTS", {{"normalizedRemoteRelativePath", name}},
                                     "org.apache.spark.SparkRuntimeException"));
  }
  if (const auto made = make_folder(path.parent_path()); !made) return fail(spark::from_store_error(made.error()));
  if (const auto written = write_file_durably(path, content); !written) return fail(spark::from_store_error(written.error()));
  ++version_;
  return {};
}

bool ArtifactStore::exists(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  if (name.starts_with(cache_prefix)) return cached_.contains(std::string_view(name).substr(cache_prefix.size()));
  std::error_code error;
  return is_safe(name) && std::filesystem::exists(folder_ / name, error);
}

std::shared_ptr<const std::string> ArtifactStore::cached(std::string_view hash) const {
  const std::scoped_lock lock(mutex_);
  const auto found = cached_.find(hash);
  return found == cached_.end() ? nullptr : found->second;
}

void ArtifactStore::copy_cached_from(const ArtifactStore& other) {
  auto copy = [&] {
    const std::scoped_lock lock(other.mutex_);
    return other.cached_;
  }();
  const std::scoped_lock lock(mutex_);
  cached_ = std::move(copy);
}

uint32_t crc32(std::string_view bytes) {
  static constexpr auto table = [] {
    std::array<uint32_t, 256> values{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
      values[i] = value;
    }
    return values;
  }();
  uint32_t value = 0xFFFFFFFFU;
  for (const char c : bytes) value = table[(value ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (value >> 8U);
  return ~value;
}

}  // namespace mastic::spark_connect
