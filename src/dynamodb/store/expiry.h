// Which items of a table with a time to live expire, and when: keys of the store's family "expiries".
//
//   key = number:u32 seconds:u64 item-key      both big-endian, so that what expires first comes first; no value
//
// `number` alone is the key of the table's mark: its value is the attribute whose items the entries are of. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mastic::dynamodb::expiry {

/// The whole seconds since 1970 at which an item expires; nothing when its attribute is no number, or none that can be a time.
[[nodiscard]] std::optional<uint64_t> seconds_of(std::string_view encoded_item, std::string_view attribute);

[[nodiscard]] std::string mark_key(uint32_t number);
[[nodiscard]] std::string entry_key(uint32_t number, uint64_t seconds, std::string_view item_key = {});
/// The item's key in an entry's.
[[nodiscard]] std::string_view item_key_of(std::string_view entry_key);

}  // namespace mastic::dynamodb::expiry
