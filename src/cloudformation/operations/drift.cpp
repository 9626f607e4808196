// DetectStackDrift, DetectStackResourceDrift, DescribeStackDriftDetectionStatus, DescribeStackResourceDrifts.
//
// A detection ends before it is answered. Its id is the stack's ARN and the time, so that it needs no record of its own.
#include <fmt/format.h>

#include <algorithm>

#include "base/identifiers.h"
#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {
namespace {

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Numbers and booleans may be written as texts.
bool same(const Json& expected, const Json& actual) {
  if (expected == actual) return true;
  if (expected.is_object() && actual.is_object()) {
    // What the service adds by itself is not drift.
    return std::ranges::all_of(expected.items(), [&](const auto& item) {
      return actual.contains(item.key()) && same(item.value(), actual[item.key()]);
    });
  }
  if (expected.is_array() && actual.is_array()) {
    return expected.size() == actual.size() && std::equal(expected.begin(), expected.end(), actual.begin(),
                                                          [](const auto& a, const auto& b) { return same(a, b); });
  }
  if (expected.is_structured() || actual.is_structured()) return false;
  return text_of(expected) == text_of(actual);
}

Result<ResourceRecord> detect(const House& house, const StackRecord& stack, ResourceRecord record) {
  const auto* const type = house.type(record.now.type);
  record.drift_time = house.now();
  record.drift = Json{{"actual", Json()}, {"differences", Json::array()}};
  if (type == nullptr || record.now.physical_id.empty()) {
    record.drift_status = "NOT_CHECKED";
  } else {
    TRY(read, type->read(context_of(house, stack, record.logical_id), record.now.physical_id, record.now.properties));
    if (!read) {
      record.drift_status = "DELETED";
    } else {
      record.drift_status = "IN_SYNC";
      Json actual = Json::object();
      for (const auto& [name, expected] : record.now.properties.items()) {
        if (!read->contains(name)) continue;
        const bool equal = same(expected, (*read)[name]);
        actual[name] = equal ? expected : (*read)[name];
        if (equal) continue;
        record.drift_status = "MODIFIED";
        record.drift["differences"].push_back(
            {{"path", "/" + name}, {"expected", text_of(expected)}, {"actual", text_of((*read)[name])}, {"type", "NOT_EQUAL"}});
      }
      record.drift["actual"] = std::move(actual);
    }
  }
  TRY_DO(house.store.save(record));
  return record;
}

wire::StackResourceDrift drift_of(const ResourceRecord& record) {
  wire::StackResourceDrift drift;
  drift.stack_id = record.stack_id;
  drift.logical_resource_id = record.logical_id;
  drift.physical_resource_id = unless_empty(record.now.physical_id);
  drift.resource_type = record.now.type;
  drift.stack_resource_drift_status = record.drift_status;
  drift.timestamp = from_microseconds(record.drift_time);
  if (record.drift_status == "NOT_CHECKED") return drift;
  drift.expected_properties = record.now.properties.dump(-1, ' ', false, Json::error_handler_t::replace);
  drift.property_differences.emplace();
  if (!record.drift.is_object()) return drift;
  if (const auto actual = record.drift.value("actual", Json()); !actual.is_null()) drift.actual_properties = text_of(actual);
  for (const auto& difference : record.drift.value("differences", Json::array())) {
    drift.property_differences->push_back({difference.value("path", ""), difference.value("expected", ""),
                                           difference.value("actual", ""), difference.value("type", "NOT_EQUAL")});
  }
  return drift;
}

Result<wire::DetectStackDriftResponse> detect_stack(const House& house, const wire::DetectStackDriftRequest& request,
                                                    const Context& context) {
  TRY(stack, require_stack(house, context, request.stack_name));
  if (stack.status.ends_with("_IN_PROGRESS") || stack.status.starts_with("DELETE_")) {
    return fail(error::wrong_state(stack.id, stack.status, "checked for drift"));
  }
  TRY(records, house.store.resources(stack.id));
  bool drifted = false;
  for (const auto& record : records) {
    if (record.gone()) continue;
    if (request.logical_resource_ids &&
        std::ranges::find(*request.logical_resource_ids, record.logical_id) == request.logical_resource_ids->end()) {
      continue;
    }
    TRY(checked, detect(house, stack, record));
    drifted = drifted || checked.drift_status == "MODIFIED" || checked.drift_status == "DELETED";
  }
  TRY(changed, house.store.change_stack(stack.id, [&](StackRecord& at) -> Result<Store::Events> {
    at.drift_status = drifted ? "DRIFTED" : "IN_SYNC";
    at.drift_time = house.now();
    return Store::Events{};
  }));
  // The stack's UUID, with its beginning replaced by a random part: an id that leads back to the stack.
  wire::DetectStackDriftResponse response;
  response.stack_drift_detection_id = changed.id.substr(changed.id.rfind('/') + 1);
  return response;
}

Result<wire::DescribeStackDriftDetectionStatusResponse> detection_status(
    const House& house, const wire::DescribeStackDriftDetectionStatusRequest& request, const Context& context) {
  TRY(stacks, house.store.stacks(context.region));
  const auto at = std::ranges::find_if(
      stacks, [&](const auto& stack) { return stack.id.ends_with("/" + request.stack_drift_detection_id); });
  if (at == stacks.end() || at->drift_time == 0) {
    return fail(error::validation(fmt::format("Drift detection {} does not exist", request.stack_drift_detection_id)));
  }
  TRY(records, house.store.resources(at->id));
  wire::DescribeStackDriftDetectionStatusResponse response;
  response.stack_id = at->id;
  response.stack_drift_detection_id = request.stack_drift_detection_id;
  response.stack_drift_status = at->drift_status;
  response.detection_status = "DETECTION_COMPLETE";
  response.timestamp = from_microseconds(at->drift_time);
  response.drifted_stack_resource_count = static_cast<int32_t>(std::ranges::count_if(
      records, [](const auto& record) { return record.drift_status == "MODIFIED" || record.drift_status == "DELETED"; }));
  return response;
}

}  // namespace

