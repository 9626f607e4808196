// The operations by family, and what they share.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/models/secretsmanager.h"
#include "aws/service.h"
#include "secretsmanager/store.h"

namespace mastic::secretsmanager {

namespace wire = aws::secretsmanager;

void add_secret_operations(aws::Service& service, Store& store, const Clock& clock);
void add_value_operations(aws::Service& service, Store& store, const Clock& clock);
void add_listing_operations(aws::Service& service, Store& store);
void add_deletion_operations(aws::Service& service, Store& store, const Clock& clock);
void add_setting_operations(aws::Service& service, Store& store);
void add_password_operations(aws::Service& service);

/// ResourceNotFoundException; InvalidRequestException when it is marked for deletion, unless `deleted_too`.
Result<Secret> find_secret(Store& store, std::string_view id, bool deleted_too = false);

/// A value that a request brings; neither member: nothing. InvalidParameterException for both.
struct GivenValue {
  bool binary = false;
  std::string value;
};
Result<std::optional<GivenValue>> given_value(const std::optional<std::string>& text, const std::optional<std::string>& bytes);

/// Changes a secret of any name or ARN in one transaction. InvalidRequestException when it is marked for deletion, unless
/// `deleted_too`.
Result<Entry> change_secret(Store& store, std::string_view id, const std::function<Result<void>(Entry&)>& change,
                            bool deleted_too = false);

/// Adds the value as version `token` (empty: a new one) with these stages and gives the version's id. The same token with
/// the same value is the same version; with another, ResourceExistsException.
Result<std::string> put_version(Entry& entry, const GivenValue& value, const std::string& token,
                                const std::vector<std::string>& stages, Instant now);

/// Moves a stage; the version that loses AWSCURRENT becomes AWSPREVIOUS.
void move_stage(Stages& stages, const std::string& stage, const std::string& id);

/// The same turned round: version to its labels, those without any left out.
std::map<std::string, std::vector<std::string>> labels_of(const Stages& stages);

Tags tags_of(const std::optional<std::vector<wire::Tag>>& tags);
std::vector<wire::Tag> shown_tags(const Tags& tags);

}  // namespace mastic::secretsmanager
