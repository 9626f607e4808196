#include "spark/connect/error_status.h"

#include <fmt/format.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>
#include <spark/connect/base.pb.h>

#include <algorithm>

#include "base/identifiers.h"

namespace mastic::spark_connect {
namespace {

constexpr std::size_t kept_errors_max = 20;
constexpr std::size_t message_bytes_max = 2048;
constexpr std::size_t parameters_bytes_max = 1024;

std::string json_list(const std::vector<std::string>& values) {
  std::string out = "[";
  for (const std::string& value : values) {
    if (out.size() > 1) out += ',';
    out += json_string_literal(value);
  }
  return out + ']';
}

std::string json_object(const std::map<std::string, std::string>& values) {
  std::string out = "{";
  for (const auto& [name, value] : values) {
    if (out.size() > 1) out += ',';
    out += json_string_literal(name) + ':' + json_string_literal(value);
  }
  return out + '}';
}

/// gRPC sends the message percent-encoded, where a byte outside printable ASCII takes three.
std::string header_sized(std::string_view message) {
  std::size_t encoded = 0;
  for (std::size_t at = 0; at < message.size(); ++at) {
    const auto c = static_cast<unsigned char>(message[at]);
    encoded += c >= 0x20 && c < 0x7f && c != '%' ? 1 : 3;
    if (encoded > message_bytes_max) return abbreviate(message, at);
  }
  return std::string(message);
}

}  // namespace

std::string abbreviate(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max < 3 ? 0 : bytes_max - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string json_string_literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string ErrorStore::keep(spark::SparkError error) {
  std::string id = random_uuid();
  const std::scoped_lock lock(mutex_);
  errors_.emplace_back(id, std::move(error));
  if (errors_.size() > kept_errors_max) errors_.pop_front();
  return id;
}

std::optional<spark::SparkError> ErrorStore::take(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(errors_, id, [](const auto& entry) { return entry.first; });
  if (found == errors_.end()) return std::nullopt;
  spark::SparkError error = std::move(found->second);
  errors_.erase(found);
  return error;
}

grpc::Status to_status(const spark::SparkError& error, ErrorStore* store) {
  const std::string message = header_sized(error.message);
  google::rpc::ErrorInfo info;
  info.set_domain("org.apache.spark");
  info.set_reason(error.classes.empty() ? "org.apache.spark.SparkException" : error.classes.front());
  auto& metadata = *info.mutable_metadata();
  metadata["classes"] = json_list(error.classes);
  if (!error.condition.empty()) metadata["errorClass"] = error.condition;
  if (!error.sql_state.empty()) metadata["sqlState"] = error.sql_state;
  if (const std::string parameters = json_object(error.parameters);
      !error.condition.empty() && parameters.size() <= parameters_bytes_max) {
    metadata["messageParameters"] = parameters;
  }
  if (store != nullptr) metadata["errorId"] = store->keep(error);

  google::rpc::Status status;
  status.set_code(grpc::StatusCode::INTERNAL);
  status.set_message(message);
  status.add_details()->PackFrom(info);
  return {grpc::StatusCode::INTERNAL, message, status.SerializeAsString()};
}

std::string context_summary(const spark::QueryContext& context) {
  if (context.is_dataframe)
    return fmt::format("== DataFrame ==\n\"{}\" was called from\n{}\n", context.fragment, context.call_site);
  const std::string_view text = context.sql_text;
  const auto start = static_cast<std::size_t>(std::clamp<int64_t>(context.start_index, 0, static_cast<int64_t>(text.size())));
  const auto stop = static_cast<std::size_t>(std::clamp<int64_t>(context.stop_index, 0, static_cast<int64_t>(text.size())));
  const auto line_start = start == 0 ? 0 : text.rfind('\n', start - 1) + 1;
  const auto line = std::ranges::count(text.substr(0, start), '\n') + 1;
  std::string out = fmt::format("== SQL (line {}, position {}) ==\n", line, start - line_start + 1);
  // The lines that the fragment lies on, each with carets below.
  for (std::size_t from = line_start; from <= stop;) {
    const auto end = std::min(text.find('\n', from), text.size());
    out += fmt::format("{}\n", text.substr(from, end - from));
    const auto first = std::max(from, start);
    const auto last = std::min(end, stop + 1);
    out += std::string(first - from, ' ') + std::string(last > first ? last - first : 0, '^') + '\n';
    from = end + 1;
  }
  return out;
}

void fill_details(const spark::SparkError& error, ::spark::connect::FetchErrorDetailsResponse& response) {
  response.set_root_error_idx(0);
  fill_error(error, *response.add_errors());
}

void fill_error(const spark::SparkError& error, ::spark::connect::FetchErrorDetailsResponse::Error& out) {
  using Details = ::spark::connect::FetchErrorDetailsResponse;
  for (const std::string& name : error.classes) out.add_error_type_hierarchy(name);
  if (error.classes.empty()) out.add_error_type_hierarchy("org.apache.spark.SparkException");
  out.set_message(error.message);
  if (error.condition.empty()) return;
  Details::SparkThrowable& throwable = *out.mutable_spark_throwable();
  throwable.set_error_class(error.condition);
  if (!error.sql_state.empty()) throwable.set_sql_state(error.sql_state);
  for (const auto& [name, value] : error.parameters) (*throwable.mutable_message_parameters())[name] = value;
  for (const spark::QueryContext& context : error.contexts) {
    Details::QueryContext& to = *throwable.add_query_contexts();
    to.set_context_type(context.is_dataframe ? Details::QueryContext::DATAFRAME : Details::QueryContext::SQL);
    to.set_fragment(context.fragment);
    to.set_call_site(context.call_site);
    to.set_start_index(context.start_index);
    to.set_stop_index(context.stop_index);
    to.set_summary(context_summary(context));
  }
}

spark::SparkError invalid_handle(std::string_view kind, std::string_view handle) {
  return spark::runtime_error(fmt::format("INVALID_HANDLE.{}", kind), {{"handle", std::string(handle)}},
                              "org.apache.spark.SparkSQLException");
}

spark::SparkError invalid_input(std::string_view message) {
  spark::SparkError error = spark::internal_error(message);
  error.condition.clear();
  error.sql_state.clear();
  error.parameters.clear();
  error.message = message;
  error.classes = {"org.apache.spark.sql.connect.common.InvalidPlanInput", "java.lang.RuntimeException", "java.lang.Exception",
                   "java.lang.Throwable", "java.lang.Object"};
  return error;
}

}  // namespace mastic::spark_connect