void add_drift_operations(aws::Service& service, const House& house) {
  service.on<wire::DetectStackDrift>([&](const wire::DetectStackDriftRequest& request, const Context& context) {
    return detect_stack(house, request, context);
  });
  service.on<wire::DescribeStackDriftDetectionStatus>(
      [&](const wire::DescribeStackDriftDetectionStatusRequest& request, const Context& context) {
        return detection_status(house, request, context);
      });
  service.on<wire::DetectStackResourceDrift>([&](const wire::DetectStackResourceDriftRequest& request,
                                                 const Context& context) -> Result<wire::DetectStackResourceDriftResponse> {
    TRY(stack, require_stack(house, context, request.stack_name));
    TRY(records, house.store.resources(stack.id));
    const auto at = std::ranges::find(records, request.logical_resource_id, &ResourceRecord::logical_id);
    if (at == records.end()) return fail(error::no_resource(request.logical_resource_id, stack.name));
    TRY(checked, detect(house, stack, *at));
    wire::DetectStackResourceDriftResponse response;
    response.stack_resource_drift = drift_of(checked);
    return response;
  });
  service.on<wire::DescribeStackResourceDrifts>(
      [&](const wire::DescribeStackResourceDriftsRequest& request,
          const Context& context) -> Result<wire::DescribeStackResourceDriftsResponse> {
        TRY(stack, require_stack(house, context, request.stack_name));
        TRY(records, house.store.resources(stack.id));
        std::vector<wire::StackResourceDrift> drifts;
        for (const auto& record : records) {
          if (record.gone() || record.drift_status.empty()) continue;
          const auto& filter = request.stack_resource_drift_status_filters;
          if (filter && !filter->empty() && std::ranges::find(*filter, record.drift_status) == filter->end()) continue;
          drifts.push_back(drift_of(record));
        }
        wire::DescribeStackResourceDriftsResponse response;
        TRY(page, page_of(std::move(drifts), request.next_token, static_cast<std::size_t>(request.max_results.value_or(100)),
                          response.next_token));
        response.stack_resource_drifts = std::move(page);
        return response;
      });
}

}  // namespace mastic::cloudformation
