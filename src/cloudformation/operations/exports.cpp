// ListExports, ListImports.
#include <fmt/format.h>

#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {

void add_export_operations(aws::Service& service, const House& house) {
  service.on<wire::ListExports>(
      [&](const wire::ListExportsRequest& request, const Context& context) -> Result<wire::ListExportsResponse> {
        TRY(records, house.store.exports(context.region));
        wire::ListExportsResponse response;
        TRY(page, page_of(std::move(records), request.next_token, 100, response.next_token));
        response.exports.emplace();
        for (const auto& record : page) response.exports->push_back({record.stack_id, record.name, record.value});
        return response;
      });
  service.on<wire::ListImports>(
      [&](const wire::ListImportsRequest& request, const Context& context) -> Result<wire::ListImportsResponse> {
        TRY(names, house.store.imports(context.region, request.export_name));
        if (names.empty()) {
          return fail(error::validation(fmt::format("Export '{}' is not imported by any stack.", request.export_name)));
        }
        wire::ListImportsResponse response;
        TRY(page, page_of(std::move(names), request.next_token, 100, response.next_token));
        response.imports = std::move(page);
        return response;
      });
}

}  // namespace mastic::cloudformation
