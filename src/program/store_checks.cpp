#include "program/store_checks.h"

namespace mastic::program {

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

}  // namespace mastic::program
