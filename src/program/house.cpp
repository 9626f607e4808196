#include "program/house.h"

#include <fmt/format.h>

#include <cstdlib>
#include <thread>
#include <vector>

#include "access/access.h"
#include "announce/events.h"
#include "aws/call_origin.h"
#include "aws/digest.h"
#include "aws/encoding.h"
#include "aws/json.h"
#include "aws/local_call.h"
#include "aws/pages.h"
#include "aws/server.h"
#include "base/clock.h"
#include "base/files.h"
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
#include "program/key_ring.h"
#include "program/line_sinks.h"
#include "program/lineage_feed.h"
#include "program/lineage_pages.h"
#include "program/monitoring_pages.h"
#include "program/request_counts.h"
#include "program/resource_facts.h"
#include "program/role_sessions.h"
#include "program/run_monitor.h"
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

/// EventBridge's event about an alarm.
void publish(announce::Events& events, const cloudwatch::AlarmChange& change) {
  std::string detail;
  aws::JsonWriter writer(detail);
  const auto state = [&](std::string_view key, std::string_view value, std::string_view reason) {
    writer.key(key);
    writer.open_object();
    writer.key("value");
    writer.text(value);
    if (!reason.empty()) {
      writer.key("reason");
      writer.text(reason);
    }
    writer.close_object();
  };
  writer.open_object();
  writer.key("alarmName");
  writer.text(change.name);
  state("state", change.state, change.reason);
  state("previousState", change.state_before, {});
  writer.close_object();
  events.publish({.detail_type = "CloudWatch Alarm State Change",
                  .resources = {change.arn},
                  .detail = std::move(detail),
                  .source = "aws.cloudwatch"});
}

/// What readiness asks of the stores: each answers a small question.
std::vector<StoreCheck> store_checks(logs::Logs& logs, dynamodb::Database& items, glue::CatalogView& catalog,
                                     jobs::Runs& runs) {
  const auto answered = [](const auto& answer) -> Result<void> {
    if (!answer) return fail(Error(answer.error()));
    return {};
  };
  return {{"logs", [&, answered] { return answered(logs.tagged_resources("us-east-1", "000000000000")); }},
          {"dynamodb", [&, answered] { return answered(items.find_table("mastic.ready")); }},
          {"glue", [&, answered] { return answered(catalog.find_database("mastic.ready")); }},
          {"jobs", [&, answered] { return answered(runs.counts()); }}};
}

/// What log filters measured, into the metrics.
void publish(cloudwatch::CloudWatch& metrics, const std::vector<logs::Measurement>& found) {
  for (const auto& measurement : found) {
    cloudwatch::Sample sample{.name = measurement.name,
                              .dimensions = measurement.dimensions,
                              .time = measurement.time,
                              .values = {},
                              .unit = measurement.unit};
    for (const auto& [value, times] : measurement.values) sample.values.add(cloudwatch::Distribution::of(value, times));
    if (const auto kept = metrics.put(measurement.name_space, std::span(&sample, 1)); !kept) {
      log::warn("cloudwatch", "what a log filter measured could not be kept: {}", kept.error().message);
    }
  }
}

