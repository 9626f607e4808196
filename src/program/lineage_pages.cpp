#include "program/lineage_pages.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "aws/encoding.h"
#include "aws/pages.h"
#include "lineage/keeper.h"
#include "lineage/query.h"

namespace mastic::program {
namespace {

using aws::PageAnswer;
using aws::PageRequest;
using lineage::Store;

constexpr int64_t limit_default = 100;
constexpr int64_t limit_max = 1000;
constexpr int64_t depth_max = 100;

std::string text(const PageRequest& request, std::string_view name) {
  return std::string(request.call.parameter(name).value_or(std::string_view{}));
}

Error wrong(std::string_view name, std::string_view what) {
  return Error::invalid("The parameter " + std::string(name) + " must be " + std::string(what) + ".");
}

Result<int64_t> number(const PageRequest& request, std::string_view name, int64_t otherwise, int64_t maximum) {
  const auto given = request.call.parameter(name);
  if (!given) return otherwise;
  int64_t value = 0;
  const auto [stopped, failure] = std::from_chars(given->data(), given->data() + given->size(), value);
  if (failure != std::errc{} || stopped != given->data() + given->size() || value < 0 || value > maximum)
    return fail(wrong(name, "a whole number from 0 to " + std::to_string(maximum)));
  return value;
}

Result<std::optional<Instant>> time(const PageRequest& request, std::string_view name) {
  const auto given = request.call.parameter(name);
  if (!given) return std::optional<Instant>{};
  const auto parsed = aws::parse_time(*given);
  if (!parsed) return fail(wrong(name, "a time: 2026-11-24T06:08:24Z"));
  return parsed;
}

Result<lineage::DatasetName> dataset_of(const PageRequest& request, Store& store) {
  if (request.call.parameter("namespace"))
    return lineage::find_dataset(store, {text(request, "namespace"), text(request, "name")});
  return lineage::find_dataset(store, lineage::parse_dataset({}, text(request, "dataset")));
}

Result<lineage::Question> question_of(const PageRequest& request, Store& store, lineage::Direction direction) {
  if (!request.call.parameter("dataset") && !request.call.parameter("namespace"))
    return fail(Error::invalid("Which dataset? dataset=s3://BUCKET/PATH, dynamodb:TABLE or DATABASE.TABLE."));
  lineage::Question question{
      .dataset = {}, .column = text(request, "column"), .columns = text(request, "columns") == "true", .direction = direction};
  TRY(dataset, dataset_of(request, store));
  question.dataset = dataset;
  TRY(depth, number(request, "depth", 10, depth_max));
  question.depth = static_cast<int>(depth);
  question.job = text(request, "job");
  question.run_key = text(request, "run");
  TRY(since, time(request, "since"));
  question.since = since;
  TRY(until, time(request, "until"));
  question.until = until;
  question.row_edges = text(request, "rows") != "false";
  return question;
}

Result<nlohmann::json> graph(const PageRequest& request, Store& store, lineage::Direction direction) {
  TRY(question, question_of(request, store, direction));
  TRY(answer, lineage::ask(store, question));
  return lineage::to_json(answer);
}

Result<nlohmann::json> both(const PageRequest& request, Store& store) {
  TRY(up, graph(request, store, lineage::Direction::upstream));
  TRY(down, graph(request, store, lineage::Direction::downstream));
  return nlohmann::json{{"upstream", up}, {"downstream", down}};
}

Result<nlohmann::json> runs(const PageRequest& request, Store& store) {
  lineage::DatasetName dataset;
  if (request.call.parameter("dataset") || request.call.parameter("namespace")) {
    TRY(found, dataset_of(request, store));
    dataset = found;
  }
  TRY(since, time(request, "since"));
  TRY(until, time(request, "until"));
  TRY(limit, number(request, "limit", limit_default, limit_max));
  return lineage::list_runs(store, text(request, "job"), dataset, since, until, limit);
}

Result<nlohmann::json> answer(const PageRequest& request, Store& store) {
  constexpr std::string_view one_run = "/runs/";
  if (request.rest == "/upstream") return graph(request, store, lineage::Direction::upstream);
  if (request.rest == "/downstream") return graph(request, store, lineage::Direction::downstream);
  if (request.rest == "/graph") return both(request, store);
  if (request.rest == "/runs") return runs(request, store);
  if (request.rest.starts_with(one_run)) return lineage::describe_run(store, request.rest.substr(one_run.size()));
  TRY(limit, number(request, "limit", limit_default, limit_max));
  if (request.rest == "/datasets") return lineage::list_datasets(store, text(request, "contains"), limit);
  if (request.rest == "/events") {
    TRY(after, number(request, "after", 0, INT64_MAX));
    return lineage::list_events(store, text(request, "run"), after, limit);
  }
  return fail(Error{"NotFound", "There is nothing at this path: " + std::string(request.path), 404});
}

}  // namespace

void add_lineage_pages(aws::Pages& pages, lineage::Keeper& keeper) {
  pages.add({.prefix = "/_mastic/lineage", .action = "mastic:GetLineage"},
            [&keeper](const PageRequest& request) -> Result<PageAnswer> {
              if (request.method != "GET" && request.method != "HEAD")
                return fail(Error{"MethodNotAllowed", "Lineage can only be asked: GET.", 405});
              TRY(json, answer(request, *keeper.store()));
              return PageAnswer{.body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
            });
}

}  // namespace mastic::program
