#include "aws/service.h"

#include "aws/wire_errors.h"

namespace mastic::aws {

void Service::add(const ServiceModel& model, std::string_view operation, Call call) {
  model_ = &model;
  calls_.insert_or_assign(operation, std::move(call));
}

const Service::Call* Service::find(std::string_view operation) const {
  const auto found = calls_.find(operation);
  return found == calls_.end() ? nullptr : &found->second;
}

Error Service::refused_request(const ServiceModel& model, const ReadContext& reading) {
  if (reading.rejection()) return *reading.rejection();
  if (reading.failure()) return wire_error::unreadable(model, *reading.failure());
  return wire_error::invalid(model, reading.violations());
}

}  // namespace mastic::aws
