#include "cloudformation/resources/tabled_type.h"

#include <fmt/format.h>

#include <algorithm>

#include "cloudformation/resources/shape.h"

namespace mastic::cloudformation {
namespace {

/// The words of `name_in`.
std::vector<std::string_view> properties_with_name(const TypeTable& table) {
  std::vector<std::string_view> names;
  for (auto rest = table.name_in; !rest.empty();) {
    const auto space = rest.find(' ');
    names.push_back(rest.substr(0, space));
    rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
  }
  return names;
}

const Property* find_property(const TypeTable& table, std::string_view name) {
  const auto found = std::ranges::find(table.properties, name, &Property::name);
  return found == table.properties.end() ? nullptr : &*found;
}

Error refused(const ResourceContext& context, const std::string& what) {
  return {"ValidationError",
          fmt::format("Properties validation failed for resource {} with message:\n{}", context.logical_id, what)};
}

}  // namespace

Result<void> TabledType::validate(const Json& properties) const {
  if (properties.is_object()) {
    for (const auto& [name, value] : properties.items()) {
      if (find_property(table_, name) == nullptr) {
        return fail(Error{"ValidationError", fmt::format("#: extraneous key [{}] is not permitted", name)});
      }
    }
  }
  for (const auto& property : table_.properties) {
    if (property.required && member_of(properties, property.name).is_null()) {
      return fail(Error{"ValidationError", fmt::format("#: required key [{}] not found", property.name)});
    }
  }
  return check_shape(table_.shape, properties);
}

bool TabledType::replaces(std::string_view property) const {
  const auto* found = find_property(table_, property);
  return found != nullptr && found->change == On::replace;
}

bool TabledType::replaces(std::string_view property, const Json& before, const Json& after) const {
  if (replaces(property)) return true;
  const auto named = properties_with_name(table_);
  if (std::ranges::find(named, property) == named.end()) return false;
  return before.is_null() != after.is_null() || text_of(before, "Name") != text_of(after, "Name");
}

std::vector<std::string> TabledType::ids_in(const Json& properties) const {
  std::vector<std::string> ids;
  for (const auto property : properties_with_name(table_)) {
    if (auto name = text_of(member_of(properties, property), "Name"); !name.empty()) ids.push_back(std::move(name));
  }
  return ids;
}

Result<Json> TabledType::prepared(const ResourceContext& context, const Json& properties) const {
  auto kept = Json::object();
  if (properties.is_object()) {
    for (const auto& [name, value] : properties.items()) {
      const auto* property = find_property(table_, name);
      if (property == nullptr) return fail(refused(context, fmt::format("#: extraneous key [{}] is not permitted", name)));
      if (property->change != On::ignored) kept[name] = value;
    }
  }
  for (const auto& property : table_.properties) {
    if (property.required && member_of(properties, property.name).is_null()) {
      return fail(refused(context, fmt::format("#: required key [{}] not found", property.name)));
    }
  }
  if (auto checked = check_shape(table_.shape, kept); !checked) return fail(refused(context, checked.error().message));
  (void)take_ignored(table_.shape, kept);
  auto converted = convert(kept, table_.kinds);
  if (!converted) return fail(refused(context, converted.error().message));
  return converted;
}

std::vector<std::string> TabledType::ignored(const Json& properties) const {
  std::vector<std::string> names;
  for (const auto& property : table_.properties) {
    if (property.change == On::ignored && !member_of(properties, property.name).is_null()) {
      names.emplace_back(property.name);
    }
  }
  auto rest = properties;
  for (auto& path : take_ignored(table_.shape, rest)) names.push_back(std::move(path));
  return names;
}

Result<Made> TabledType::create(const ResourceContext& context, const Json& properties) const {
  TRY(given, prepared(context, properties));
  TRY(made, make(context, given));
  const auto names = ignored(properties);
  made.ignored_properties.insert(made.ignored_properties.end(), names.begin(), names.end());
  return std::move(made);
}

Result<Made> TabledType::update(const ResourceContext& context, const std::string& physical_id, const Json& before,
                                const Json& after) const {
  TRY(old_properties, prepared(context, before));
  TRY(new_properties, prepared(context, after));
  TRY(made, change(context, physical_id, old_properties, new_properties));
  const auto names = ignored(after);
  made.ignored_properties.insert(made.ignored_properties.end(), names.begin(), names.end());
  return std::move(made);
}

Result<void> TabledType::remove(const ResourceContext& context, const std::string& physical_id, const Json& properties) const {
  // What is to go may have been made of properties that do not hold any more: then it goes by its id alone.
  auto given = prepared(context, properties);
  return erase(context, physical_id, given ? *given : properties);
}

Result<std::optional<Json>> TabledType::read(const ResourceContext& context, const std::string& physical_id,
                                             const Json& properties) const {
  TRY(given, prepared(context, properties));
  return look(context, physical_id, given);
}

namespace {

std::map<std::string, std::string> with_own(std::map<std::string, std::string> all, const Json& tags) {
  if (tags.is_array()) {
    for (const auto& tag : tags) all[text_of(tag, "Key")] = text_of(tag, "Value");
  } else if (tags.is_object()) {
    for (const auto& [key, value] : tags.items()) all[key] = text_of(value);
  }
  return all;
}

}  // namespace

std::map<std::string, std::string> tags_of(const ResourceContext& context, const Json& tags) {
  return with_own(context.stack_tags, tags);
}

std::map<std::string, std::string> tags_before(const ResourceContext& context, const Json& tags) {
  return with_own(context.stack_tags_before, tags);
}

Json tag_list(const std::map<std::string, std::string>& tags) {
  auto list = Json::array();
  for (const auto& [key, value] : tags) list.push_back({{"Key", key}, {"Value", value}});
  return list;
}

Json tags_found(const ResourceContext& context, const Json& given, const std::map<std::string, std::string>& actual) {
  auto rest = actual;
  auto list = Json::array();
  auto object = Json::object();
  const auto take = [&](const std::string& key) {
    const auto at = rest.find(key);
    if (at == rest.end()) return;
    list.push_back({{"Key", key}, {"Value", at->second}});
    object[key] = at->second;
    rest.erase(at);
  };
  if (given.is_array()) {
    for (const auto& tag : given) take(text_of(tag, "Key"));
  } else if (given.is_object()) {
    for (const auto& [key, value] : given.items()) take(key);
  }
  for (const auto& [key, value] : std::map(rest)) {
    const auto of_stack = context.stack_tags.find(key);
    if (of_stack == context.stack_tags.end() || of_stack->second != value) take(key);
  }
  return given.is_object() ? object : list;
}

Json tags_gone(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after) {
  auto names = Json::array();
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) names.push_back(key);
  }
  return names;
}

std::map<std::string, std::string> tags_new(const std::map<std::string, std::string>& before,
                                            const std::map<std::string, std::string>& after) {
  std::map<std::string, std::string> changed;
  for (const auto& [key, value] : after) {
    const auto held = before.find(key);
    if (held == before.end() || held->second != value) changed[key] = value;
  }
  return changed;
}

Json members_of(const Json& object, std::initializer_list<std::string_view> names) {
  auto members = Json::object();
  for (const auto name : names) {
    if (const auto& held = member_of(object, name); !held.is_null()) members[std::string(name)] = held;
  }
  return members;
}

bool differ(const Json& before, const Json& after, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return member_of(before, name) != member_of(after, name); });
}

Error with_physical_id(Error error, const std::string& id) {
  error.members.emplace_back("PhysicalResourceId", Json(id).dump());
  return error;
}

}  // namespace mastic::cloudformation
