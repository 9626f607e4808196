#include <simdjson.h>

#include "iam/authorize/needs.h"

namespace mastic::iam {
namespace {

namespace json = simdjson::ondemand;

/// The first step of `path`, which loses it: a name, `*` or `[]`.
std::string_view take_step(std::string_view& path) {
  if (path.starts_with("[]")) {
    path.remove_prefix(path.starts_with("[].") ? 3 : 2);
    return "[]";
  }
  const auto end = path.find_first_of(".[");
  const auto step = path.substr(0, end);
  path.remove_prefix(step.size());
  if (path.starts_with('.')) path.remove_prefix(1);
  return step;
}

void collect(json::value value, std::string_view path, std::vector<std::string>& into) {
  if (path.empty()) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) into.emplace_back(text);
    return;
  }
  const auto step = take_step(path);
  if (step == "[]") {
    json::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return;
    for (auto item : array) {
      json::value inner;
      if (std::move(item).get(inner) != simdjson::SUCCESS) return;
      collect(inner, path, into);
    }
    return;
  }
  json::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return;
  for (auto field : object) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return;
    if (step == "*") {
      into.emplace_back(key);
    } else if (key == step) {
      json::value inner;
      if (field.value().get(inner) != simdjson::SUCCESS) return;
      collect(inner, path, into);
    }
  }
}

}  // namespace

std::vector<std::string> json_texts(std::string_view body, std::string_view path) {
  std::vector<std::string> texts;
  thread_local json::parser parser;
  const simdjson::padded_string padded(body);
  json::document document;
  json::object object;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS || document.get_object().get(object) != simdjson::SUCCESS) {
    return texts;
  }
  const auto step = take_step(path);
  for (auto field : object) {
    std::string_view key;
    json::value inner;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) break;
    if (key != step) continue;
    if (field.value().get(inner) != simdjson::SUCCESS) break;
    collect(inner, path, texts);
  }
  return texts;
}

}  // namespace mastic::iam
