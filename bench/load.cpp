// A small load generator for S3 and DynamoDB servers: blocking sockets, one thread a connection, keep-alive.
//
//   load --endpoint HOST:PORT --operation NAME [--connections 16] [--seconds 3] [--size BYTES] [--prefix TEXT]
//        [--access-key KEY --secret SECRET]
//
//   dynamodb: batch-write (25 items of --size bytes a request) · get-item · scan (whole table; segments = connections)
//   glue: get-table · create-partition · get-partitions (bench/run.py makes the tables)
//   s3: put · get (objects of --size bytes below --prefix; `get` reads what `put` of the same prefix wrote)
//
// Prints one JSON object: operations (items for batch-write and scan), bytes, seconds, per_second, megabytes_per_second
// and latencies in microseconds. A response that is not 200 ends the run with its text: wrong answers are not counted.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Time = std::chrono::steady_clock;

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "load: %s\n", why.c_str());
  std::exit(1);
}

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
}

std::string hmac(std::string_view key, std::string_view text) {
  unsigned char out[32];
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       out, nullptr);
  return {reinterpret_cast<char*>(out), sizeof out};
}

std::string sha256_hex(std::string_view text) {
  unsigned char out[32];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), out);
  return hex(out, sizeof out);
}

struct Options {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::string operation;
  int connections = 16;
  double seconds = 3;
  std::size_t size = 200;
  std::string prefix = "bench/";
  std::string access_key = "bench";
  std::string secret = "bench-secret";
};

// The Authorization of an S3 request (SigV4 with an unsigned payload); the day's key is made once.
class Signer {
 public:
  explicit Signer(const Options& options) : options_(options) {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
    time_ = text;
    scope_ = time_.substr(0, 8) + "/us-east-1/s3/aws4_request";
    key_ = hmac(hmac(hmac(hmac("AWS4" + options.secret, time_.substr(0, 8)), "us-east-1"), "s3"), "aws4_request");
  }

  [[nodiscard]] std::string headers(std::string_view method, std::string_view path) const {
    const std::string host = fmt::format("{}:{}", options_.host, options_.port);
    const std::string canonical = fmt::format(
        "{}\n{}\n\nhost:{}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:{}\n\nhost;x-amz-content-sha256;x-amz-"
        "date\nUNSIGNED-PAYLOAD",
        method, path, host, time_);
    const std::string text = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time_, scope_, sha256_hex(canonical));
    const std::string signature = hmac(key_, text);
    return fmt::format(
        "Host: {}\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\nx-amz-date: {}\r\nAuthorization: AWS4-HMAC-SHA256 "
        "Credential={}/{}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={}\r\n",
        host, time_, options_.access_key, scope_,
        hex(reinterpret_cast<const unsigned char*>(signature.data()), signature.size()));
  }

 private:
  const Options& options_;
  std::string time_;
  std::string scope_;
  std::string key_;
};

class Connection {
 public:
  explicit Connection(const Options& options) : options_(options) {
    buffer_.resize(1 << 20);
    open();
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends a request and reads its response; `body` gets at most `keep` bytes. Returns the body's size.
  std::size_t exchange(std::string_view head, std::string_view payload, std::string& body, std::size_t keep) {
    if (closed_) {  // a server without keep-alive
      ::close(socket_);
      open();
    }
    if (payload.size() < 64 * 1024) {
      request_.assign(head);
      request_ += payload;
      send_all(request_);
    } else {
      send_all(head);
      send_all(payload);
    }
    return read_response(body, keep);
  }

 private:
  void open() {
    closed_ = false;
    begin_ = end_ = 0;
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    if (inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) != 1)
      die("--endpoint wants an IPv4 address: " + options_.host);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      die(std::string("cannot connect: ") + strerror(errno));
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }

