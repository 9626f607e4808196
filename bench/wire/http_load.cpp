// A load generator for one request repeated: CONNECTIONS threads, each with a keep-alive connection, for SECONDS.
//
//   http_load HOST PORT CONNECTIONS SECONDS < request-bytes
//
// Prints requests per second and latency percentiles. The request is sent as it is; answers must have a Content-Length.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

int connect_to(const char* host, int port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  ::inet_pton(AF_INET, host, &address.sin_addr);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    std::perror("connect");
    std::exit(1);
  }
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return descriptor;
}

/// Reads one answer; false when it is not a 2xx.
bool read_answer(int descriptor, std::string& buffer) {
  buffer.clear();
  char piece[64 * 1024];
  std::size_t whole = std::string::npos;
  while (buffer.size() < whole) {
    const auto got = ::recv(descriptor, piece, sizeof(piece), 0);
    if (got <= 0) return false;
    buffer.append(piece, static_cast<std::size_t>(got));
    if (whole != std::string::npos) continue;
    const auto end = buffer.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const auto length = buffer.find("Content-Length: ");
    whole = end + 4 + (length < end ? std::strtoull(buffer.c_str() + length + 16, nullptr, 10) : 0);
  }
  return buffer.compare(9, 1, "2") == 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: http_load HOST PORT CONNECTIONS SECONDS < request\n");
    return 2;
  }
  const std::string request{std::istreambuf_iterator<char>(std::cin), {}};
  const int connections = std::atoi(arguments[3]);
  const auto seconds = std::atof(arguments[4]);
  std::vector<std::vector<float>> latencies(static_cast<std::size_t>(connections));
  std::atomic<int> failures{0};
  const auto start = Clock::now();
  const auto end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  {
    std::vector<std::jthread> threads;
    for (auto& mine : latencies) {
      threads.emplace_back([&] {
        const int descriptor = connect_to(arguments[1], std::atoi(arguments[2]));
        std::string buffer;
        for (auto before = Clock::now(); before < end;) {
          if (::send(descriptor, request.data(), request.size(), 0) != static_cast<ssize_t>(request.size())) ++failures;
          if (!read_answer(descriptor, buffer)) {
            if (failures++ == 0) std::fprintf(stderr, "%s\n", buffer.c_str());
            return;
          }
          const auto after = Clock::now();
          mine.push_back(std::chrono::duration<float, std::micro>(after - before).count());
          before = after;
        }
        ::close(descriptor);
      });
    }
  }
  std::vector<float> all;
  for (const auto& mine : latencies) all.insert(all.end(), mine.begin(), mine.end());
  std::ranges::sort(all);
  const auto at = [&](double share) {
    return all.empty() ? 0.F : all[static_cast<std::size_t>(share * double(all.size() - 1))];
  };
  std::printf("%.0f requests/s, p50 %.0f us, p99 %.0f us, max %.0f us, failures %d\n",
              double(all.size()) / std::chrono::duration<double>(Clock::now() - start).count(), at(0.5), at(0.99), at(1.0),
              failures.load());
  return failures == 0 ? 0 : 1;
}
