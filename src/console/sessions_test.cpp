#include "console/sessions.h"

#include <doctest/doctest.h>

namespace mastic::console {
namespace {

class OneKey final : public aws::KeyStore {
 public:
  [[nodiscard]] std::optional<aws::SecretKey> find(std::string_view access_key) const override {
    if (gone || access_key != "AKIA") return std::nullopt;
    return aws::SecretKey{.secret = "secret"};
  }
  bool gone = false;
};

TEST_CASE("a cookie is found among others, by its whole name") {
  CHECK(cookie_of("a=1; mastic_session=xyz; b=2", "mastic_session") == "xyz");
  CHECK(cookie_of("not_mastic_session=xyz", "mastic_session").empty());
  CHECK(cookie_of("mastic_session_b=xyz", "mastic_session").empty());
  CHECK(cookie_of("", "mastic_session").empty());
}

TEST_CASE("a session needs the right secret, shows its token, and ends with its key, its time or sign-out") {
  OneKey keys;
  ManualClock clock;
  Sessions sessions(keys, clock);
  CHECK_FALSE(sessions.sign_in("AKIA", "wrong", ""));
  CHECK_FALSE(sessions.sign_in("AKIA", "", ""));
  CHECK_FALSE(sessions.sign_in("OTHER", "secret", ""));
  const auto session = sessions.sign_in("AKIA", "secret", "");
  REQUIRE(session);
  const auto cookies = "mastic_session=" + session->id;
  CHECK(sessions.find(cookies)->access_key == "AKIA");
  CHECK(sessions.find(cookies, session->csrf));
  CHECK_FALSE(sessions.find(cookies, ""));
  CHECK_FALSE(sessions.find(cookies, session->id));

  keys.gone = true;
  CHECK_FALSE(sessions.find(cookies));
  keys.gone = false;
  clock.advance(std::chrono::hours{11});
  CHECK(sessions.find(cookies));
  clock.advance(std::chrono::hours{13});
  CHECK_FALSE(sessions.find(cookies));

  const auto again = sessions.sign_in("AKIA", "secret", "");
  sessions.sign_out("mastic_session=" + again->id);
  CHECK_FALSE(sessions.find("mastic_session=" + again->id));
}

}  // namespace
}  // namespace mastic::console