  void send_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) die("the server closed the connection while a request was sent");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void fill() {
    const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) die("the server closed the connection before it answered");
    begin_ = 0;
    end_ = static_cast<std::size_t>(got);
  }

  void take(std::size_t wanted, std::string& into, std::size_t keep) {
    while (wanted > 0) {
      if (begin_ == end_) fill();
      const std::size_t part = std::min(wanted, end_ - begin_);
      if (into.size() < keep) into.append(buffer_.data() + begin_, std::min(part, keep - into.size()));
      begin_ += part;
      wanted -= part;
    }
  }

  std::string line() {
    std::string text;
    for (;;) {
      if (begin_ == end_) fill();
      const auto* found = static_cast<const char*>(std::memchr(buffer_.data() + begin_, '\n', end_ - begin_));
      const std::size_t stop = found ? static_cast<std::size_t>(found - buffer_.data()) + 1 : end_;
      text.append(buffer_.data() + begin_, stop - begin_);
      begin_ = stop;
      if (found) break;
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
  }

  std::size_t read_response(std::string& body, std::size_t keep) {
    const std::string status = line();
    closed_ = status.starts_with("HTTP/1.0");
    std::size_t length = 0;
    bool chunked = false;
    for (std::string header = line(); !header.empty(); header = line()) {
      std::ranges::transform(header, header.begin(), [](unsigned char c) { return std::tolower(c); });
      if (header.starts_with("connection:")) closed_ = header.find("close") != std::string::npos;
      if (header.starts_with("content-length:")) length = std::strtoull(header.c_str() + 15, nullptr, 10);
      if (header.starts_with("transfer-encoding:") && header.find("chunked") != std::string::npos) chunked = true;
    }
    body.clear();
    const bool ok = status.find(" 200") != std::string::npos;
    std::size_t total = 0;
    if (chunked) {
      for (;;) {
        const std::size_t size = std::strtoull(line().c_str(), nullptr, 16);
        take(size, body, ok ? keep : 4096);
        total += size;
        line();
        if (size == 0) break;
      }
    } else {
      take(length, body, ok ? keep : 4096);
      total = length;
    }
    if (!ok) die(status + " " + body);
    return total;
  }

  const Options& options_;
  int socket_ = -1;
  bool closed_ = false;
  std::string buffer_;
  std::string request_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

struct Tally {
  uint64_t operations = 0;
  uint64_t bytes = 0;
  std::vector<uint32_t> microseconds;
};

std::string dynamodb_head(const Options& options, std::string_view operation, std::size_t length) {
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: {}:{}\r\nX-Amz-Target: DynamoDB_20120810.{}\r\nContent-Type: "
      "application/x-amz-json-1.0\r\nX-Amz-Date: "
      "20261124T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential={}/20261124/us-east-1/dynamodb/aws4_request, "
      "SignedHeaders=host;x-amz-date;x-amz-target, Signature={:064}\r\nContent-Length: {}\r\n\r\n",
      options.host, options.port, operation, options.access_key, 0, length);
}

std::string glue_head(const Options& options, std::string_view operation, std::size_t length) {
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: {}:{}\r\nX-Amz-Target: AWSGlue.{}\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Date: "
      "20261124T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential={}/20261124/us-east-1/glue/aws4_request, "
      "SignedHeaders=host;x-amz-date;x-amz-target, Signature={:064}\r\nContent-Length: {}\r\n\r\n",
      options.host, options.port, operation, options.access_key, 0, length);
}

// Runs `once` on a connection until the time is over.
template <typename Once>
Tally repeat(const Options& options, Once once) {
  Tally tally;
  Connection connection(options);
  const auto end = Time::now() + std::chrono::duration<double>(options.seconds);
  while (true) {
    const auto start = Time::now();
    if (start >= end) return tally;
    once(connection, tally);
    tally.microseconds.push_back(
        static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - start).count()));
  }
}

Tally batch_write(const Options& options, int worker) {
  std::mt19937_64 random(static_cast<uint64_t>(worker) + 1);
  const std::string filler(options.size > 60 ? options.size - 60 : 1, 'x');
  std::string body;
  uint64_t next = 0;
  return repeat(options, [&](Connection& connection, Tally& tally) {
    std::string payload = R"({"RequestItems":{"bench":[)";
    for (int i = 0; i < 25; ++i) {
      payload +=
          fmt::format(R"({}{{"PutRequest":{{"Item":{{"id":{{"S":"k{:03}-{:09}"}},"n":{{"N":"{}"}},"text":{{"S":"{}"}}}}}}}})",
                      i ? "," : "", worker, next++, random() % 100000, filler);
    }
    payload += "]}}";
    connection.exchange(dynamodb_head(options, "BatchWriteItem", payload.size()), payload, body, 256);
    if (body.find("PutRequest") != std::string::npos) die("the server left items unprocessed");
    tally.operations += 25;
    tally.bytes += payload.size();
  });
}

