#include "jobs/usage.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

using namespace mastic;
using namespace mastic::jobs;

TEST_CASE("this process has taken time and memory") {
  volatile double sum = 0;
  for (int at = 0; at < 20'000'000; ++at) sum = sum + at;
  const auto usage = ProcessTable::read().usage_of(getpid());
  CHECK(usage.cpu.count() > 0);
  CHECK(usage.memory_bytes > 1'000'000);
  CHECK(ProcessTable::read().usage_of(0).memory_bytes == 0);
}

TEST_CASE("what a child takes counts, and what it took when it has ended") {
  constexpr std::size_t size = 64 << 20;
  const auto before = ProcessTable::read().usage_of(getpid());
  int ready[2];
  int leave[2];
  REQUIRE(pipe(ready) == 0);
  REQUIRE(pipe(leave) == 0);
  const auto child = fork();
  if (child == 0) {
    // A grandchild, so that a tree is walked.
    const auto grandchild = fork();
    if (grandchild == 0) {
      auto* memory = static_cast<volatile char*>(std::malloc(size));
      volatile double sum = 0;
      for (std::size_t at = 0; at < size; at += 512) memory[at] = 1;
      for (int at = 0; at < 60'000'000; ++at) sum = sum + at;
      char byte = 'x';
      (void)!write(ready[1], &byte, 1);
      (void)!read(leave[0], &byte, 1);
      _exit(0);
    }
    waitpid(grandchild, nullptr, 0);
    _exit(0);
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  const auto during = ProcessTable::read().usage_of(getpid());
  CHECK(during.memory_bytes > before.memory_bytes + size / 2);
  CHECK(during.cpu > before.cpu);
  REQUIRE(write(leave[1], &byte, 1) == 1);
  waitpid(child, nullptr, 0);
  const auto after = ProcessTable::read().usage_of(getpid());
  CHECK(after.cpu >= during.cpu);
  CHECK(after.memory_bytes < during.memory_bytes);
  for (const int end : {ready[0], ready[1], leave[0], leave[1]}) close(end);
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
