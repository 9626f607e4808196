// The operations by family, and what they share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "aws/models/kms.h"
#include "aws/service.h"
#include "kms/ciphertext.h"
#include "kms/store.h"

namespace mastic::kms {

namespace wire = aws::kms;

/// What every operation works with.
struct Desk {
  Store& store;
  const Clock& clock;
};

void add_key_operations(aws::Service& service, const Desk& desk);
void add_state_operations(aws::Service& service, const Desk& desk);
void add_alias_operations(aws::Service& service, const Desk& desk);
void add_cryptography_operations(aws::Service& service, const Desk& desk);
void add_data_key_operations(aws::Service& service, const Desk& desk);
void add_policy_operations(aws::Service& service, const Desk& desk);
void add_rotation_operations(aws::Service& service, const Desk& desk);
void add_tag_operations(aws::Service& service, const Desk& desk);

std::string key_arn(const aws::CallContext& context, std::string_view id);
std::string alias_arn(const aws::CallContext& context, std::string_view name);

/// Aliases of keys that AWS manages, by name.
std::span<const std::string_view> managed_aliases();
bool is_managed_alias(std::string_view name);

/// The key that an id, an ARN or, with `aliases`, an alias's name or ARN stands for.
Result<Key> find_key(const Desk& desk, const aws::CallContext& context, const std::string& given, bool aliases);
/// The same, and it may be used: neither disabled nor waiting for its deletion.
Result<Key> find_usable_key(const Desk& desk, const aws::CallContext& context, const std::string& given);
Result<void> check_usable(const Key& key, const aws::CallContext& context);
/// Changes a key that the customer manages, which an id or ARN stands for. A key that waits for its deletion may be changed
/// by none but those who take `pending` keys.
Result<Key> change_key(const Desk& desk, const aws::CallContext& context, const std::string& given,
                       const std::function<Result<void>(Key&)>& change, bool pending = false);

/// TagException for names of AWS's own, LimitExceededException for more than 50.
Result<void> add_tags(Tags& tags, const std::vector<wire::Tag>& given);

/// Encrypts under the key's present material.
Result<std::string> encrypt_under(const Desk& desk, const Key& key, std::string_view plain,
                                  const std::optional<EncryptionContext>& context);

/// InvalidGrantTokenException for any token: nothing grants here.
Result<void> check_tokens(const std::optional<std::vector<std::string>>& tokens);

/// The page of `all` (sorted by `name_of`) behind a marker, and where the next begins.
template <typename Item, typename Name>
std::pair<std::vector<Item>, std::optional<std::string>> page_of(const std::vector<Item>& all, Name name_of,
                                                                 const std::optional<std::string>& marker, int32_t limit) {
  std::pair<std::vector<Item>, std::optional<std::string>> page;
  for (const auto& item : all) {
    if (marker && name_of(item) <= *marker) continue;
    if (page.first.size() == static_cast<std::size_t>(limit)) {
      page.second = name_of(page.first.back());
      break;
    }
    page.first.push_back(item);
  }
  return page;
}

}  // namespace mastic::kms