/// Of `s3://BUCKET/KEY`, which is where jobs keep their scripts.
Result<s3::ObjectName> place_of(std::string_view uri) {
  const auto scheme_end = uri.find("://");
  const auto path = scheme_end == std::string_view::npos ? uri : uri.substr(scheme_end + 3);
  const auto slash = path.find('/');
  if (scheme_end == std::string_view::npos || !uri.starts_with("s3") || slash == std::string_view::npos) {
    return fail(Error{"InvalidInputException", fmt::format("This is no S3 location of the form s3://BUCKET/KEY: {}", uri)});
  }
  return s3::ObjectName{std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

Result<std::string> read_object(const s3::ObjectStore& objects, std::string_view uri) {
  TRY(place, place_of(uri));
  TRY(found, objects.open(place));
  if (!found) return fail(Error{"EntityNotFoundException", fmt::format("There is no such object: {}", uri)});
  if (found->body.in_file()) return read_file(found->body.file);
  return std::move(found->body.bytes);
}

/// Writes it for somebody, who must be allowed to. Without `authorizer` everybody is.
Result<void> write_object(s3::ObjectStore& objects, const Clock& clock, const glue::Permission& permit,
                          const aws::CallContext& caller, std::string_view uri, std::string content) {
  TRY(place, place_of(uri));
  if (permit) TRY_DO(permit(caller, "s3:PutObject", fmt::format("arn:aws:s3:::{}/{}", place.bucket, place.key)));
  s3::Object object{.last_modified = clock.now(),
                    .etag = aws::to_hex(aws::Digest::of(aws::DigestKind::md5, content)),
                    .headers = {.content_type = "text/x-python"}};
  TRY_DO(objects.put(place, std::move(object), s3::Body::of_bytes(std::move(content))));
  return {};
}

glue::Permission permission_of_callers(const iam::Authorizer* authorizer) {
  if (authorizer == nullptr) return {};
  return [authorizer](const aws::CallContext& caller, std::string_view action, const std::string& resource) -> Result<void> {
    if (caller.access_key.empty()) return {};  // The house itself.
    return authorizer->permit(caller, action, resource);
  };
}

glue::Dependencies glue_dependencies(const Clock& clock, std::filesystem::path folder, s3::ObjectStore& objects,
                                     dynamodb::Database& items, logs::Logs& logs, jobs::Runs& runs, announce::Events& events,
                                     glue::Roles* roles, const glue::Permission& permit,
                                     std::function<void(const glue::CrawlNotice&)> on_crawl) {
  return {.folder = std::move(folder),
          .clock = clock,
          .dynamodb = items,
          .runs = runs,
          .read_object = [&objects](std::string_view uri) { return read_object(objects, uri); },
          .log =
              [&logs](std::string_view group, std::string_view stream, std::string_view line) {
                if (const auto kept = logs.append(group, stream, std::span(&line, 1)); !kept) {
                  log::warn("logs", "a line of {} could not be kept: {}", group, kept.error().message);
                }
              },
          .announce =
              [&events](std::string_view detail_type, std::vector<std::string> resources, std::string detail) {
                events.publish({std::string(detail_type), std::move(resources), std::move(detail)});
              },
          .roles = roles,
          .write_object =
              [&objects, &clock, permit](const aws::CallContext& caller, std::string_view uri, std::string content) {
                return write_object(objects, clock, permit, caller, uri, std::move(content));
              },
          .permit = permit,
          .objects = &objects,
          .classify_command = {"/proc/self/exe", "classify", "--with-parent"},
          .on_crawl = std::move(on_crawl)};
}

/// The template at a URL of any host, which names an object of this server's own. Without `authorizer` everybody may.
Result<std::string> read_template(const s3::ObjectStore& objects, const iam::Authorizer* authorizer, std::string_view url,
                                  const aws::CallContext& caller) {
  for (const auto& place : cloudformation::template_places(url)) {
    auto found = objects.open({place.bucket, place.key});
    if (!found) continue;
    if (!*found) continue;
    if (authorizer != nullptr && !caller.access_key.empty()) {
      const auto allowed =
          authorizer->permit(caller, "s3:GetObject", fmt::format("arn:aws:s3:::{}/{}", place.bucket, place.key));
      if (!allowed) return fail(Error{"ValidationError", "S3 error: Access Denied. " + allowed.error().message});
    }
    if ((*found)->body.in_file()) return read_file((*found)->body.file);
    return std::move((*found)->body.bytes);
  }
  return fail(Error{"ValidationError", fmt::format("S3 error: The specified key does not exist: {}", url)});
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
  aws::ServiceCalls calls;      // CloudFormation's
  aws::ServiceCalls tag_calls;  // the Tagging API's
  std::unique_ptr<cloudformation::CloudFormation> stacks;
  std::unique_ptr<console::Console> console;
  aws::Pages pages;
  std::unique_ptr<aws::Server> server;
  std::string endpoint;
  std::thread serving;

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

House::House() : rooms_(std::make_unique<Rooms>()) {}
House::~House() = default;

Result<std::unique_ptr<House>> House::open(const HouseOptions& options) {
  std::unique_ptr<House> house(new House);
  auto& rooms = *house->rooms_;
  TRY(keys, AccessKeys::read(options.keys_file));
  rooms.keys = std::move(keys);
  TRY(folder, DataFolder::open(options.data));
  rooms.folder = std::move(folder);
  const auto& data = rooms.folder->path();

  TRY(objects, s3::open_store({.folder = data / "s3"}, rooms.clock));
  rooms.objects = std::move(objects);
  TRY(items, dynamodb::Database::open(data / "dynamodb", rooms.clock));
  rooms.items = std::move(items);
  TRY(logs, logs::Logs::open(data / "logs", rooms.clock));
  rooms.logs = std::move(logs);
  TRY(metrics, cloudwatch::CloudWatch::open(data / "cloudwatch", rooms.clock));
  rooms.metrics = std::move(metrics);
  TRY(events,
      announce::Events::open(
          {.folder = data / "announce", .webhook = options.events_webhook, .command = options.events_command}, rooms.clock));
  rooms.announcements = std::move(events);
  rooms.metrics->on_alarm([&events = *rooms.announcements](const cloudwatch::AlarmChange& change) { publish(events, change); });
  rooms.logs->on_measured(
      [&metrics = *rooms.metrics](const std::vector<logs::Measurement>& found) { publish(metrics, found); });
  rooms.logs_sink = std::make_unique<LogsSink>(*rooms.logs);

  TRY(iam, iam::Iam::open(data / "iam", rooms.clock));
  rooms.iam = std::move(iam);
  rooms.key_ring = std::make_unique<KeyRing>(rooms.keys, *rooms.iam);
  rooms.authorizer = std::make_unique<iam::Authorizer>(*rooms.iam, rooms.clock);
  if (!rooms.keys.empty()) {
    rooms.role_sessions = std::make_unique<RoleSessions>(*rooms.iam, *rooms.authorizer);
    rooms.engine_rights = std::make_unique<EngineRights>(*rooms.authorizer);
  }

  rooms.tickets = std::make_unique<TicketBook>(rooms.engine_rights.get());
  TRY(lineage, lineage::Keeper::open({.folder = data / "lineage",
                                      .event_file = environment_or("MASTIC_LINEAGE_FILE", ""),
                                      .collector = lineage::collector_of_environment(),
                                      .keep = options.keep},
                                     rooms.clock));
  rooms.lineage = std::move(lineage);
  rooms.lineage_feed = std::make_unique<LineageFeed>(*rooms.lineage);

  auto& sink = options.sink != nullptr ? *options.sink : static_cast<jobs::LogSink&>(*rooms.logs_sink);
  TRY(socket, rooms.folder->socket_path());
  TRY(runs, jobs::Runs::open(job_options(options, data / "jobs", socket.string(), rooms.tickets.get()), rooms.clock, sink));
  rooms.runs = std::move(runs);
  rooms.runs->on_change([&feed = *rooms.lineage_feed](const jobs::RunRecord& run) { feed.run_changed(run); });
  rooms.run_monitor =
      std::make_unique<RunMonitor>(*rooms.runs, *rooms.metrics, *rooms.announcements, rooms.clock, options.keep);
  TRY(glue, glue::Glue::open(glue_dependencies(rooms.clock, data / "glue", *rooms.objects, *rooms.items, *rooms.logs,
                                               *rooms.runs, *rooms.announcements, rooms.role_sessions.get(),
                                               permission_of_callers(rooms.keys.empty() ? nullptr : rooms.authorizer.get()),
                                               [&rooms](const glue::CrawlNotice& crawl) {
                                                 auto* catalog = rooms.glue ? &rooms.glue->catalog() : nullptr;
                                                 rooms.lineage_feed->crawl_changed(crawl, catalog);
                                               })));

  rooms.glue = std::move(glue);
  TRY(event_bus, events::Events::open({.folder = data / "events",
                                       .clock = rooms.clock,
                                       .accepts = is_event_target,
                                       .deliver = [&glue = *rooms.glue, &logs = *rooms.logs](auto arn, auto id, auto event) {
                                         return deliver_event(glue, logs, arn, id, event);
                                       }}));
  rooms.events = std::move(event_bus);
  rooms.objects->observe([&events = *rooms.events](const s3::CreatedObject& object) {
    if (const auto published = events.publish(object_created(object)); !published)
      log::error("events", "the event of a new object is lost: {}", published.error().message);
  });
  TRY(ecr, ecr::Ecr::open(data / "ecr", rooms.clock));
  rooms.ecr = std::move(ecr);
  TRY(access, access::Server::listen(socket, access::stores_of(*rooms.objects, *rooms.items, rooms.glue->catalog()),
                                     rooms.engine_rights ? rooms.engine_rights->permit() : access::Permit{},
                                     [&book = *rooms.tickets, &keeper = *rooms.lineage, &clock = rooms.clock](
                                         std::string_view ticket, const std::string& report) {
                                       const auto run = book.run_of(ticket);
                                       if (!run.empty()) keeper.report(run, report, clock.now());
                                     }));
  rooms.access = std::move(access);

  rooms.services.push_back(s3::make_service(*rooms.objects, rooms.clock));
  rooms.services.push_back(rooms.items->make_service());
  rooms.services.push_back(rooms.glue->make_service());
  rooms.services.push_back(rooms.logs->make_service());
  rooms.services.push_back(rooms.metrics->make_service());
  rooms.services.push_back(rooms.events->make_service());
  TRY(parameters, ssm::Ssm::open(data / "ssm", rooms.clock));
  rooms.parameters = std::move(parameters);
  rooms.services.push_back(rooms.parameters->make_service());
  TRY(secrets, secretsmanager::SecretsManager::open(data / "secretsmanager", rooms.clock));
  rooms.secrets = std::move(secrets);
  rooms.services.push_back(rooms.secrets->make_service());
  TRY(encryption_keys, kms::Kms::open(data / "kms", rooms.clock));
  rooms.encryption_keys = std::move(encryption_keys);
  rooms.services.push_back(rooms.encryption_keys->make_service());
  rooms.services.push_back(rooms.ecr->make_service());
  rooms.services.push_back(rooms.iam->make_service());
  rooms.services.push_back(sts::make_service(*rooms.iam, {.enforcing = !rooms.keys.empty()}));
  const auto tags =
      tag_sources({*rooms.objects, *rooms.items, *rooms.glue, *rooms.logs, *rooms.ecr, *rooms.parameters, rooms.tag_calls});
  rooms.services.push_back(resourcegroupstaggingapi::make_service(tags));
  TRY(stacks,
      cloudformation::CloudFormation::open(
          {.folder = data / "cloudformation",
           .clock = rooms.clock,
           .calls = rooms.calls,
           .read_template_url = [&objects = *rooms.objects, authorizer = rooms.keys.empty() ? nullptr : rooms.authorizer.get()](
                                    std::string_view url,
                                    const aws::CallContext& caller) { return read_template(objects, authorizer, url, caller); },
           .act_as = act_as(rooms.role_sessions.get()),
           .release = release(rooms.role_sessions.get())}));
  rooms.stacks = std::move(stacks);
  rooms.services.push_back(rooms.stacks->make_service());
  if (!rooms.keys.empty()) {
    rooms.resource_facts = std::make_unique<ResourceFacts>(
        RoomsWithPolicies{*rooms.objects, *rooms.glue, *rooms.secrets, *rooms.encryption_keys, tags});
    rooms.iam->consult(*rooms.resource_facts);
    rooms.calls.authorise_with(permission(*rooms.authorizer, "cloudformation.amazonaws.com"));
    rooms.tag_calls.authorise_with(permission(*rooms.authorizer, {}));
  }
  std::vector<const aws::Service*> services;
  for (const auto& service : rooms.services) {
    services.push_back(&service);
    rooms.calls.add(service);
    rooms.tag_calls.add(service);
  }
  add_monitoring_pages(rooms.pages, {.data = data,
                                     .stores = store_checks(*rooms.logs, *rooms.items, rooms.glue->catalog(), *rooms.runs),
                                     .runs = *rooms.runs,
                                     .events = *rooms.announcements,
                                     .run_monitor = *rooms.run_monitor,
                                     .requests = rooms.requests,
                                     .clock = rooms.clock});
  rooms.glue->add_pages(rooms.pages);
  rooms.console = std::make_unique<console::Console>(rooms.keys.empty() ? nullptr : rooms.key_ring.get(), rooms.clock);
  rooms.console->add_pages(rooms.pages);
  add_lineage_pages(rooms.pages, *rooms.lineage);
  if (options.test_clock) {
    add_test_clock_pages(rooms.pages, rooms.clock, [glue = rooms.glue.get()] { glue->clock_moved(); });
  }
  if (!rooms.keys.empty()) {
    rooms.pages.permit_with([&authorizer = *rooms.authorizer](const aws::CallContext& caller, std::string_view action) {
      return authorizer.permit(caller, action, "*");
    });
  }
  rooms.server = std::make_unique<aws::Server>(std::move(services),
                                               aws::ServerOptions{.address = options.host,
                                                                  .port = options.port,
                                                                  .keys = rooms.keys.empty() ? nullptr : rooms.key_ring.get(),
                                                                  .authorizer = rooms.authorizer.get(),
                                                                  .clock = &rooms.clock,
                                                                  .served =
                                                                      [&requests = rooms.requests](const aws::Served& served) {
                                                                        requests.add(served);
                                                                        log_request(served);
                                                                      },
                                                                  .pages = &rooms.pages,
                                                                  .session_of = rooms.console->session_of()});
  TRY_DO(rooms.server->listen());
  // A script runs on this machine: it reaches an address that stands for all of them through the loopback.
  const auto host = options.host == "0.0.0.0" || options.host == "::" ? "127.0.0.1" : options.host;
  rooms.endpoint = fmt::format("http://{}:{}", host, rooms.server->port());
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
