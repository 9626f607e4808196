#include "glue/tags.h"

#include <algorithm>
#include <array>

#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue {
namespace {

struct Tagged {
  std::string_view prefix;
  std::string_view find;
};
constexpr auto tagged = std::to_array<Tagged>({
    {"crawler/", "SELECT 1 FROM crawler WHERE name = ?"},
    {"connection/", "SELECT 1 FROM record WHERE kind = 'connection' AND name = ?"},
    {"database/", "SELECT 1 FROM catalog_database WHERE name = ?"},
    {"job/", "SELECT 1 FROM job WHERE name = ?"},
    {"session/", "SELECT 1 FROM session WHERE id = ?"},
    {"trigger/", "SELECT 1 FROM trigger_definition WHERE name = ?"},
    {"registry/", "SELECT 1 FROM schema_registry WHERE name = ?"},
    {"schema/", "SELECT 1 FROM registry_schema WHERE registry || '/' || name = ?"},
    {"workflow/", "SELECT 1 FROM workflow WHERE name = ?"},
});

const Tagged* kind_of(std::string_view resource) {
  const auto* found = std::ranges::find_if(tagged, [&](const Tagged& kind) { return resource.starts_with(kind.prefix); });
  return found == tagged.end() ? nullptr : found;
}

}  // namespace

Result<TagMap> Tags::get(std::string_view resource) {
  TRY(rows, database_.query("SELECT key, value FROM tag WHERE resource = ?", resource));
  TagMap tags;
  for (const auto& row : rows) tags.emplace(row.text(0), row.text(1));
  return tags;
}

Result<std::map<std::string, TagMap>> Tags::all() {
  std::map<std::string, TagMap> all;
  TRY(rows, database_.query("SELECT resource, key, value FROM tag"));
  for (const auto& row : rows) all[row.text(0)][row.text(1)] = row.text(2);
  return all;
}

Result<void> Tags::add(std::string_view resource, const TagMap& tags) {
  constexpr int64_t tags_max = 50;
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    for (const auto& [key, value] : tags) {
      TRY_DO(t.run("INSERT INTO tag(resource, key, value) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                   resource, key, value));
    }
    TRY(count, t.query("SELECT count(*) FROM tag WHERE resource = ?", resource));
    if (count.at(0).integer(0) > tags_max) return fail(error::invalid_input("A resource has at most 50 tags."));
    return {};
  });
}

Result<void> Tags::remove(std::string_view resource, const std::vector<std::string>& keys) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    for (const auto& key : keys) TRY_DO(t.run("DELETE FROM tag WHERE resource = ? AND key = ?", resource, key));
    return {};
  });
}

Result<void> Tags::remove_all(std::string_view resource) {
  TRY_DO(database_.run("DELETE FROM tag WHERE resource = ?", resource));
  return {};
}

Result<bool> Tags::has(std::string_view resource, const std::optional<TagMap>& wanted) {
  if (!wanted || wanted->empty()) return true;
  TRY(tags, get(resource));
  return std::ranges::all_of(*wanted, [&](const auto& tag) {
    const auto found = tags.find(tag.first);
    return found != tags.end() && found->second == tag.second;
  });
}

Result<std::string> Tags::resource_of(std::string_view arn) {
  std::string_view rest = arn;
  for (int part = 0; part < 5; ++part) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos)
      return fail(error::invalid_input("Not an ARN of a Glue resource: " + std::string(arn)));
    rest.remove_prefix(colon + 1);
  }
  const auto* kind = kind_of(rest);
  if (kind == nullptr)
    return fail(error::invalid_input("Only jobs, crawlers, databases, connections, triggers and workflows have tags here: " +
                                     std::string(arn)));
  return kind->prefix == "database/" ? lower_name(rest) : std::string(rest);
}

Result<bool> Tags::exists(std::string_view resource) {
  const auto* kind = kind_of(resource);
  if (kind == nullptr) return false;
  TRY(rows, database_.query(kind->find, resource.substr(kind->prefix.size())));
  return !rows.empty();
}

}  // namespace mastic::glue
