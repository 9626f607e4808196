#include "iam/authorize/request_texts.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "aws/node.h"

namespace mastic::iam {
namespace {

namespace dom = simdjson::dom;

/// The thread's parser keeps its memory from one request to the next. The document is of the request that was read last.
struct Reading {
  dom::parser parser;
  dom::element root;
};
thread_local Reading reading;

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

void collect(dom::element value, std::string_view path, std::vector<std::string>& into) {
  if (path.empty()) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) into.emplace_back(text);
    return;
  }
  const auto step = take_step(path);
  if (step == "[]") {
    dom::array array;
    if (value.get(array) != simdjson::SUCCESS) return;
    for (const auto item : array) collect(item, path, into);
    return;
  }
  dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return;
  for (const auto field : object) {
    if (step == "*") {
      into.emplace_back(field.key);
    } else if (field.key == step) {
      collect(field.value, path, into);
    }
  }
}

// How the services' models spell tags: of what is added, and of the keys that go.
constexpr auto added = std::to_array<std::string_view>({"Tags", "tags", "TagsToAdd"});
constexpr auto removed = std::to_array<std::string_view>({"TagKeys", "tagKeys", "TagsToRemove"});

void add_tag(policy::Keys& keys, std::string_view key, std::string_view value) {
  keys["aws:requesttag/" + policy::lower(key)] = {std::string(value)};
  keys["aws:tagkeys"].emplace_back(key);
}

std::string_view text_of(dom::element object, std::string_view upper, std::string_view lower) {
  std::string_view text;
  if (object[upper].get(text) == simdjson::SUCCESS || object[lower].get(text) == simdjson::SUCCESS) return text;
  return {};
}

bool is(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool RequestTexts::is_json() const {
  if (service_.model()->protocol != aws::Protocol::json) return false;
  // Some of these services are also sent forms, by clients that have not followed their models.
  return !call_.header("content-type").value_or("").starts_with("application/x-www-form-urlencoded");
}

bool RequestTexts::read() {
  if (tried_) return readable_;
  tried_ = true;
  if (is_json()) {
    // The body can be read past its end, as simdjson wants it.
    readable_ = reading.parser.parse(call_.body.data(), call_.body.size(), false).get(reading.root) == simdjson::SUCCESS;
  } else {
    form_ = aws::parse_parameters(call_.body, true);
    readable_ = true;
  }
  return readable_;
}

std::vector<std::string> RequestTexts::at(std::string_view path) {
  std::vector<std::string> texts;
  if (!read()) return texts;
  if (is_json()) {
    collect(reading.root, path, texts);
    return texts;
  }
  for (const auto& [name, value] : form_) {
    if (name == path) texts.push_back(value);
  }
  return texts;
}

void RequestTexts::add_tags(policy::Keys& keys) {
  if (service_.model()->protocol == aws::Protocol::rest_xml || !read()) return;
  if (is_json()) {
    add_json_tags(keys);
  } else {
    add_form_tags(keys);
  }
}

/// A list of {Key, Value}, or an object.
void RequestTexts::add_json_tags(policy::Keys& keys) const {
  dom::object object;
  if (reading.root.get(object) != simdjson::SUCCESS) return;
  for (const auto field : object) {
    dom::array list;
    dom::object map;
    const bool is_list = field.value.get(list) == simdjson::SUCCESS;
    if (is(added, field.key)) {
      if (is_list) {
        for (const auto tag : list) {
          if (tag.is_object()) add_tag(keys, text_of(tag, "Key", "key"), text_of(tag, "Value", "value"));
        }
      } else if (field.value.get(map) == simdjson::SUCCESS) {
        for (const auto tag : map) {
          std::string_view value;
          if (tag.value.get(value) == simdjson::SUCCESS) add_tag(keys, tag.key, value);
        }
      }
    } else if (is(removed, field.key) && is_list) {
      for (const auto key : list) {
        std::string_view text;
        if (key.get(text) == simdjson::SUCCESS) keys["aws:tagkeys"].emplace_back(text);
      }
    }
  }
}

/// `Tags.member.1.Key=a&Tags.member.1.Value=b&TagKeys.member.1=c`.
void RequestTexts::add_form_tags(policy::Keys& keys) const {
  for (const auto& [name, value] : form_) {
    if (name.starts_with("TagKeys.member.")) keys["aws:tagkeys"].push_back(value);
    if (!name.starts_with("Tags.member.") || !name.ends_with(".Key")) continue;
    const auto wanted = name.substr(0, name.size() - 3) + "Value";
    const auto found = std::ranges::find(form_, wanted, &aws::Parameter::name);
    add_tag(keys, value, found == form_.end() ? std::string_view{} : std::string_view(found->value));
  }
}

}  // namespace mastic::iam
