// df.checkpoint() and df.localCheckpoint(): the rows are computed now, also when the client would let them wait, and kept in
// the engine under a name that later plans use.
#include <spark/connect/base.pb.h>

#include "base/identifiers.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/lower/execute.h"

namespace mastic::spark_connect {

Done run_checkpoint(Execution& execution, const proto::CheckpointCommand& command) {
  TRY(plan, resolve_to_run(execution, command.relation()));
  const std::string id = "checkpoint_" + random_hex(16);
  TRY_DO(spark::cache(execution.operation.connection(), *plan, lower_options(*execution.session), id));
  tell_kept(id, plan, execution.session.get());
  execution.session->persisted.keep(id, spark::make_relation(plan->output, spark::ReadCached{id}));
  Response response;
  response.mutable_checkpoint_command_result()->mutable_relation()->set_relation_id(id);
  execution.operation.send(std::move(response));
  return {};
}

}  // namespace mastic::spark_connect