Tally get_item(const Options& options, int worker) {
  std::mt19937_64 random(static_cast<uint64_t>(worker) + 1);
  std::string body;
  return repeat(options, [&](Connection& connection, Tally& tally) {
    const std::string payload =
        fmt::format(R"({{"TableName":"bench","Key":{{"id":{{"S":"k{:03}-{:09}"}}}}}})", random() % 16, random() % 2000);
    tally.bytes += connection.exchange(dynamodb_head(options, "GetItem", payload.size()), payload, body, 64);
    if (body.find("Item") == std::string::npos) die("an item is missing: load with batch-write first");
    tally.operations += 1;
  });
}

// One call of Glue after the other; `payload` gives the next one's text.
template <typename Payload>
Tally call_glue(const Options& options, std::string_view operation, std::string_view expected, Payload payload) {
  std::string body;
  return repeat(options, [&](Connection& connection, Tally& tally) {
    const std::string text = payload();
    tally.bytes += connection.exchange(glue_head(options, operation, text.size()), text, body, 4096);
    if (body.find(expected) == std::string::npos) die("an answer has no " + std::string(expected) + ": " + body);
    tally.operations += 1;
  });
}

Tally get_table(const Options& options, int) {
  return call_glue(options, "GetTable", "Table", [] { return std::string(R"({"DatabaseName":"bench","Name":"claims"})"); });
}

Tally create_partition(const Options& options, int worker) {
  uint64_t next = 0;
  return call_glue(options, "CreatePartition", "{", [&] {
    return fmt::format(R"({{"DatabaseName":"bench","TableName":"written","PartitionInput":{{"Values":["{}{}-{}"]}}}})",
                       options.prefix, worker, next++);
  });
}

Tally get_partitions(const Options& options, int worker) {
  std::mt19937_64 random(static_cast<uint64_t>(worker) + 1);
  return call_glue(options, "GetPartitions", "Values", [&] {
    return fmt::format(R"({{"DatabaseName":"bench","TableName":"claims","Expression":"day = {}"}})", random() % 1000);
  });
}

// One whole scan of this worker's segment.
Tally scan(const Options& options, int worker) {
  Tally tally;
  Connection connection(options);
  std::string body;
  std::string start_key;
  do {
    const std::string segments =
        options.connections > 1 ? fmt::format(R"(,"Segment":{},"TotalSegments":{})", worker, options.connections) : "";
    const std::string payload =
        fmt::format(R"({{"TableName":"bench"{}{}}})", segments, start_key.empty() ? "" : ",\"ExclusiveStartKey\":" + start_key);
    const auto start = Time::now();
    tally.bytes += connection.exchange(dynamodb_head(options, "Scan", payload.size()), payload, body, SIZE_MAX);
    tally.microseconds.push_back(
        static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(Time::now() - start).count()));
    const auto count = body.rfind("\"Count\":");
    if (count == std::string::npos) die("a scan's answer has no Count");
    tally.operations += std::strtoull(body.c_str() + count + 8, nullptr, 10);
    start_key.clear();
    if (const auto last = body.find("\"LastEvaluatedKey\":"); last != std::string::npos) {
      const auto open = body.find('{', last);
      int depth = 0;
      for (std::size_t i = open; i < body.size(); ++i) {
        if (body[i] == '{') ++depth;
        if (body[i] == '}' && --depth == 0) {
          start_key = body.substr(open, i - open + 1);
          break;
        }
      }
    }
  } while (!start_key.empty());
  return tally;
}

