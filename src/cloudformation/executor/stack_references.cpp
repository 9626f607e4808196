#include "cloudformation/executor/stack_references.h"

#include <fmt/format.h>

#include "cloudformation/errors.h"
#include "cloudformation/resources/service_call.h"

namespace mastic::cloudformation {

void StackReferences::know(std::string_view logical_id, const Instance& instance) {
  const std::scoped_lock lock(mutex_);
  known_.insert_or_assign(
      std::string(logical_id),
      Known{instance.type, instance.ref.is_null() ? Json(instance.physical_id) : instance.ref, instance.attributes});
}

void StackReferences::forget(std::string_view logical_id) {
  const std::scoped_lock lock(mutex_);
  if (const auto at = known_.find(logical_id); at != known_.end()) known_.erase(at);
}

std::vector<std::string> StackReferences::imported() {
  const std::scoped_lock lock(mutex_);
  return {imported_.begin(), imported_.end()};
}

Result<Json> StackReferences::ref(std::string_view logical_id) {
  const std::scoped_lock lock(mutex_);
  const auto at = known_.find(logical_id);
  if (at != known_.end()) return at->second.ref;
  if (preview_) return Json(known_after_apply);
  return fail(error::validation(
      fmt::format("Unresolved resource dependencies [{}] in the Resources block of the template", logical_id)));
}

Result<Json> StackReferences::attribute(std::string_view logical_id, std::string_view name) {
  const std::scoped_lock lock(mutex_);
  const auto at = known_.find(logical_id);
  if (at != known_.end()) {
    if (at->second.attributes.contains(name)) return at->second.attributes[std::string(name)];
    if (preview_) return Json(known_after_apply);
    return fail(
        error::validation(fmt::format("Requested attribute {} does not exist in schema for {}", name, at->second.type)));
  }
  if (preview_) return Json(known_after_apply);
  return fail(error::validation(
      fmt::format("Unresolved resource dependencies [{}] in the Resources block of the template", logical_id)));
}

Result<std::string> StackReferences::export_value(std::string_view name) {
  TRY(found, house_.store.find_export(stack_.region, name));
  if (!found) return fail(error::no_export(name));
  const std::scoped_lock lock(mutex_);
  imported_.emplace(name);
  return found->value;
}

Result<std::string> StackReferences::dynamic_reference(std::string_view service, std::string_view key) {
  if (service == "ssm") return read_parameter(house_, stack_, key, false);
  return fmt::format("{{{{resolve:{}:{}}}}}", service, key);
}

Result<std::string> StackReferences::reveal(std::string_view service, std::string_view key) {
  if (service == "secretsmanager") return secret(key);
  return read_parameter(house_, stack_, key, service == "ssm-secure");
}

/// SECRET:SecretString:JSON_KEY:STAGE:VERSION, all but the first optional; an ARN holds six colons of its own.
Result<std::string> StackReferences::secret(std::string_view key) {
  std::vector<std::string> parts;
  std::string text(key);
  std::size_t from = 0;
  if (text.starts_with("arn:")) {
    for (int colons = 0; colons < 6 && from != std::string::npos; ++colons) {
      from = text.find(':', from);
      if (from != std::string::npos) ++from;
    }
    from = from == std::string::npos ? text.size() : from;
  }
  const auto end = text.find(':', from);
  parts.push_back(text.substr(0, end));
  for (auto at = end; at != std::string::npos;) {
    const auto next = text.find(':', at + 1);
    parts.push_back(text.substr(at + 1, next == std::string::npos ? next : next - at - 1));
    at = next;
  }
  parts.resize(5);
  Json request{{"SecretId", parts[0]}};
  if (!parts[3].empty()) request["VersionStage"] = parts[3];
  if (!parts[4].empty()) request["VersionId"] = parts[4];
  TRY(answer, call_json(context_of(house_, stack_, {}), "secretsmanager", "GetSecretValue", request));
  if (!answer.contains("SecretString")) return fail(error::validation(fmt::format("Secret {} holds no text", parts[0])));
  const auto value = answer["SecretString"].template get<std::string>();
  if (parts[2].empty()) return value;
  const auto json = Json::parse(value, nullptr, false);
  if (!json.is_object() || !json.contains(parts[2])) {
    return fail(error::validation(fmt::format("Could not find a value associated with JSONKey in SecretString: {}", parts[2])));
  }
  const auto& member = json[parts[2]];
  return member.is_string() ? member.get<std::string>() : member.dump();
}

}  // namespace mastic::cloudformation
