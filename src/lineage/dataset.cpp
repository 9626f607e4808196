#include "lineage/dataset.h"

#include <algorithm>
#include <filesystem>

namespace mastic::lineage {
namespace {

constexpr std::string_view glue_prefix = "arn:aws:glue:";
constexpr std::string_view dynamodb_prefix = "arn:aws:dynamodb:";

std::string_view without_slashes(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string joined(std::string_view prefix, const Place& place) {
  return std::string(prefix) + place.region + ":" + place.account;
}

/// An ARN's first five parts, and its resource.
DatasetName cut_arn(std::string_view arn) {
  std::size_t at = 0;
  for (int part = 0; part < 5; ++part) {
    const auto next = arn.find(':', at);
    if (next == std::string_view::npos) return {std::string(arn), "/"};
    at = next + 1;
  }
  return {std::string(arn.substr(0, at - 1)), std::string(arn.substr(at))};
}

}  // namespace

DatasetName name_of_path(std::string_view path) {
  const auto scheme_end = path.find("://");
  if (scheme_end != std::string_view::npos) {
    auto scheme = path.substr(0, scheme_end);
    auto rest = path.substr(scheme_end + 3);
    if (scheme == "file") return {"file", "/" + std::string(without_slashes(rest))};
    // s3a and s3n are other clients' names of the same store.
    if (scheme == "s3a" || scheme == "s3n") scheme = "s3";
    const auto slash = rest.find('/');
    const auto authority = rest.substr(0, slash);
    const auto name = slash == std::string_view::npos ? std::string_view{} : without_slashes(rest.substr(slash));
    return {std::string(scheme) + "://" + std::string(authority), name.empty() ? "/" : std::string(name)};
  }
  if (path.starts_with("file:")) path.remove_prefix(5);
  const auto absolute = std::filesystem::absolute(path).lexically_normal().string();
  return {"file", "/" + std::string(without_slashes(absolute))};
}

DatasetName name_of_items(const Place& place, std::string_view table) {
  if (table.starts_with("arn:")) return cut_arn(table);
  return {joined(dynamodb_prefix, place), "table/" + std::string(table)};
}

DatasetName name_of_python_source(std::string_view source, std::string_view what) {
  auto name = std::string(source);
  if (!what.empty()) name += "/" + std::string(what);
  return {"python", std::move(name)};
}

DatasetName name_of_table(const Place& place, std::string_view database, std::string_view table) {
  return {joined(glue_prefix, place), "table/" + std::string(database) + "/" + std::string(table)};
}

DatasetName name_of_location(std::string_view location) {
  return location.starts_with("arn:") ? cut_arn(location) : name_of_path(location);
}

std::string text_of(const DatasetName& name) {
  if (name.name_space == "file" || name.name_space == "python") return name.name_space + ":" + name.name;
  if (name.name_space.starts_with("arn:")) return name.name_space + ":" + name.name;
  return name.name == "/" ? name.name_space + "/" : name.name_space + "/" + name.name;
}

std::string short_text_of(const DatasetName& name) {
  constexpr std::string_view table = "table/";
  if (name.name.starts_with(table)) {
    auto rest = name.name.substr(table.size());
    if (name.name_space.starts_with(dynamodb_prefix)) return "dynamodb:" + rest;
    if (name.name_space.starts_with(glue_prefix)) {
      std::ranges::replace(rest, '/', '.');
      return rest;
    }
  }
  return text_of(name);
}

DatasetName parse_dataset(const Place& place, std::string_view text) {
  if (text.starts_with("arn:")) return cut_arn(text);
  if (text.starts_with("python:")) return {"python", std::string(text.substr(7))};
  if (text.find("://") != std::string_view::npos || text.starts_with('/') || text.starts_with("file:"))
    return name_of_path(text);
  if (text.starts_with("dynamodb:")) return name_of_items(place, text.substr(9));
  if (text.starts_with("glue:")) text.remove_prefix(5);
  if (const auto dot = text.find('.'); dot != std::string_view::npos)
    return name_of_table(place, text.substr(0, dot), text.substr(dot + 1));
  return {"", std::string(text)};
}

}  // namespace mastic::lineage
