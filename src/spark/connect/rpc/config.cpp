#include <spark/connect/base.pb.h>

#include "spark/connect/rpc/rpc.h"

namespace mastic::spark_connect::rpc {
namespace {

void add_pair(proto::ConfigResponse& response, const std::string& key, const std::optional<std::string>& value) {
  auto& pair = *response.add_pairs();
  pair.set_key(key);
  if (value) pair.set_value(*value);
}

spark::SparkError null_value(const std::string& key) {
  auto error = spark::runtime_error("INTERNAL_ERROR", {{"message", ""}}, "java.lang.IllegalArgumentException");
  error.condition.clear();
  error.sql_state.clear();
  error.parameters.clear();
  error.message = "requirement failed: value cannot be null for key: " + key;
  return error;
}

}  // namespace

spark::SparkResult<void> config(Session& session, const proto::ConfigRequest& request, proto::ConfigResponse& response) {
  Configuration& configuration = session.configuration;
  const auto& operation = request.operation();
  switch (operation.op_type_case()) {
    case proto::ConfigRequest::Operation::kSet:
      for (const auto& pair : operation.set().pairs()) {
        if (!pair.has_value()) return fail(null_value(pair.key()));
        const auto set = configuration.set(pair.key(), pair.value());
        // silent: what SparkSession.builder.config() sends for keys that a running server cannot change.
        if (!set && !operation.set().silent()) return fail(set.error());
        if (!set) response.add_warnings(set.error().message);
      }
      return {};
    case proto::ConfigRequest::Operation::kGet:
      for (const auto& key : operation.get().keys()) {
        TRY(value, configuration.get(key));
        add_pair(response, key, value);
      }
      return {};
    case proto::ConfigRequest::Operation::kGetWithDefault:
      for (const auto& pair : operation.get_with_default().pairs()) {
        // The client's default goes before Spark's own, also when it is None.
        auto value = configuration.find_set(pair.key());
        if (!value && pair.has_value()) value = pair.value();
        add_pair(response, pair.key(), value);
      }
      return {};
    case proto::ConfigRequest::Operation::kGetOption:
      for (const auto& key : operation.get_option().keys()) add_pair(response, key, configuration.find(key));
      return {};
    case proto::ConfigRequest::Operation::kGetAll: {
      const std::string& prefix = operation.get_all().prefix();
      for (const auto& [key, value] : configuration.all()) {
        if (key.starts_with(prefix)) add_pair(response, key.substr(prefix.size()), value);
      }
      return {};
    }
    case proto::ConfigRequest::Operation::kUnset:
      for (const auto& key : operation.unset().keys()) TRY_DO(configuration.unset(key));
      return {};
    case proto::ConfigRequest::Operation::kIsModifiable:
      for (const auto& key : operation.is_modifiable().keys()) {
        add_pair(response, key, configuration.is_modifiable(key) ? "true" : "false");
      }
      return {};
    case proto::ConfigRequest::Operation::OP_TYPE_NOT_SET: break;
  }
  return fail(spark::unsupported("this Config operation of a newer client"));
}

}  // namespace mastic::spark_connect::rpc
