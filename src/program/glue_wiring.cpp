#include "program/glue_wiring.h"

#include "base/log.h"
#include "program/object_access.h"

namespace mastic::program {

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

}  // namespace mastic::program
