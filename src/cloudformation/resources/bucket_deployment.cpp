// Custom::CDKBucketDeployment: copies the files of asset archives into a bucket, and takes away what is not among them.
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/identifiers.h"
#include "cloudformation/resources/bucket_content.h"
#include "cloudformation/resources/tabled_type.h"
#include "cloudformation/resources/types.h"
#include "cloudformation/resources/zip.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"DestinationBucketArn"},
    {"DestinationBucketKeyPrefix"},
    {"DestinationBucketName"},
    {"DistributionId", On::ignored},
    {"DistributionPaths", On::ignored},
    {"Exclude"},
    {"Extract"},
    {"Include"},
    {"OutputObjectKeys"},
    {"Prune"},
    {"RetainOnDelete"},
    {"ServiceToken", On::replace, true},
    {"SignContent"},
    {"SourceBucketNames", On::update, true},
    {"SourceMarkers"},
    {"SourceMarkersConfig"},
    {"SourceObjectKeys", On::update, true},
    {"SystemMetadata"},
    {"UserMetadata"},
    {"WaitForDistributionInvalidation", On::ignored},
});
constexpr TypeTable table{"Custom::CDKBucketDeployment", properties, {}};

struct Destination {
  std::string bucket;
  std::string prefix;  // empty or with a '/' at its end
};

Destination destination_of(const Json& given) {
  auto bucket = text_of(given, "DestinationBucketName");
  constexpr std::string_view arn_start = "arn:aws:s3:::";
  if (bucket.empty()) {
    const auto arn = text_of(given, "DestinationBucketArn");
    bucket = arn.starts_with(arn_start) ? arn.substr(arn_start.size()) : arn;
  }
  auto prefix = text_of(given, "DestinationBucketKeyPrefix");
  if (prefix.starts_with('/')) prefix.erase(0, 1);
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  return {std::move(bucket), std::move(prefix)};
}

/// Whether `aws s3 sync --exclude … --include …` looks at this file.
bool selected(const Json& given, const std::string& name) {
  const auto any = [&](std::string_view list) {
    return std::ranges::any_of(as_list(member_of(given, list)),
                               [&](const Json& pattern) { return fnmatch(text_of(pattern).c_str(), name.c_str(), 0) == 0; });
  };
  return !any("Exclude") || any("Include");
}

