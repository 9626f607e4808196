#include <doctest/doctest.h>

#include <filesystem>

#include "base/identifiers.h"
#include "iam/iam.h"
#include "iam/store.h"

namespace mastic::iam {
namespace {

constexpr std::string_view account = "000000000000";
constexpr std::string_view object = "arn:aws:s3:::b/k";
constexpr std::string_view no_identity = "because no identity-based policy allows the s3:GetObject action";

std::string statement(std::string_view effect, std::string_view action, std::string_view more = {}) {
  return std::string(R"({"Version":"2012-10-17","Statement":{"Effect":")") + std::string(effect) + R"(","Action":")" +
         std::string(action) + R"(","Resource":"*")" + std::string(more) + "}}";
}

std::string for_principal(std::string_view effect, std::string_view principal, std::string_view action = "s3:GetObject") {
  return statement(effect, action, R"(,"Principal":)" + std::string(principal));
}

struct House final : Resources {
  House() {
    auto opened = Iam::open(folder, clock);
    REQUIRE(opened);
    iam = std::move(*opened);
    iam->consult(*this);
  }
  ~House() override {
    iam.reset();
    std::filesystem::remove_all(folder);
  }
  [[nodiscard]] AttachedPolicy policy_of(std::string_view, std::string_view) const override { return {.document = policy}; }
  [[nodiscard]] std::map<std::string, std::string> tags_of(std::string_view) const override { return tags; }
  void complete(std::string&) const override {}

  void add(Store::Kind kind, std::string name, std::map<std::string, std::string> policies) const {
    Principal one{.name = name, .id = "ID", .path = "/"};
    one.arn = std::string("arn:aws:iam::000000000000:") + (kind == Store::Kind::user ? "user/" : "role/") + name;
    one.inline_policies = std::move(policies);
    REQUIRE(iam->store().create(kind, one));
  }
  [[nodiscard]] Caller session(std::string role, std::optional<std::string> limit = {}) const {
    const auto made = iam->start_session(
        {.role = std::move(role), .name = "s", .user = {}, .policy = std::move(limit), .duration = std::chrono::hours(1)});
    REQUIRE(made);
    return iam->caller(made->access_key, account);
  }
  [[nodiscard]] std::string ask(const Caller& caller, std::string_view action = "s3:GetObject") const {
    return iam->refusal(caller, action, object, {}).value_or("");
  }

  SystemClock clock;
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("mastic-decider-" + random_hex(12));
  std::unique_ptr<Iam> iam;
  std::string policy;
  std::map<std::string, std::string> tags;
};

}  // namespace

TEST_CASE("either side allows, and a deny on any side refuses") {
  House house;
  house.add(Store::Kind::role, "r", {});
  const auto caller = house.session("r");
  CHECK(house.ask(caller) == no_identity);
  house.policy = for_principal("Allow", R"({"AWS":"arn:aws:iam::000000000000:role/r"})");
  CHECK(house.ask(caller).empty());
  house.policy = for_principal("Allow", R"({"AWS":"000000000000"})");
  CHECK(house.ask(caller) == no_identity);
  house.policy = for_principal("Deny", R"("*")");
  house.add(Store::Kind::role, "all", {{"p", statement("Allow", "*")}});
  CHECK(house.ask(house.session("all")) == "with an explicit deny in a resource-based policy");
  house.policy = for_principal("Allow", R"("*")");
  house.add(Store::Kind::role, "none", {{"p", statement("Deny", "s3:*")}});
  CHECK(house.ask(house.session("none")) == "with an explicit deny in an identity-based policy");
}

TEST_CASE("a session's policy bounds what a resource grants to the role, not what it grants to the session") {
  House house;
  house.add(Store::Kind::role, "r", {});
  const auto caller = house.session("r", statement("Allow", "glue:*"));
  house.policy = for_principal("Allow", R"({"AWS":"arn:aws:iam::000000000000:role/r"})");
  CHECK(house.ask(caller) == "because no session policy allows the s3:GetObject action");
  house.policy = for_principal("Allow", R"({"AWS":"arn:aws:sts::000000000000:assumed-role/r/s"})");
  CHECK(house.ask(caller).empty());
}

TEST_CASE("the account may do what no resource denies") {
  House house;
  const auto root = house.iam->caller("any", account);
  REQUIRE(root.kind == Caller::Kind::account);
  CHECK(house.ask(root).empty());
  house.policy = for_principal("Deny", R"("*")", "s3:*");
  CHECK_FALSE(house.ask(root).empty());
  CHECK(house.ask(root, "s3:DeleteBucketPolicy").empty());
}

TEST_CASE("nobody in particular gets what is everybody's") {
  House house;
  Caller nobody;
  nobody.kind = Caller::Kind::anonymous;
  CHECK_FALSE(house.ask(nobody).empty());
  house.policy = for_principal("Allow", R"({"AWS":"000000000000"})");
  CHECK_FALSE(house.ask(nobody).empty());
  house.policy = for_principal("Allow", R"("*")");
  CHECK(house.ask(nobody).empty());
}

TEST_CASE("a key's policy must let the account decide") {
  House house;
  house.add(Store::Kind::role, "r", {{"p", statement("Allow", "kms:*")}});
  const auto caller = house.session("r");
  house.policy = for_principal("Allow", R"({"AWS":"arn:aws:iam::000000000000:root"})", "kms:*");
  CHECK(house.ask(caller, "kms:Decrypt").empty());
  house.policy = for_principal("Allow", R"({"AWS":"arn:aws:iam::000000000000:user/x"})", "kms:*");
  CHECK(house.ask(caller, "kms:Decrypt") == "because no resource-based policy allows the kms:Decrypt action");
}

TEST_CASE("a session that has ended is nobody's") {
  House house;
  house.add(Store::Kind::role, "r", {{"p", statement("Allow", "*")}});
  const auto made =
      house.iam->start_session({.role = "r", .name = "s", .user = {}, .policy = {}, .duration = std::chrono::hours(1)});
  REQUIRE(made);
  CHECK(house.ask(house.iam->caller(made->access_key, account)).empty());
  REQUIRE(house.iam->end_session(made->access_key));
  CHECK(house.ask(house.iam->caller(made->access_key, account)) == no_identity);
}

TEST_CASE("tags of the resource") {
  House house;
  house.add(Store::Kind::role, "r",
            {{"p", statement("Allow", "s3:*", R"(,"Condition":{"StringEquals":{"aws:ResourceTag/team":"etl"}})")}});
  const auto caller = house.session("r");
  CHECK(house.ask(caller) == no_identity);
  house.tags = {{"team", "etl"}};
  CHECK(house.ask(caller).empty());
}

}  // namespace mastic::iam
