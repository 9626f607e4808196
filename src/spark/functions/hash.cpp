// Hashes and encryption.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

Table hash_functions() {
  const auto text = types::string();
  return {
      scalar("crc32").takes({binary()}).gives(types::long_type()),
      scalar("md5").takes({binary()}).gives(text),
      scalar("sha1", {"sha"}).takes({binary()}).gives(text).shows_alias(),
      scalar("sha2").takes({binary(), integer()}).gives(text).nulls(Nulls::always),
      scalar("hash").takes({any()}).repeats(1).gives(types::integer()).nulls(Nulls::never),
      scalar("xxhash64").takes({any()}).repeats(1).gives(types::long_type()).nulls(Nulls::never),
      scalar("aes_encrypt")
          .takes({binary(), binary(), string(), string(), binary(), binary()})
          .optional(4)
          .defaults({constant("GCM"), constant("DEFAULT"), constant(""), constant("")})
          .gives(types::binary())
          .nulls(Nulls::always),
      scalar("aes_decrypt")
          .takes({binary(), binary(), string(), string(), binary()})
          .optional(3)
          .defaults({constant("GCM"), constant("DEFAULT"), constant("")})
          .gives(types::binary())
          .nulls(Nulls::always),
      scalar("try_aes_decrypt")
          .takes({binary(), binary(), string(), string(), binary()})
          .optional(3)
          .defaults({constant("GCM"), constant("DEFAULT"), constant("")})
          .gives(types::binary())
          .nulls(Nulls::always),
  };
}

}  // namespace mastic::spark
