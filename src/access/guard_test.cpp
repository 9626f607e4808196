#include "access/guard.h"

#include <doctest/doctest.h>

#include <set>

namespace mastic::access {
namespace {

class FewObjects final : public engine::ObjectStore {
 public:
  Result<bool> bucket_exists(std::string_view) override { return true; }
  Result<std::vector<engine::ObjectInfo>> list(std::string_view, std::string_view) override {
    return std::vector<engine::ObjectInfo>{body()};
  }
  Result<std::optional<engine::ObjectInfo>> find(std::string_view, std::string_view key) override {
    return key == "k" ? std::optional(body()) : std::nullopt;
  }
  Result<std::string> new_file() override { return std::string("/tmp/x"); }
  Result<void> commit(std::string_view, std::vector<engine::NewObject> added, std::vector<std::string> removed) override {
    changes += added.size() + removed.size();
    return {};
  }
  std::size_t changes = 0;

 private:
  static engine::ObjectInfo body() {
    engine::ObjectInfo info;
    info.key = "k";
    info.inlined = "secret";
    return info;
  }
};

/// Permits what it is given, and remembers what it was asked.
struct Gate {
  std::set<std::string> allowed;
  std::vector<std::string> asked;
  Permit permit = [this](std::string_view ticket, std::string_view action, std::string_view resource,
                         std::string_view) -> Result<void> {
    asked.push_back(std::string(action) + " " + std::string(resource));
    if (ticket == "t" && allowed.contains(asked.back())) return {};
    return fail(Error{"AccessDenied", "no: " + asked.back(), 403});
  };
};

}  // namespace

TEST_CASE("listing gives no bodies, and opening needs a right of its own") {
  FewObjects store;
  Gate gate{.allowed = {"s3:ListBucket arn:aws:s3:::b"}, .asked = {}};
  GuardedObjects objects(store, gate.permit, "t");
  const auto listed = objects.list("b", "");
  REQUIRE(listed);
  CHECK(listed->front().inlined.empty());
  CHECK(objects.find("b", "k").error().message == "no: s3:GetObject arn:aws:s3:::b/k");
  // What is not there needs no right: a folder's name is looked for, too.
  CHECK_FALSE(objects.find("b", "folder")->has_value());
  gate.allowed.insert("s3:GetObject arn:aws:s3:::b/k");
  CHECK(objects.find("b", "k")->value().inlined == "secret");
  CHECK_FALSE(GuardedObjects(store, gate.permit, "other").find("b", "k"));
}

TEST_CASE("a commit that may not write each of its keys writes none") {
  FewObjects store;
  Gate gate{.allowed = {"s3:PutObject arn:aws:s3:::b/one"}, .asked = {}};
  GuardedObjects objects(store, gate.permit, "t");
  engine::NewObject one;
  one.key = "one";
  auto two = one;
  two.key = "two";
  CHECK(objects.commit("b", {one, two}, {}).error().message == "no: s3:PutObject arn:aws:s3:::b/two");
  CHECK(objects.commit("b", {one}, {"old"}).error().message == "no: s3:DeleteObject arn:aws:s3:::b/old");
  CHECK(store.changes == 0);
  CHECK(objects.commit("b", {one}, {}));
  CHECK(store.changes == 1);
}

}  // namespace mastic::access
