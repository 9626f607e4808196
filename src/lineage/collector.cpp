#include "lineage/collector.h"

#include <curl/curl.h>

#include <cstdlib>
#include <memory>

#include "base/log.h"

namespace mastic::lineage {
namespace {

constexpr std::size_t queue_max = 10'000;
constexpr int attempts_max = 5;
constexpr long connect_milliseconds_max = 3000;
constexpr long transfer_milliseconds_max = 10'000;
constexpr std::chrono::milliseconds first_pause{200};
constexpr std::chrono::seconds end_patience{2};

std::string environment(const char* name) {
  const char* set = std::getenv(name);
  return set == nullptr ? "" : set;
}

bool is_worth_repeating(long status) { return status == 0 || status == 408 || status == 429 || status >= 500; }

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

}  // namespace

std::optional<CollectorOptions> collector_of_environment() {
  auto url = environment("OPENLINEAGE_URL");
  if (url.empty() || environment("OPENLINEAGE_DISABLED") == "true") return std::nullopt;
  auto endpoint = environment("OPENLINEAGE_ENDPOINT");
  if (endpoint.empty()) endpoint = "api/v1/lineage";
  while (url.ends_with('/')) url.pop_back();
  while (endpoint.starts_with('/')) endpoint.erase(0, 1);
  return CollectorOptions{.url = url + "/" + endpoint, .api_key = environment("OPENLINEAGE_API_KEY")};
}

Collector::Collector(CollectorOptions options) : options_(std::move(options)) {
  static const auto initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)initialized;
  thread_ = std::thread([this] { run(); });
}

Collector::~Collector() {
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, end_patience, [this] { return queue_.empty(); });
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Collector::send(std::string event) {
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= queue_max) {
      ++dropped_;
      return;
    }
    queue_.push_back(std::move(event));
  }
  changed_.notify_all();
}

uint64_t Collector::sent() const {
  const std::scoped_lock lock(mutex_);
  return sent_;
}

uint64_t Collector::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

long Collector::post(const std::string& event) const {
  const std::unique_ptr<CURL, void (*)(CURL*)> handle(curl_easy_init(), curl_easy_cleanup);
  if (!handle) return 0;
  curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
  if (!options_.api_key.empty()) list = curl_slist_append(list, ("Authorization: Bearer " + options_.api_key).c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);
  curl_easy_setopt(handle.get(), CURLOPT_URL, options_.url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, event.data());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(event.size()));
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, connect_milliseconds_max);
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, transfer_milliseconds_max);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, ignore);
  if (curl_easy_perform(handle.get()) != CURLE_OK) return 0;
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

/// False: the end came first.
bool Collector::pause(int attempt) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, first_pause * (1 << attempt), [this] { return ending_; });
}

void Collector::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (ending_) {
      dropped_ += queue_.size();
      if (!queue_.empty()) log::warn("lineage", "{} events did not reach {}", queue_.size(), options_.url);
      return;
    }
    const auto event = queue_.front();
    lock.unlock();
    long status = 0;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
      if (attempt > 0 && !pause(attempt - 1)) break;
      status = post(event);
      if (!is_worth_repeating(status)) break;
    }
    const bool arrived = status >= 200 && status < 300;
    if (!arrived) log::warn("lineage", "an event did not reach {} (HTTP status {})", options_.url, status);
    lock.lock();
    queue_.pop_front();
    ++(arrived ? sent_ : dropped_);
    changed_.notify_all();
  }
}

}  // namespace mastic::lineage