std::string content_type_of(std::string_view name) {
  constexpr auto types = std::to_array<std::pair<std::string_view, std::string_view>>({
      {".css", "text/css"},
      {".csv", "text/csv"},
      {".gif", "image/gif"},
      {".htm", "text/html"},
      {".html", "text/html"},
      {".jpeg", "image/jpeg"},
      {".jpg", "image/jpeg"},
      {".js", "text/javascript"},
      {".json", "application/json"},
      {".md", "text/markdown"},
      {".pdf", "application/pdf"},
      {".png", "image/png"},
      {".py", "text/x-python"},
      {".svg", "image/svg+xml"},
      {".txt", "text/plain"},
      {".xml", "text/xml"},
      {".zip", "application/zip"},
  });
  for (const auto& [ending, type] : types) {
    if (name.ends_with(ending)) return std::string(type);
  }
  return "binary/octet-stream";
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::vector<std::pair<std::string, std::string>> headers_of(const Json& given, const std::string& name) {
  std::vector<std::pair<std::string, std::string>> headers;
  bool typed = false;
  // `content-type`, `cache-control`, `sse`, …: the CLI's options, of which those that are headers are taken.
  constexpr auto taken = std::to_array<std::string_view>(
      {"cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"});
  if (const auto& system = member_of(given, "SystemMetadata"); system.is_object()) {
    for (const auto& [key, value] : system.items()) {
      if (std::ranges::find(taken, key) == taken.end()) continue;
      typed = typed || key == "content-type";
      headers.emplace_back(key, text_of(value));
    }
  }
  if (!typed) headers.emplace_back("content-type", content_type_of(name));
  if (const auto& user = member_of(given, "UserMetadata"); user.is_object()) {
    for (const auto& [key, value] : user.items()) {
      const auto name_of_header = lower(key);
      headers.emplace_back(name_of_header.starts_with("x-amz-meta-") ? name_of_header : "x-amz-meta-" + name_of_header,
                           text_of(value));
    }
  }
  return headers;
}

/// Values that were not known when the asset was made stand in it as marks.
void replace_markers(std::string& content, const Json& markers) {
  if (!markers.is_object()) return;
  for (const auto& [mark, value] : markers.items()) {
    const auto text = text_of(value);
    for (auto at = content.find(mark); !mark.empty() && at != std::string::npos; at = content.find(mark, at + text.size())) {
      content.replace(at, mark.size(), text);
    }
  }
}

class BucketDeployment final : public TabledType {
 public:
  BucketDeployment() : TabledType(table) {}

 private:
  static Result<std::vector<ZipEntry>> files_of(const ResourceContext& context, const Json& given, std::size_t source) {
    const auto bucket = text_of(as_list(given["SourceBucketNames"])[source]);
    const auto key = text_of(as_list(given["SourceObjectKeys"])[source]);
    TRY(content, object_content(context, bucket, key));
    if (text_of(given, "Extract", "true") == "false") {
      return std::vector<ZipEntry>{{key.substr(key.rfind('/') + 1), std::move(content)}};
    }
    return unzip(content);
  }

  static Result<void> deploy(const ResourceContext& context, const Json& given) {
    const auto destination = destination_of(given);
    const auto sources = as_list(given["SourceBucketNames"]).size();
    if (sources != as_list(given["SourceObjectKeys"]).size()) {
      return fail(Error{"ValidationError", "SourceBucketNames and SourceObjectKeys must have the same number of entries."});
    }
    const auto markers = as_list(member_of(given, "SourceMarkers"));
    std::set<std::string> deployed;
    for (std::size_t source = 0; source < sources; ++source) {
      TRY(files, files_of(context, given, source));
      for (auto& file : files) {
        if (file.name.ends_with('/') || !selected(given, file.name)) continue;
        if (source < markers.size()) replace_markers(file.content, markers[source]);
        const auto key = destination.prefix + file.name;
        TRY_DO(put_object(context, destination.bucket, key, file.content, headers_of(given, file.name)));
        deployed.insert(key);
      }
    }
    return text_of(given, "Prune", "true") == "false" ? Result<void>{} : prune(context, given, destination, deployed);
  }

  static Result<void> prune(const ResourceContext& context, const Json& given, const Destination& destination,
                            const std::set<std::string>& deployed) {
    TRY(keys, keys_of(context, destination.bucket, destination.prefix));
    std::erase_if(keys, [&](const std::string& key) {
      return deployed.contains(key) || !selected(given, key.substr(destination.prefix.size()));
    });
    return delete_objects(context, destination.bucket, keys);
  }

  static Made made(const std::string& id, const Json& given) {
    const auto destination = destination_of(given);
    Made deployment{.physical_id = id};
    deployment.attributes["DestinationBucketArn"] = "arn:aws:s3:::" + destination.bucket;
    if (text_of(given, "OutputObjectKeys", "true") != "false") {
      deployment.attributes["SourceObjectKeys"] = as_list(given["SourceObjectKeys"]);
    }
    if (is_true(given, "SignContent")) deployment.ignored_properties.emplace_back("SignContent");
    return deployment;
  }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    TRY_DO(deploy(context, given));
    return made("aws.cdk.s3deployment." + random_uuid(), given);
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    if (differ(before, after, {"DestinationBucketName", "DestinationBucketKeyPrefix"})) TRY_DO(erase(context, id, before));
    TRY_DO(deploy(context, after));
    return made(id, after);
  }

  Result<void> erase(const ResourceContext& context, const std::string&, const Json& given) const override {
    if (text_of(given, "RetainOnDelete", "true") != "false") return {};
    const auto destination = destination_of(given);
    const auto keys = keys_of(context, destination.bucket, destination.prefix);
    if (failed_with(keys, "NoSuchBucket")) return {};
    if (!keys) return fail(Error(keys.error()));
    return delete_objects(context, destination.bucket, *keys);
  }

  Result<std::optional<Json>> look(const ResourceContext&, const std::string&, const Json& given) const override {
    return std::optional<Json>(given);
  }
};

}  // namespace

std::unique_ptr<ResourceType> bucket_deployment_type() { return std::make_unique<BucketDeployment>(); }

}  // namespace mastic::cloudformation
