#include "spark/connect/server.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/identifiers.h"
#include "lineage/recorder.h"
#include "spark/analyze/expression_text.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/service.h"

namespace mastic::spark_connect {
namespace {

constexpr int message_bytes_max = 128 << 20;
constexpr int plan_nesting_max = 1024;
constexpr auto housekeeping_interval = std::chrono::seconds(30);
constexpr auto shutdown_patience = std::chrono::seconds(2);

/// protobuf refuses messages nested deeper than 100, and every step of a DataFrame nests twice. Spark allows 1024. gRPC
/// parses with the default, which has a getter and no setter; naming a private member in an explicit instantiation is how
/// the language lets it be reached.
template <int* limit>
struct RecursionLimit {
  friend int& default_recursion_limit() { return *limit; }
};
int& default_recursion_limit();
template struct RecursionLimit<&google::protobuf::io::CodedInputStream::default_recursion_limit_>;

}  // namespace

std::filesystem::path fresh_scratch_folder() {
  return std::filesystem::temp_directory_path() / fmt::format("mastic-engine-{}-{}", ::getpid(), random_hex(8));
}

struct Server::State {
  SystemClock system_clock;
  std::filesystem::path own_scratch_folder;
  std::unique_ptr<lineage::Recorder> recorder;  // tells the rest when all that uses it has gone
  std::unique_ptr<SharedState> shared;
  std::unique_ptr<Sessions> sessions;
  std::unique_ptr<Service> service;
  std::unique_ptr<grpc::Server> server;
  int port = 0;

  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::thread housekeeper;

  void keep_house() {
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, housekeeping_interval, [&] { return stopping; })) {
      lock.unlock();
      sessions->expire();
      lock.lock();
    }
  }
};

Server::Server() : state_(std::make_unique<State>()) {}

Result<std::unique_ptr<Server>> Server::start(engine::Engine& engine, ServerOptions options) {
  default_recursion_limit() = plan_nesting_max;
  std::unique_ptr<Server> result(new Server());
  State& state = *result->state_;
  if (options.scratch_folder.empty()) options.scratch_folder = fresh_scratch_folder();
  state.own_scratch_folder = options.scratch_folder;
  // Tables that name no place must not land in whatever folder the process was started in.
  options.configuration.try_emplace("spark.sql.warehouse.dir", (options.scratch_folder / "spark-warehouse").string());
  const Clock& clock = options.clock != nullptr ? *options.clock : state.system_clock;
  state.shared = std::make_unique<SharedState>(engine, clock, options.token, options.spark_version, options.configuration,
                                               options.scratch_folder);
  if (options.lineage != nullptr) {
    state.recorder = std::make_unique<lineage::Recorder>(
        std::move(options.lineage),
        lineage::RecorderOptions{.place = {}, .text = [](const spark::Expression& it) { return spark::text_of(it); }});
    tell_lineage_to(state.recorder.get());
  }
  state.sessions = std::make_unique<Sessions>(*state.shared);
  state.service = std::make_unique<Service>(*state.shared, *state.sessions);

  grpc::ServerBuilder builder;
  builder.AddListeningPort(fmt::format("{}:{}", options.host, options.port), grpc::InsecureServerCredentials(), &state.port);
  builder.SetMaxReceiveMessageSize(message_bytes_max);
  builder.SetMaxSendMessageSize(-1);
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 2);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterService(state.service.get());
  state.server = builder.BuildAndStart();
  if (state.server == nullptr || state.port == 0) {
    return fail(Error::io(
        "listen", fmt::format("cannot listen on {}:{}: is another program using the port?", options.host, options.port)));
  }
  state.housekeeper = std::thread([&state] { state.keep_house(); });
  return result;
}

Server::~Server() {
  stop();
  if (state_->recorder) tell_lineage_to(nullptr);
  if (state_->own_scratch_folder.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(state_->own_scratch_folder, ignored);
}

int Server::port() const { return state_->port; }

void Server::stop() {
  {
    const std::scoped_lock lock(state_->mutex);
    if (state_->stopping || state_->server == nullptr) return;
    state_->stopping = true;
    state_->changed.notify_all();
  }
  state_->sessions->close_all();
  state_->server->Shutdown(std::chrono::system_clock::now() + shutdown_patience);
  state_->server->Wait();
  if (state_->housekeeper.joinable()) state_->housekeeper.join();
  state_->sessions->close_all();
  state_->shared->threads.wait();
}

void Server::wait() {
  if (state_->server != nullptr) state_->server->Wait();
}

}  // namespace mastic::spark_connect
