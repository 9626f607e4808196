#include "program/house.h"

#include <fmt/format.h>

#include <cstdlib>
#include <thread>
#include <vector>

#include "access/access.h"
#include "announce/events.h"
#include "aws/call_origin.h"
#include "aws/local_call.h"
#include "aws/pages.h"
#include "aws/server.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/log_format.h"
#include "base/shifted_clock.h"
#include "cloudformation/cloudformation.h"
#include "cloudwatch/cloudwatch.h"
#include "console/console.h"
#include "dynamodb/dynamodb.h"
#include "ecr/ecr.h"
#include "events/events.h"
#include "glue/glue.h"
#include "iam/authorize/authorizer.h"
#include "iam/iam.h"
#include "kms/kms.h"
#include "lineage/keeper.h"
#include "logs/logs.h"
#include "program/access_keys.h"
#include "program/data_folder.h"
#include "program/engine_rights.h"
#include "program/event_routes.h"
#include "program/glue_wiring.h"
#include "program/key_ring.h"
#include "program/line_sinks.h"
#include "program/lineage_feed.h"
#include "program/lineage_pages.h"
#include "program/monitoring_pages.h"
#include "program/object_access.h"
#include "program/publishing.h"
#include "program/request_counts.h"
#include "program/resource_facts.h"
#include "program/role_sessions.h"
#include "program/run_monitor.h"
#include "program/store_checks.h"
#include "program/tag_sources.h"
#include "program/test_clock.h"
#include "program/ticket_book.h"
#include "resourcegroupstaggingapi/tagging.h"
#include "s3/s3.h"
#include "secretsmanager/secretsmanager.h"
#include "ssm/ssm.h"
#include "sts/sts.h"

