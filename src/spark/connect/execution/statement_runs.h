// One function a kind of statement; run_statement picks it.
#pragma once

#include "spark/connect/execution/execution.h"
#include "spark/sql/statement.h"

namespace mastic::spark_connect {

using StatementResult = spark::SparkResult<Rows>;

// statement_views.cpp
StatementResult run(Execution& execution, const spark::sql::CreateViewStatement& statement);
StatementResult run(Execution& execution, const spark::sql::AlterViewStatement& statement);
// statement.cpp
StatementResult run(Execution& execution, const spark::sql::DropStatement& statement);
StatementResult run(Execution& execution, const spark::sql::CreateDatabaseStatement& statement);
StatementResult run(Execution& execution, const spark::sql::AlterDatabaseStatement& statement);
StatementResult run(Execution& execution, const spark::sql::UseStatement& statement);
StatementResult run(Execution& execution, const spark::sql::SetStatement& statement);
StatementResult run(Execution& execution, const spark::sql::SetPathStatement& statement);
StatementResult run(Execution& execution, const spark::sql::CacheStatement& statement);
StatementResult run(Execution& execution, const spark::sql::UncacheStatement& statement);
StatementResult run(Execution& execution, const spark::sql::RefreshStatement& statement);
StatementResult run(Execution& execution, const spark::sql::CreateFunctionStatement& statement);
StatementResult run(Execution& execution, const spark::sql::ExplainStatement& statement);
// statement_insert.cpp
StatementResult run(Execution& execution, const spark::sql::InsertStatement& statement);
StatementResult run(Execution& execution, const spark::sql::MultiInsertStatement& statement);
StatementResult run(Execution& execution, const spark::sql::ChangeRowsStatement& statement);
// statement_alter.cpp
StatementResult run(Execution& execution, const spark::sql::AlterTableStatement& statement);
StatementResult run(Execution& execution, const spark::sql::TruncateStatement& statement);
StatementResult run(Execution& execution, const spark::sql::AnalyzeStatement& statement);
StatementResult run(Execution& execution, const spark::sql::CommentStatement& statement);
// statement_show.cpp
StatementResult run(Execution& execution, const spark::sql::ShowStatement& statement);
// statement_describe.cpp
StatementResult run(Execution& execution, const spark::sql::DescribeStatement& statement);
// statement_variables.cpp
StatementResult run(Execution& execution, const spark::sql::DeclareStatement& statement);
StatementResult run(Execution& execution, const spark::sql::SetVariableStatement& statement);
StatementResult run(Execution& execution, const spark::sql::ExecuteImmediateStatement& statement);

}  // namespace mastic::spark_connect
