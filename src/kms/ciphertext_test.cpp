#include "kms/ciphertext.h"

#include <doctest/doctest.h>

namespace mastic::kms {
namespace {

const CiphertextHead head{.key_id = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0ff", .material = 70'000};
const std::string material(32, 'k');

TEST_CASE("a blob tells its key and gives its text back under the same context alone") {
  const auto blob = encrypt(head, material, "text", {{"a", "1"}, {"b", "2"}});
  REQUIRE(blob);
  const auto read = read_head(*blob);
  REQUIRE(read);
  CHECK(read->key_id == head.key_id);
  CHECK(read->material == head.material);
  CHECK(decrypt(*blob, material, {{"b", "2"}, {"a", "1"}}) == "text");
  CHECK_FALSE(decrypt(*blob, material, {}));
  CHECK_FALSE(decrypt(*blob, material, {{"a", "1"}, {"b", "3"}}));
  // Texts that differ only in where one ends and the next begins are different contexts.
  CHECK_FALSE(decrypt(*blob, material, {{"a", "1b2"}}));
  CHECK_FALSE(decrypt(*blob, std::string(32, 'o'), {{"a", "1"}, {"b", "2"}}));
}

TEST_CASE("every changed byte is noticed") {
  const auto blob = encrypt(head, material, "", {});
  REQUIRE(blob);
  CHECK(decrypt(*blob, material, {}) == "");
  for (std::size_t at = 0; at < blob->size(); ++at) {
    auto changed = *blob;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CAPTURE(at);
    CHECK_FALSE(decrypt(changed, material, {}));
  }
  for (std::size_t size = 0; size < blob->size(); ++size) CHECK_FALSE(decrypt(blob->substr(0, size), material, {}));
}

}  // namespace
}  // namespace mastic::kms
