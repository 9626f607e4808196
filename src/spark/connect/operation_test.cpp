#include "spark/connect/operation.h"

#include <doctest/doctest.h>
#include <spark/connect/base.pb.h>

#include "base/clock.h"

using namespace mastic::spark_connect;
using mastic::spark::SparkResult;
using std::chrono::milliseconds;
using Kind = Operation::Next::Kind;

namespace {

struct Fixture {
  std::unique_ptr<mastic::engine::Engine> engine = mastic::engine::Engine::open({.threads = 1}, {}).value();
  mastic::ManualClock clock;
  RunningThreads threads;
  std::shared_ptr<Operation> operation = std::make_shared<Operation>(
      OperationIdentity{
          .session_id = "s", .server_side_session_id = "x", .operation_id = "o", .tags = {"t"}, .plan_fingerprint = ""},
      *engine, clock);
};

Response batch(int64_t rows, std::size_t bytes = 1) {
  Response response;
  response.mutable_arrow_batch()->set_row_count(rows);
  response.mutable_arrow_batch()->set_data(std::string(bytes, 'x'));
  return response;
}

}  // namespace

TEST_CASE("a reader gets every response in order, then the end") {
  Fixture fixture;
  fixture.operation->start(
      [](Operation& operation) -> SparkResult<void> {
        for (int i = 0; i < 3; ++i) operation.send(batch(i));
        return {};
      },
      fixture.threads);
  const auto reader = fixture.operation->attach();
  for (uint64_t i = 0; i < 3; ++i) {
    const auto next = fixture.operation->next(reader, i, milliseconds(5000));
    REQUIRE(next.kind == Kind::response);
    CHECK(next.response->arrow_batch().row_count() == static_cast<int64_t>(i));
    CHECK(next.response->server_side_session_id() == "x");
  }
  const auto complete = fixture.operation->next(reader, 3, milliseconds(5000));
  REQUIRE(complete.kind == Kind::response);
  CHECK(complete.response->has_result_complete());
  CHECK(fixture.operation->next(reader, 4, milliseconds(5000)).kind == Kind::end);
  fixture.threads.wait();
}

TEST_CASE("a second reader goes on after the last response that the client saw") {
  Fixture fixture;
  fixture.operation->start(
      [](Operation& operation) -> SparkResult<void> {
        for (int i = 0; i < 3; ++i) operation.send(batch(i));
        return {};
      },
      fixture.threads);
  fixture.threads.wait();
  const auto first = fixture.operation->attach();
  const auto seen = fixture.operation->next(first, 0, milliseconds(100)).response->response_id();
  const auto second = fixture.operation->attach();
  CHECK(fixture.operation->next(first, 1, milliseconds(100)).kind == Kind::detached);
  const auto position = fixture.operation->position_after(seen);
  REQUIRE(position);
  CHECK(fixture.operation->next(second, *position, milliseconds(100)).response->arrow_batch().row_count() == 1);
  fixture.operation->release_until(seen);
  CHECK_FALSE(fixture.operation->position_after(seen));
  CHECK(fixture.operation->next(second, 0, milliseconds(100)).kind == Kind::gone);
}

TEST_CASE("a producer waits for its reader and a cancel lets it go") {
  Fixture fixture;
  fixture.operation->start(
      [](Operation& operation) -> SparkResult<void> {
        while (operation.send(batch(1, 8U << 20U))) {
        }
        return {};
      },
      fixture.threads);
  const auto reader = fixture.operation->attach();
  CHECK(fixture.operation->next(reader, 0, milliseconds(5000)).kind == Kind::response);
  CHECK(fixture.operation->has_tag("t"));
  CHECK(fixture.operation->cancel());
  CHECK_FALSE(fixture.operation->cancel());
  fixture.threads.wait();
  CHECK(fixture.operation->state() == OperationState::cancelled);
}
