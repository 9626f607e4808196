#include "glue/crawler/configuration.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <functional>
#include <span>

#include "glue/errors.h"

namespace mastic::glue::crawler {
namespace {

using Json = simdjson::dom::element;

struct Member {
  std::string_view name;
  std::function<Result<void>(const Json&)> read;
};

Error invalid(std::string_view path, std::string_view why) {
  return error::invalid_input(fmt::format("Configuration: {} {}", path, why));
}

/// Reads each member with its reader; one that has none is refused.
Result<void> read_members(const Json& json, const std::string& path, const std::vector<Member>& members) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return fail(invalid(path, "is not a JSON object."));
  for (const auto& [key, value] : object) {
    const auto name = path.empty() ? std::string(key) : path + "." + std::string(key);
    const auto known = std::ranges::find(members, key, &Member::name);
    if (known == members.end()) return fail(error::unsupported("Configuration " + name));
    if (auto read = known->read(value); !read) return fail(invalid(name, read.error().message));
  }
  return {};
}

std::function<Result<void>(const Json&)> one_word(std::string_view word, bool& into) {
  return [word, &into](const Json& value) -> Result<void> {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS || text != word) return fail(Error::invalid(fmt::format("must be {}.", word)));
    into = true;
    return {};
  };
}

std::function<Result<void>(const Json&)> whole_number(int& into) {
  return [&into](const Json& value) -> Result<void> {
    int64_t number = 0;
    if (value.get(number) != simdjson::SUCCESS || number < 1 || number > 10'000)
      return fail(Error::invalid("must be a whole number from 1 on."));
    into = static_cast<int>(number);
    return {};
  };
}

Result<void> read_version(const Json& value) {
  double number = 0;
  std::string_view text;
  if (value.get(number) == simdjson::SUCCESS && number == 1.0) return {};
  if (value.get(text) == simdjson::SUCCESS && (text == "1.0" || text == "1")) return {};
  return fail(Error::invalid("must be 1.0."));
}

}  // namespace

Result<Configuration> parse_configuration(std::string_view text) {
  Configuration configuration;
  if (text.empty()) return configuration;
  const simdjson::padded_string padded(text);
  simdjson::dom::parser parser;
  Json document;
  if (parser.parse(padded).get(document) != simdjson::SUCCESS || !document.is_object())
    return fail(error::invalid_input("Configuration is not a JSON object."));
  Json version;
  if (document["Version"].get(version) != simdjson::SUCCESS)
    return fail(error::invalid_input("Configuration needs \"Version\": 1.0."));
  const auto nested = [](std::vector<Member> members) {
    return [members = std::move(members)](const Json& value) -> Result<void> {
      simdjson::dom::object object;
      if (value.get(object) != simdjson::SUCCESS) return fail(Error::invalid("is not a JSON object."));
      for (const auto& [key, inner] : object) {
        const auto known = std::ranges::find(members, key, &Member::name);
        if (known == members.end()) return fail(Error::invalid(fmt::format("has a member that is not supported: {}", key)));
        if (auto read = known->read(inner); !read)
          return fail(Error::invalid(fmt::format("{}: {}", key, read.error().message)));
      }
      return {};
    };
  };
  auto& c = configuration;
  const auto boolean = [](bool& into) {
    return [&into](const Json& value) -> Result<void> {
      if (value.get(into) != simdjson::SUCCESS) return fail(Error::invalid("must be true or false."));
      return {};
    };
  };
  const std::vector<Member> members{
      {"Version", read_version},
      {"CreatePartitionIndex", boolean(c.creates_partition_index)},
      {"CrawlerOutput",
       nested({{"Tables", nested({{"AddOrUpdateBehavior", one_word("MergeNewColumns", c.merges_new_columns)},
                                  {"TableThreshold", whole_number(c.tables_max)}})},
               {"Partitions", nested({{"AddOrUpdateBehavior", one_word("InheritFromTable", c.partitions_inherit)}})}})},
      {"Grouping", nested({{"TableGroupingPolicy", one_word("CombineCompatibleSchemas", c.combines_compatible)},
                           {"TableLevelConfiguration", whole_number(c.table_level)}})}};
  TRY_DO(read_members(document, "", members));
  return configuration;
}

Policy policy_of(const wire::Crawler& crawler) {
  Policy policy;
  if (!crawler.schema_change_policy) return policy;
  policy.update = crawler.schema_change_policy->update_behavior.value_or("UPDATE_IN_DATABASE") == "UPDATE_IN_DATABASE";
  const auto deletion = crawler.schema_change_policy->delete_behavior.value_or("DEPRECATE_IN_DATABASE");
  if (deletion == "LOG") policy.deletion = Policy::Deletion::log;
  if (deletion == "DELETE_FROM_DATABASE") policy.deletion = Policy::Deletion::remove;
  return policy;
}

}  // namespace mastic::glue::crawler
