#include "program/engine_rights.h"

#include "aws/service.h"

namespace mastic::program {

void EngineRights::assign(const std::string& ticket, const std::string& access_key, const std::string&) {
  const std::scoped_lock lock(mutex_);
  keys_[ticket] = access_key;
}

void EngineRights::withdraw(const std::string& ticket) {
  const std::scoped_lock lock(mutex_);
  keys_.erase(ticket);
}

access::Permit EngineRights::permit() const {
  return [this](std::string_view ticket, std::string_view action, std::string_view resource,
                std::string_view prefix) -> Result<void> {
    aws::CallContext context;
    {
      const std::scoped_lock lock(mutex_);
      const auto found = keys_.find(ticket);
      if (found == keys_.end()) return fail(Error{"AccessDenied", "No run is known for this engine's ticket.", 403});
      context.access_key = found->second;
    }
    iam::policy::Keys keys;
    if (action == "s3:ListBucket") keys["s3:prefix"] = {std::string(prefix)};
    return authorizer_.permit(context, action, resource, std::move(keys));
  };
}

}  // namespace mastic::program
