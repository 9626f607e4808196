// CreateSession, GetSession, ListSessions, StopSession, DeleteSession, RunStatement, GetStatement, ListStatements,
// CancelStatement.
#include "glue/operations.h"

#include "glue/catalog/operations/answers.h"
#include "glue/sessions/sessions.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

constexpr int32_t timeout_default_minutes = 2880;

Result<wire::CreateSessionResponse> create(const wire::CreateSessionRequest& request, Sessions& sessions, Tags& tags) {
  if (request.command.name && request.command.name != "glueetl")
    return fail(error::unsupported("sessions of the command " + *request.command.name));
  if (request.session_type == "SPARK_CONNECT") return fail(error::unsupported("SessionType SPARK_CONNECT"));
  if (request.security_configuration) return fail(error::unsupported("SecurityConfiguration"));
  if (request.connections && request.connections->connections && !request.connections->connections->empty())
    return fail(error::unsupported("Connections"));
  if (request.max_capacity && (request.worker_type || request.number_of_workers))
    return fail(error::invalid_input("Please do not set Max Capacity if using Worker Type and Number of Workers."));
  wire::Session session;
  session.id = request.id;
  session.description = request.description;
  session.role = request.role;
  session.command = request.command;
  session.default_arguments = request.default_arguments;
  session.max_capacity = request.max_capacity;
  session.worker_type = request.worker_type;
  session.number_of_workers = request.number_of_workers;
  session.glue_version = request.glue_version.value_or("5.0");
  const auto timeout = request.timeout.value_or(timeout_default_minutes);
  session.idle_timeout = request.idle_timeout.value_or(timeout);
  TRY(made, sessions.create(std::move(session), timeout));
  if (request.tags) TRY_DO(tags.add("session/" + request.id, *request.tags));
  wire::CreateSessionResponse response;
  response.session = std::move(made);
  return response;
}

Result<wire::GetSessionResponse> get(const wire::GetSessionRequest& request, Sessions& sessions) {
  TRY(session, sessions.find(request.id));
  wire::GetSessionResponse response;
  response.session = std::move(session);
  return response;
}

Result<wire::ListSessionsResponse> list(const wire::ListSessionsRequest& request, Sessions& sessions, Tags& tags) {
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(found, sessions.list(page));
  wire::ListSessionsResponse response;
  response.next_token = next_token(found);
  response.ids.emplace();
  response.sessions.emplace();
  for (auto& session : found.entries) {
    TRY(wanted, tags.has("session/" + session.id.value_or(""), request.tags));
    if (!wanted) continue;
    response.ids->push_back(session.id.value_or(""));
    response.sessions->push_back(std::move(session));
  }
  return response;
}

Result<wire::StopSessionResponse> stop(const wire::StopSessionRequest& request, Sessions& sessions) {
  TRY_DO(sessions.stop(request.id));
  wire::StopSessionResponse response;
  response.id = request.id;
  return response;
}

Result<wire::DeleteSessionResponse> remove(const wire::DeleteSessionRequest& request, Sessions& sessions) {
  TRY_DO(sessions.remove(request.id));
  wire::DeleteSessionResponse response;
  response.id = request.id;
  return response;
}

Result<wire::RunStatementResponse> run(const wire::RunStatementRequest& request, Sessions& sessions) {
  TRY(number, sessions.run_statement(request.session_id, request.code));
  wire::RunStatementResponse response;
  response.id = number;
  return response;
}

Result<wire::GetStatementResponse> get_statement(const wire::GetStatementRequest& request, Sessions& sessions) {
  TRY(statement, sessions.find_statement(request.session_id, request.id));
  wire::GetStatementResponse response;
  response.statement = std::move(statement);
  return response;
}

Result<wire::ListStatementsResponse> list_statements(const wire::ListStatementsRequest& request, Sessions& sessions) {
  TRY(statements, sessions.list_statements(request.session_id));
  wire::ListStatementsResponse response;
  response.statements = std::move(statements);
  return response;
}

Result<wire::CancelStatementResponse> cancel(const wire::CancelStatementRequest& request, Sessions& sessions) {
  TRY_DO(sessions.cancel_statement(request.session_id, request.id));
  return wire::CancelStatementResponse{};
}

}  // namespace

void add_session_operations(aws::Service& service, Sessions& sessions, Tags& tags) {
  service.on<wire::CreateSession>([&](const auto& request, const Context&) { return create(request, sessions, tags); });
  service.on<wire::GetSession>([&](const auto& request, const Context&) { return get(request, sessions); });
  service.on<wire::ListSessions>([&](const auto& request, const Context&) { return list(request, sessions, tags); });
  service.on<wire::StopSession>([&](const auto& request, const Context&) { return stop(request, sessions); });
  service.on<wire::DeleteSession>([&](const auto& request, const Context&) { return remove(request, sessions); });
  service.on<wire::RunStatement>([&](const auto& request, const Context&) { return run(request, sessions); });
  service.on<wire::GetStatement>([&](const auto& request, const Context&) { return get_statement(request, sessions); });
  service.on<wire::ListStatements>([&](const auto& request, const Context&) { return list_statements(request, sessions); });
  service.on<wire::CancelStatement>([&](const auto& request, const Context&) { return cancel(request, sessions); });
}

}  // namespace mastic::glue
