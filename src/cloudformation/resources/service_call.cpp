#include "cloudformation/resources/service_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/node.h"
#include "cloudformation/resources/convert.h"

namespace mastic::cloudformation {
namespace {

void add_to_form(aws::LocalForm& form, const std::string& name, const Json& value) {
  if (value.is_null()) return;
  if (value.is_array()) {
    if (value.empty()) form.add(name, "");
    for (std::size_t at = 0; at < value.size(); ++at) add_to_form(form, fmt::format("{}.member.{}", name, at + 1), value[at]);
  } else if (value.is_object()) {
    for (const auto& [key, held] : value.items()) add_to_form(form, name.empty() ? key : name + "." + key, held);
  } else {
    form.add(name, text_of(value));
  }
}

void append_escaped(std::string& into, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': into += "&amp;"; break;
      case '<': into += "&lt;"; break;
      case '>': into += "&gt;"; break;
      case '\t':
      case '\n': into += c; break;
      default:
        if (static_cast<unsigned char>(c) < ' ') {
          into += fmt::format("&#{};", static_cast<int>(c));
        } else {
          into += c;
        }
    }
  }
}

void append_xml(std::string& into, const std::string& name, const Json& value) {
  if (value.is_null()) return;
  if (value.is_array()) {
    for (const auto& element : value) append_xml(into, name, element);
    return;
  }
  into += "<" + name + ">";
  if (value.is_object()) {
    for (const auto& [key, held] : value.items()) append_xml(into, key, held);
  } else {
    append_escaped(into, text_of(value));
  }
  into += "</" + name + ">";
}

Json from_node(const aws::Node& node) {
  if (node.children.empty()) return node.text;
  const auto is_member = [](const aws::Node& child) { return child.name == "member"; };
  if (std::ranges::all_of(node.children, is_member)) {
    auto list = Json::array();
    for (const auto& child : node.children) list.push_back(from_node(child));
    return list;
  }
  auto object = Json::object();
  for (const auto& child : node.children) {
    auto& held = object[child.name];
    if (held.is_null()) {
      held = from_node(child);
    } else if (held.is_array()) {
      held.push_back(from_node(child));
    } else {
      held = Json::array({held, from_node(child)});
    }
  }
  return object;
}

/// Whether an operation only looks at a resource of the stack's.
bool only_looks(std::string_view operation) {
  constexpr std::array<std::string_view, 4> looks{"Head", "Describe", "List", "Get"};
  constexpr std::array<std::string_view, 4> contents{"GetParameter", "GetParameters", "GetSecretValue", "GetObject"};
  return std::ranges::any_of(looks, [&](auto one) { return operation.starts_with(one); }) &&
         std::ranges::find(contents, operation) == contents.end();
}

}  // namespace

aws::CallContext call_context(const ResourceContext& context, std::string_view operation) {
  return {.region = context.region,
          .account_id = context.account_id,
          .access_key = only_looks(operation) ? std::string() : context.access_key,
          .request_id = {},
          .endpoint = context.endpoint};
}

Result<Json> call_json(const ResourceContext& context, std::string_view service, std::string_view operation,
                       const Json& request) {
  TRY(answer,
      context.calls.call(
          {.service = service, .operation = operation, .body = request.dump(-1, ' ', false, Json::error_handler_t::replace)},
          call_context(context, operation)));
  if (answer.body.empty()) return Json::object();
  auto parsed = Json::parse(answer.body, nullptr, false);
  if (parsed.is_discarded()) {
    return fail(Error::internal(fmt::format("{} of {} answered what is not JSON", operation, service)));
  }
  return parsed;
}

Result<Json> call_query(const ResourceContext& context, std::string_view service, std::string_view operation,
                        const Json& request) {
  aws::LocalForm form;
  add_to_form(form, "", request);
  TRY(answer,
      context.calls.call({.service = service, .operation = operation, .body = form.text()}, call_context(context, operation)));
  if (answer.body.empty()) return Json::object();
  TRY(root, aws::parse_xml(answer.body));
  const auto* result = root.child(fmt::format("{}Result", operation));
  if (result == nullptr) return Json::object();
  auto value = from_node(*result);
  return value.is_object() ? value : Json::object();
}

Result<aws::LocalAnswer> call_s3(const ResourceContext& context, aws::LocalRequest request) {
  request.service = "s3";
  const auto caller = call_context(context, request.operation);
  return context.calls.call(std::move(request), caller);
}

Result<aws::LocalAnswer> call_bucket(const ResourceContext& context, std::string_view operation, const std::string& bucket,
                                     const Json& body) {
  return call_s3(context, {.service = "s3", .operation = operation, .body = to_xml(body), .bucket = bucket});
}

std::string to_xml(const Json& document) {
  std::string text;
  if (!document.is_object()) return text;
  for (const auto& [name, value] : document.items()) append_xml(text, name, value);
  return text;
}

Result<Json> from_xml(std::string_view document) {
  TRY(root, aws::parse_xml(document));
  return from_node(root);
}

Json as_list(const Json& value) {
  if (value.is_array()) return value;
  return value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty()) ? Json::array()
                                                                                               : Json::array({value});
}

}  // namespace mastic::cloudformation
