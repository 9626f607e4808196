#include "jobs/usage.h"

#include <doctest/doctest.h>
#include <unistd.h>

using namespace mastic;
using namespace mastic::jobs;

TEST_CASE("this process has taken time and memory") {
  volatile double sum = 0;
  for (int at = 0; at < 20'000'000; ++at) sum = sum + at;
  const auto usage = read_usage(getpid());
  CHECK(usage.cpu.count() > 0);
  CHECK(usage.memory_bytes > 1'000'000);
  CHECK(read_usage(0).memory_bytes == 0);
}

TEST_CASE("samples stay few however long a run is") {
  const Instant begun{std::chrono::seconds{1'700'000'000}};
  UsageMeter meter(begun, std::chrono::microseconds{0});
  auto now = begun;
  while (now < begun + std::chrono::hours{48}) {
    if (now >= meter.due()) meter.look(getpid(), 0, now);
    now += std::chrono::seconds{1};
  }
  const auto& samples = meter.usage().samples;
  CHECK(samples.size() < 360);
  CHECK(samples.size() > 100);
  CHECK(samples.front().at.count() == 0);
  CHECK(samples.back().at > std::chrono::hours{47});
  const auto back = unpack_usage(pack_usage(meter.usage())).value();
  CHECK(back.samples.size() == samples.size());
  CHECK(back.samples.back().at == samples.back().at);
  CHECK(back.peak_memory_bytes == meter.usage().peak_memory_bytes);
  CHECK_FALSE(unpack_usage("1 2 x"));
}