Tally put(const Options& options, int worker) {
  const Signer signer(options);
  const std::string payload(options.size, 'x');
  std::string body;
  uint64_t next = 0;
  return repeat(options, [&](Connection& connection, Tally& tally) {
    // Large objects overwrite a few keys, so that the disk does not fill.
    const uint64_t number = options.size > (1 << 20) ? next++ % 2 : next++;
    const std::string path = fmt::format("/bench/{}{:03}-{:09}", options.prefix, worker, number);
    const std::string head =
        fmt::format("PUT {} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n", path, signer.headers("PUT", path), payload.size());
    connection.exchange(head, payload, body, 64);
    tally.operations += 1;
    tally.bytes += payload.size();
  });
}

Tally get(const Options& options, int worker) {
  const Signer signer(options);
  std::string body;
  uint64_t next = 0;
  return repeat(options, [&](Connection& connection, Tally& tally) {
    const uint64_t number = options.size > (1 << 20) ? next++ % 2 : next++ % 500;
    const std::string path = fmt::format("/bench/{}{:03}-{:09}", options.prefix, worker, number);
    const std::string head = fmt::format("GET {} HTTP/1.1\r\n{}\r\n", path, signer.headers("GET", path));
    const std::size_t size = connection.exchange(head, "", body, 16);
    if (size != options.size) die(fmt::format("an object has {} bytes, {} were put", size, options.size));
    tally.operations += 1;
    tally.bytes += size;
  });
}

using Worker = Tally (*)(const Options&, int);
const std::map<std::string_view, Worker> operations{{"batch-write", batch_write},
                                                    {"get-item", get_item},
                                                    {"scan", scan},
                                                    {"put", put},
                                                    {"get", get},
                                                    {"get-table", get_table},
                                                    {"create-partition", create_partition},
                                                    {"get-partitions", get_partitions}};

Options parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const std::string value = arguments[i + 1];
    if (name == "--endpoint") {
      const auto colon = value.rfind(':');
      options.host = value.substr(0, colon);
      options.port = static_cast<uint16_t>(std::strtoul(value.c_str() + colon + 1, nullptr, 10));
    } else if (name == "--operation") {
      options.operation = value;
    } else if (name == "--connections") {
      options.connections = std::atoi(value.c_str());
    } else if (name == "--seconds") {
      options.seconds = std::atof(value.c_str());
    } else if (name == "--size") {
      options.size = std::strtoull(value.c_str(), nullptr, 10);
    } else if (name == "--prefix") {
      options.prefix = value;
    } else if (name == "--access-key") {
      options.access_key = value;
    } else if (name == "--secret") {
      options.secret = value;
    } else {
      die("unknown option: " + std::string(name));
    }
  }
  if (options.port == 0 || !operations.contains(options.operation) || options.connections < 1)
    die("usage: load --endpoint HOST:PORT --operation "
        "batch-write|get-item|scan|put|get|get-table|create-partition|get-partitions "
        "[--connections N] [--seconds S] "
        "[--size BYTES]");
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = parse(count, arguments);
  const Worker worker = operations.at(options.operation);
  std::vector<Tally> tallies(static_cast<std::size_t>(options.connections));
  const auto start = Time::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < options.connections; ++i)
      threads.emplace_back([&, i] { tallies[static_cast<std::size_t>(i)] = worker(options, i); });
  }
  const double seconds = std::chrono::duration<double>(Time::now() - start).count();
  Tally sum;
  for (auto& tally : tallies) {
    sum.operations += tally.operations;
    sum.bytes += tally.bytes;
    sum.microseconds.insert(sum.microseconds.end(), tally.microseconds.begin(), tally.microseconds.end());
  }
  std::ranges::sort(sum.microseconds);
  const auto percentile = [&](double share) {
    return sum.microseconds.empty()
               ? 0
               : sum.microseconds[static_cast<std::size_t>(share * static_cast<double>(sum.microseconds.size() - 1))];
  };
  fmt::print(
      "{{\"operations\": {}, \"bytes\": {}, \"seconds\": {:.3f}, \"per_second\": {:.1f}, \"megabytes_per_second\": {:.2f}, "
      "\"p50_microseconds\": {}, \"p99_microseconds\": {}}}\n",
      sum.operations, sum.bytes, seconds, static_cast<double>(sum.operations) / seconds,
      static_cast<double>(sum.bytes) / seconds / 1e6, percentile(0.5), percentile(0.99));
}