namespace mastic::program {
namespace {

std::string environment_or(const char* name, const char* otherwise) {
  const char* set = std::getenv(name);
  return set != nullptr && *set != '\0' ? set : otherwise;
}

/// What makes boto3 in a script reach this server and nothing else.
std::map<std::string, std::string> script_environment(const std::string& endpoint, const AccessKeys& keys) {
  const auto [key, secret] = keys.for_scripts();
  return {{"AWS_ENDPOINT_URL", endpoint},   {"AWS_DEFAULT_REGION", "us-east-1"},         {"AWS_REGION", "us-east-1"},
          {"AWS_ACCESS_KEY_ID", key},       {"AWS_SECRET_ACCESS_KEY", secret},           {"AWS_EC2_METADATA_DISABLED", "true"},
          {"AWS_CONFIG_FILE", "/dev/null"}, {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"}};
}

/// A line for each request: always when the log is JSON, else at level debug.
void log_request(const aws::Served& served) {
  const auto level = log::format() == log::Format::json ? log::Level::info : log::Level::debug;
  if (!log::writes(level)) return;
  log::write(level, "aws", "request",
             {{"request_id", served.request_id},
              {"service", served.service},
              {"operation", served.operation},
              {"method", served.method},
              {"path", served.path},
              {"access_key", served.access_key},
              {"status", int64_t{served.status}},
              {"microseconds", int64_t{served.time.count()}}});
}

jobs::Options job_options(const HouseOptions& options, const std::filesystem::path& folder, const std::string& access_socket,
                          jobs::EngineTickets* tickets) {
  const auto python = environment_or("MASTIC_PYTHON", MASTIC_PYTHON);
  const auto python_path = environment_or("MASTIC_PYTHON_PATH", MASTIC_SOURCE_DIR "/python");
  std::vector<std::string> engine{"/proc/self/exe", "engine",       "--port",   "0",
                                  "--with-parent",  "--with-token", "--access", access_socket};
  return {.folder = folder,
          .engine_command = std::move(engine),
          .zygote_command = {"/usr/bin/env", "PYTHONPATH=" + python_path, python, "-P", "-m", "mastic.zygote"},
          .running_maximum = options.runs_maximum,
          .warm_engines = options.warm_engines,
          .idle = options.idle,
          .tickets = tickets};
}

cloudformation::ActAs act_as(RoleSessions* sessions) {
  if (sessions == nullptr) return {};
  return [sessions](const aws::CallContext& caller, const std::string& role_arn) {
    return sessions->act_for_stack(caller, role_arn);
  };
}

/// Asked before one service calls another for somebody. Without a key it is the house itself that calls.
aws::ServiceCalls::Authorise permission(const iam::Authorizer& authorizer, const std::string& called_via) {
  return [&authorizer, origin = aws::CallOrigin{.called_via = called_via}](
             const aws::Service& service, std::string_view operation, const aws::IncomingCall& call,
             const aws::CallContext& context) -> Result<void> {
    if (context.access_key.empty()) return {};
    return authorizer.authorise(service, operation, call, context, origin);
  };
}

std::function<void(const std::string&)> release(RoleSessions* sessions) {
  if (sessions == nullptr) return {};
  return [sessions](const std::string& access_key) { sessions->end(access_key); };
}

}  // namespace

/// In the order in which they are opened; they go in the reverse.
struct House::Rooms {
  ShiftedClock clock;
  AccessKeys keys;
  std::unique_ptr<DataFolder> folder;
  std::filesystem::path socket;  // engines' way to the stores
  std::unique_ptr<s3::ObjectStore> objects;
  std::unique_ptr<dynamodb::Database> items;
  std::unique_ptr<logs::Logs> logs;
  std::unique_ptr<announce::Events> announcements;
  std::unique_ptr<cloudwatch::CloudWatch> metrics;
  RequestCounts requests;
  std::unique_ptr<ssm::Ssm> parameters;
  std::unique_ptr<secretsmanager::SecretsManager> secrets;
  std::unique_ptr<kms::Kms> encryption_keys;
  std::unique_ptr<LogsSink> logs_sink;
  std::unique_ptr<iam::Iam> iam;
  std::unique_ptr<KeyRing> key_ring;
  std::unique_ptr<iam::Authorizer> authorizer;
  std::unique_ptr<RoleSessions> role_sessions;  // These two only when keys are configured.
  std::unique_ptr<EngineRights> engine_rights;
  std::unique_ptr<ResourceFacts> resource_facts;
  std::unique_ptr<TicketBook> tickets;
  std::unique_ptr<lineage::Keeper> lineage;
  std::unique_ptr<LineageFeed> lineage_feed;
  std::unique_ptr<jobs::Runs> runs;
  std::unique_ptr<RunMonitor> run_monitor;
  std::unique_ptr<glue::Glue> glue;
  std::unique_ptr<events::Events> events;
  std::unique_ptr<ecr::Ecr> ecr;
  std::unique_ptr<access::Server> access;
  std::vector<aws::Service> services;
  std::vector<std::shared_ptr<resourcegroupstaggingapi::TagSource>> tags;
  aws::ServiceCalls calls;      // CloudFormation's
  aws::ServiceCalls tag_calls;  // the Tagging API's
  std::unique_ptr<cloudformation::CloudFormation> stacks;
  std::unique_ptr<console::Console> console;
  aws::Pages pages;
  std::unique_ptr<aws::Server> server;
  std::string endpoint;
  std::thread serving;

  // In this order: each needs what came before.
  Result<void> open_stores(const HouseOptions& options);
  Result<void> open_identity();
  Result<void> open_runs(const HouseOptions& options);
  Result<void> open_glue();
  Result<void> open_access();
  Result<void> make_services();
  Result<void> open_stacks();
  void connect_policies();
  void connect_calls();
  void add_pages(const HouseOptions& options);
  Result<void> listen(const HouseOptions& options);

  ~Rooms() {
    if (server) server->stop();
    if (serving.joinable()) serving.join();
    if (stacks) stacks->end();  // Before the services that it calls.
    if (run_monitor) run_monitor->end();
    if (runs) runs->end();  // Before those that it calls back, and before the stores that its engines use.
    if (objects) objects->observe({});
    events.reset();
    glue.reset();
  }
};

Result<void> House::Rooms::open_stores(const HouseOptions& options) {
  TRY(opened_objects, s3::open_store({.folder = folder->path() / "s3"}, clock));
  objects = std::move(opened_objects);
  TRY(opened_items, dynamodb::Database::open(folder->path() / "dynamodb", clock));
  items = std::move(opened_items);
  TRY(opened_logs, logs::Logs::open(folder->path() / "logs", clock));
  logs = std::move(opened_logs);
  TRY(opened_metrics, cloudwatch::CloudWatch::open(folder->path() / "cloudwatch", clock));
  metrics = std::move(opened_metrics);
  TRY(opened_announcements,
      announce::Events::open(
          {.folder = folder->path() / "announce", .webhook = options.events_webhook, .command = options.events_command},
          clock));
  announcements = std::move(opened_announcements);
  metrics->on_alarm([&events = *announcements](const cloudwatch::AlarmChange& change) { publish(events, change); });
  logs->on_measured([&metrics = *metrics](const std::vector<logs::Measurement>& found) { publish(metrics, found); });
  logs_sink = std::make_unique<LogsSink>(*logs);
  return {};
}

Result<void> House::Rooms::open_identity() {
  TRY(opened_iam, iam::Iam::open(folder->path() / "iam", clock));
  iam = std::move(opened_iam);
  key_ring = std::make_unique<KeyRing>(keys, *iam);
  authorizer = std::make_unique<iam::Authorizer>(*iam, clock);
  if (!keys.empty()) {
    role_sessions = std::make_unique<RoleSessions>(*iam, *authorizer);
    engine_rights = std::make_unique<EngineRights>(*authorizer);
  }
  return {};
}

Result<void> House::Rooms::open_runs(const HouseOptions& options) {
  tickets = std::make_unique<TicketBook>(engine_rights.get());
  TRY(opened_lineage, lineage::Keeper::open({.folder = folder->path() / "lineage",
                                             .event_file = environment_or("MASTIC_LINEAGE_FILE", ""),
                                             .collector = lineage::collector_of_environment(),
                                             .keep = options.keep},
                                            clock));
  lineage = std::move(opened_lineage);
  lineage_feed = std::make_unique<LineageFeed>(*lineage);

  auto& sink = options.sink != nullptr ? *options.sink : static_cast<jobs::LogSink&>(*logs_sink);
  TRY(place, folder->socket_path());
  socket = std::move(place);
  TRY(opened_runs,
      jobs::Runs::open(job_options(options, folder->path() / "jobs", socket.string(), tickets.get()), clock, sink));
  runs = std::move(opened_runs);
  runs->on_change([&feed = *lineage_feed](const jobs::RunRecord& run) { feed.run_changed(run); });
  run_monitor = std::make_unique<RunMonitor>(*runs, *metrics, *announcements, clock, options.keep);
  return {};
}

Result<void> House::Rooms::open_glue() {
  TRY(opened_glue,
      glue::Glue::open(glue_dependencies(clock, folder->path() / "glue", *objects, *items, *logs, *runs, *announcements,
                                         role_sessions.get(), permission_of_callers(keys.empty() ? nullptr : authorizer.get()),
                                         [this](const glue::CrawlNotice& crawl) {
                                           auto* catalog = glue ? &glue->catalog() : nullptr;
                                           lineage_feed->crawl_changed(crawl, catalog);
                                         })));

  glue = std::move(opened_glue);
  TRY(event_bus, events::Events::open({.folder = folder->path() / "events",
                                       .clock = clock,
                                       .accepts = is_event_target,
                                       .deliver = [&glue = *glue, &logs = *logs](auto arn, auto id, auto event) {
                                         return deliver_event(glue, logs, arn, id, event);
                                       }}));
  events = std::move(event_bus);
  objects->observe([&events = *events](const s3::CreatedObject& object) {
    if (const auto published = events.publish(object_created(object)); !published)
      log::error("events", "the event of a new object is lost: {}", published.error().message);
  });
  TRY(opened_ecr, ecr::Ecr::open(folder->path() / "ecr", clock));
  ecr = std::move(opened_ecr);
  return {};
}

Result<void> House::Rooms::open_access() {
  TRY(opened_access, access::Server::listen(socket, access::stores_of(*objects, *items, glue->catalog()),
                                            engine_rights ? engine_rights->permit() : access::Permit{},
                                            [&book = *tickets, &keeper = *lineage, &clock = clock](std::string_view ticket,
                                                                                                   const std::string& report) {
                                              const auto run = book.run_of(ticket);
                                              if (!run.empty()) keeper.report(run, report, clock.now());
                                            }));
  access = std::move(opened_access);
  return {};
}

Result<void> House::Rooms::make_services() {
  services.push_back(s3::make_service(*objects, clock));
  services.push_back(items->make_service());
  services.push_back(glue->make_service());
  services.push_back(logs->make_service());
  services.push_back(metrics->make_service());
  services.push_back(events->make_service());
  TRY(opened_parameters, ssm::Ssm::open(folder->path() / "ssm", clock));
  parameters = std::move(opened_parameters);
  services.push_back(parameters->make_service());
  TRY(opened_secrets, secretsmanager::SecretsManager::open(folder->path() / "secretsmanager", clock));
  secrets = std::move(opened_secrets);
  services.push_back(secrets->make_service());
  TRY(opened_encryption_keys, kms::Kms::open(folder->path() / "kms", clock));
  encryption_keys = std::move(opened_encryption_keys);
  services.push_back(encryption_keys->make_service());
  services.push_back(ecr->make_service());
  services.push_back(iam->make_service());
  services.push_back(sts::make_service(*iam, {.enforcing = !keys.empty()}));
  tags = tag_sources({*objects, *items, *glue, *logs, *ecr, *parameters, tag_calls});
  services.push_back(resourcegroupstaggingapi::make_service(tags));
  return {};
}

Result<void> House::Rooms::open_stacks() {
  TRY(opened_stacks,
      cloudformation::CloudFormation::open(
          {.folder = folder->path() / "cloudformation",
           .clock = clock,
           .calls = calls,
           .read_template_url = [&objects = *objects, authorizer = keys.empty() ? nullptr : authorizer.get()](
                                    std::string_view url,
                                    const aws::CallContext& caller) { return read_template(objects, authorizer, url, caller); },
           .act_as = act_as(role_sessions.get()),
           .release = release(role_sessions.get())}));
  stacks = std::move(opened_stacks);
  services.push_back(stacks->make_service());
  return {};
}

void House::Rooms::connect_policies() {
  if (keys.empty()) return;
  resource_facts = std::make_unique<ResourceFacts>(RoomsWithPolicies{*objects, *glue, *secrets, *encryption_keys, tags});
  iam->consult(*resource_facts);
  calls.authorise_with(permission(*authorizer, "cloudformation.amazonaws.com"));
  tag_calls.authorise_with(permission(*authorizer, {}));
}

void House::Rooms::connect_calls() {
  for (const auto& service : services) {
    calls.add(service);
    tag_calls.add(service);
  }
}

void House::Rooms::add_pages(const HouseOptions& options) {
  add_monitoring_pages(pages, {.data = folder->path(),
                               .stores = store_checks(*logs, *items, glue->catalog(), *runs),
                               .runs = *runs,
                               .events = *announcements,
                               .run_monitor = *run_monitor,
                               .requests = requests,
                               .clock = clock});
  glue->add_pages(pages);
  console = std::make_unique<console::Console>(keys.empty() ? nullptr : key_ring.get(), clock);
  console->add_pages(pages);
  add_lineage_pages(pages, *lineage);
  if (options.test_clock) {
    add_test_clock_pages(pages, clock, [glue = glue.get()] { glue->clock_moved(); });
  }
  if (!keys.empty()) {
    pages.permit_with([&authorizer = *authorizer](const aws::CallContext& caller, std::string_view action) {
      return authorizer.permit(caller, action, "*");
    });
  }
}

Result<void> House::Rooms::listen(const HouseOptions& options) {
  std::vector<const aws::Service*> offered;
  for (const auto& service : services) offered.push_back(&service);
  server = std::make_unique<aws::Server>(std::move(offered),
                                         aws::ServerOptions{.address = options.host,
                                                            .port = options.port,
                                                            .keys = keys.empty() ? nullptr : key_ring.get(),
                                                            .authorizer = authorizer.get(),
                                                            .clock = &clock,
                                                            .served =
                                                                [&requests = requests](const aws::Served& served) {
                                                                  requests.add(served);
                                                                  log_request(served);
                                                                },
                                                            .pages = &pages,
                                                            .session_of = console->session_of()});
  TRY_DO(server->listen());
  // A script runs on this machine: it reaches an address that stands for all of them through the loopback.
  const auto host = options.host == "0.0.0.0" || options.host == "::" ? "127.0.0.1" : options.host;
  endpoint = fmt::format("http://{}:{}", host, server->port());
  return {};
}

House::House() : rooms_(std::make_unique<Rooms>()) {}
House::~House() = default;

Result<std::unique_ptr<House>> House::open(const HouseOptions& options) {
  std::unique_ptr<House> house(new House);
  auto& rooms = *house->rooms_;
  TRY(keys, AccessKeys::read(options.keys_file));
  rooms.keys = std::move(keys);
  TRY(folder, DataFolder::open(options.data));
  rooms.folder = std::move(folder);
  TRY_DO(rooms.open_stores(options));
  TRY_DO(rooms.open_identity());
  TRY_DO(rooms.open_runs(options));
  TRY_DO(rooms.open_glue());
  TRY_DO(rooms.open_access());
  TRY_DO(rooms.make_services());
  TRY_DO(rooms.open_stacks());
  rooms.connect_policies();
  rooms.connect_calls();
  rooms.add_pages(options);
  TRY_DO(rooms.listen(options));
  return house;
}

Result<void> House::begin() {
  rooms_->serving = std::thread([server = rooms_->server.get()] { server->run(); });
  TRY_DO(rooms_->runs->begin(script_environment(rooms_->endpoint, rooms_->keys)));
  rooms_->run_monitor->begin();
  rooms_->lineage_feed->catch_up(*rooms_->runs, rooms_->clock.now());
  rooms_->metrics->begin();
  TRY_DO(rooms_->glue->resume());
  return rooms_->stacks->begin();
}

bool House::enforces() const { return !rooms_->keys.empty(); }

const std::string& House::endpoint() const { return rooms_->endpoint; }

jobs::Runs& House::runs() { return *rooms_->runs; }

}  // namespace mastic::program
