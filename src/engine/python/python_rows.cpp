// How the operator runs. Its input is a query of its own. Each thread of the scan has a worker and one task on it for as
// long as there is input: it takes a piece of the input with its number, sends it, and while the worker computes it
// prepares the next. Results leave under the number of their piece, which is DuckDB's batch index: so the order of rows
// is that of the input, however many threads there are.
#include "engine/python/python_rows.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <deque>
#include <duckdb.hpp>
#include <duckdb/function/table_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <mutex>
#include <optional>

#include "engine/duckdb_failure.h"
#include "engine/engine.h"
#include "engine/python/arrow_chunks.h"
#include "engine/python/exchange.h"
#include "engine/python/input_reader.h"
#include "engine/python/worker.h"

namespace mastic::engine {
namespace {

using duckdb::idx_t;

/// Small groups go to a worker together.
constexpr uint64_t rows_of_a_piece_of_groups = 4096;

struct PythonInfo final : duckdb::TableFunctionInfo {
  PythonInfo(Engine& engine_, WorkerPool& pool_) : engine(engine_), pool(pool_) {}
  Engine& engine;
  WorkerPool& pool;
};

struct PythonData final : duckdb::TableFunctionData {
  const PythonJob* job = nullptr;
  Engine* engine = nullptr;
  WorkerPool* pool = nullptr;
};

/// What a thread takes at a time.
struct Piece {
  uint64_t number = 0;
  std::size_t task = 0;                    // whose input it is part of
  std::vector<std::vector<Group>> groups;  // each with one entry an input
  Rows kept;                               // rows that results will stand beside
};

bool by_groups(const PythonJob& job) {
  return job.shape != PythonShape::rows && job.shape != PythonShape::map && job.shape != PythonShape::table;
}
bool aligned(const PythonJob& job) {
  return job.shape == PythonShape::rows || job.shape == PythonShape::group_aggregate || job.shape == PythonShape::window;
}

struct PythonGlobal final : duckdb::GlobalTableFunctionState {
  PythonGlobal(duckdb::ClientContext& context_, const PythonData& data)
      : context(context_), job(*data.job), engine(*data.engine), pool(*data.pool) {}
  idx_t MaxThreads() const override { return job.parallel ? static_cast<idx_t>(engine.threads()) : 1; }

  /// False: no more input.
  bool take(Piece& piece) {
    const std::scoped_lock lock(mutex);
    if (inputs.empty()) {
      for (const auto& input : job.inputs) inputs.push_back(std::make_unique<InputReader>(engine, context, input));
    }
    if (finished) return false;
    piece = Piece{.number = next_number, .task = 0, .groups = {}, .kept = {}};
    switch (job.shape) {
      case PythonShape::rows:
      case PythonShape::table:
      case PythonShape::map: {
        auto rows = inputs[0]->next_rows(rows_of_a_piece(piece));
        if (!rows.empty()) piece.groups.push_back({Group{std::move(rows)}});
        break;
      }
      case PythonShape::cogroup_map: take_cogroups(piece); break;
      default: take_groups(piece); break;
    }
    if (piece.groups.empty()) {
      finished = true;
      // An aggregate of no rows without keys is still one group.
      const bool whole = job.shape == PythonShape::group_aggregate && job.inputs[0].keys == 0 && next_number == 0;
      if (!whole) return false;
      piece.groups.push_back({Group{}});
    }
    if (job.shape == PythonShape::rows || job.shape == PythonShape::table || job.shape == PythonShape::window) {
      for (const auto& group : piece.groups) piece.kept.insert(piece.kept.end(), group[0].rows.begin(), group[0].rows.end());
    }
    if (job.shape == PythonShape::group_aggregate) {
      for (const auto& group : piece.groups) {
        if (group[0].empty()) {
          piece.kept.push_back({nullptr, 0, 1});
          continue;
        }
        const auto& first = group[0].rows.front();
        piece.kept.push_back({first.chunk, first.from, first.from + 1});
      }
    }
    ++next_number;
    return true;
  }

  duckdb::ClientContext& context;
  const PythonJob& job;
  Engine& engine;
  WorkerPool& pool;
  duckdb::vector<duckdb::column_t> columns;
  std::atomic<int> next_partition = 0;

 private:
  /// How many rows the piece may have: no more than its task has left. The last task gets whatever is there.
  uint64_t rows_of_a_piece(Piece& piece) {
    auto rows = job.batch_rows;
    while (task + 1 < job.task_rows.size() && rows_of_task >= job.task_rows[task]) {
      ++task;
      rows_of_task = 0;
    }
    if (task + 1 < job.task_rows.size()) rows = std::min(rows, job.task_rows[task] - rows_of_task);
    rows_of_task += rows;
    piece.task = task;
    return static_cast<uint64_t>(rows);
  }

  void take_groups(Piece& piece) {
    for (uint64_t rows = 0; rows < rows_of_a_piece_of_groups;) {
      auto group = inputs[0]->next_group();
      if (group.empty()) return;
      for (const auto& range : group.rows) rows += range.rows();
      piece.groups.push_back({std::move(group)});
    }
  }

  /// Both inputs come sorted by their keys: the smaller keys' group is next, alone when the other side lacks it.
  void take_cogroups(Piece& piece) {
    for (uint64_t rows = 0; rows < rows_of_a_piece_of_groups;) {
      const auto* left = inputs[0]->peek();
      const auto* right = inputs[1]->peek();
      if (left == nullptr && right == nullptr) return;
      const int order = left == nullptr ? 1 : right == nullptr ? -1 : compare(*left, *right);
      std::vector<Group> pair(2);
      if (order <= 0) pair[0] = inputs[0]->next_group();
      if (order >= 0) pair[1] = inputs[1]->next_group();
      for (const auto& group : pair) {
        for (const auto& range : group.rows) rows += range.rows();
      }
      piece.groups.push_back(std::move(pair));
    }
  }

  int compare(const RowRange& left, const RowRange& right) const {
    for (std::size_t i = 0; i < job.inputs[0].keys; ++i) {
      const auto ours = left.chunk->GetValue(job.inputs[0].kept + i, left.from);
      const auto theirs = right.chunk->GetValue(job.inputs[1].kept + i, right.from);
      if (duckdb::Value::NotDistinctFrom(ours, theirs)) continue;
      if (ours.IsNull() || theirs.IsNull()) return ours.IsNull() ? -1 : 1;  // as the inputs are sorted: NULLs first
      return ours < theirs ? -1 : 1;
    }
    return 0;
  }

  std::mutex mutex;
  std::vector<std::unique_ptr<InputReader>> inputs;
  uint64_t next_number = 0;
  std::size_t task = 0;
  int64_t rows_of_task = 0;
  bool finished = false;
};

/// Rows that wait for results to stand beside them.
struct Kept {
  RowRange range;
  uint64_t number = 0;  // of their piece
};

/// Rows that a worker has given.
struct Given {
  RowRange beside;  // shape table: the row that they are for
  arrow::ArrayVector columns;
  int64_t rows = 0;
  int64_t done = 0;
};

/// One thread's conversation with its worker.
class PythonLocal final : public duckdb::LocalTableFunctionState {
 public:
  explicit PythonLocal(PythonGlobal& global) : global_(global), job_(global.job) {}

  /// Rows into `output`, none at the end.
  void produce(duckdb::DataChunk& output) {
    while (true) {
      if (emit(output)) return;
      if (!exchange_ && ((input_ended_ && !waiting_) || !begin_task())) return;
      switch (exchange_->next(may_send())) {
        case Exchange::Event::wants_input: feed(); break;
        case Exchange::Event::batch: take_result(exchange_->take_batch()); break;
        case Exchange::Event::ended:
          exchange_.reset();
          input_ended_ = !job_.each_piece_alone && !waiting_;
          if (aligned(job_) && !kept_.empty() && results_.empty()) {
            throw_spark_error("PYTHON_WORKER_FAILED", {{"message", "The Python worker gave fewer rows than it was given"}});
          }
          break;
      }
    }
  }

  [[nodiscard]] uint64_t number() const { return number_; }

 private:
  /// False: there is no input (left) for this thread, so it needs no worker.
  bool begin_task() {
    Piece piece;
    if (waiting_) {
      piece = std::move(*waiting_);
      waiting_.reset();
    } else if (!global_.take(piece)) {
      input_ended_ = true;
      return false;
    }
    task_ = piece.task;
    input_ended_ = false;
    exchange_ = std::make_unique<Exchange>(global_.context, job_, global_.pool, global_.next_partition.fetch_add(1));
    if (!by_groups(job_)) exchange_->begin_stream(sent_schema(0));
    send(piece);
    return true;
  }

  void feed() {
    Piece piece;
    if (!job_.each_piece_alone && global_.take(piece)) {
      if (piece.task == task_) return send(piece);
      waiting_ = std::move(piece);
    }
    input_ended_ = true;
    exchange_->end_input(by_groups(job_));
  }

  /// Whether the worker may get more although it has not answered what it has. A function over an iterator may want all
  /// of the input before it gives anything; others are two pieces behind at most.
  bool may_send() const {
    if (input_ended_) return false;
    if (!aligned(job_) || job_.takes_iterator || kept_.empty()) return true;
    return kept_.back().number == kept_.front().number;
  }

  std::shared_ptr<arrow::Schema> sent_schema(std::size_t input) const {
    const auto& schema = job_.inputs[input].sent;
    if (!job_.sent_as_structure) return schema;
    return arrow::schema({arrow::field("struct", arrow::struct_(schema->fields()), false)});
  }

  void send(const Piece& piece) {
    for (const auto& group : piece.groups) {
      if (!by_groups(job_)) {
        send_rows(0, group[0].rows);
        continue;
      }
      exchange_->begin_group(static_cast<int>(group.size()));
      for (std::size_t input = 0; input < group.size(); ++input) {
        exchange_->begin_stream(sent_schema(input));
        send_rows(input, group[input].rows);
        exchange_->end_stream();
      }
    }
    // Aligned results know their piece; others leave under the number of the piece that was taken last.
    if (!aligned(job_)) number_ = piece.number;
    for (const auto& range : piece.kept) kept_.push_back({range, piece.number});
  }

  void send_rows(std::size_t input, const Rows& rows) {
    const auto& description = job_.inputs[input];
    const auto first = description.kept + description.keys;
    std::vector<idx_t> columns;
    duckdb::vector<duckdb::LogicalType> types;
    if (rows.empty()) {
      if (job_.shape != PythonShape::group_aggregate) exchange_->send_batch(*empty_batch(input));
      return;
    }
    const auto count = static_cast<std::size_t>(description.sent->num_fields());
    for (std::size_t i = 0; i < count; ++i) {
      columns.push_back(first + i);
      types.push_back(rows.front().chunk->data[first + i].GetType());
    }
    BatchBuilder builder(global_.context, types, description.sent, description.layout, job_.batch_rows);
    for (const auto& range : rows) {
      duckdb::DataChunk sent;
      sent.InitializeEmpty(types);
      for (std::size_t i = 0; i < columns.size(); ++i) sent.data[i].Reference(range.chunk->data[columns[i]]);
      sent.SetCardinality(range.chunk->size());
      for (uint64_t from = range.from; from < range.to;) {
        const auto to = std::min(range.to, from + static_cast<uint64_t>(job_.batch_rows - builder.rows()));
        builder.add(sent, from, to);
        from = to;
        if (builder.rows() == job_.batch_rows) send_batch(builder);
      }
    }
    if (builder.rows() > 0) send_batch(builder);
  }

  void send_batch(BatchBuilder& builder) {
    auto batch = builder.take();
    if (job_.sent_as_structure) batch = in_structure(*batch);
    exchange_->send_batch(*batch);
  }

  std::shared_ptr<arrow::RecordBatch> empty_batch(std::size_t input) const {
    auto batch = arrow::RecordBatch::MakeEmpty(sent_schema(input));
    check(batch.status());
    return *batch;
  }

  static std::shared_ptr<arrow::RecordBatch> in_structure(const arrow::RecordBatch& batch) {
    auto type = arrow::struct_(batch.schema()->fields());
    auto column = std::make_shared<arrow::StructArray>(type, batch.num_rows(), batch.columns());
    return arrow::RecordBatch::Make(arrow::schema({arrow::field("struct", type, false)}), batch.num_rows(), {column});
  }

  /// The result's columns, checked against what was declared.
  void take_result(const std::shared_ptr<arrow::RecordBatch>& batch) {
    Given result;
    result.rows = batch->num_rows();
    arrow::FieldVector fields = batch->schema()->fields();
    result.columns = batch->columns();
    if (job_.result_is_structure && batch->num_columns() == 1 && batch->column(0)->type_id() == arrow::Type::STRUCT) {
      const auto& structure = static_cast<const arrow::StructArray&>(*batch->column(0));
      fields = structure.type()->fields();
      result.columns = structure.fields();
    }
    check_types(fields);
    check_nulls(result.columns);
    if (job_.shape == PythonShape::table) {
      // One batch for each row; what comes at the end stands beside the last.
      result.beside = {kept_.front().range.chunk, kept_.front().range.from, kept_.front().range.from + 1};
      if (kept_.size() > 1 || kept_.front().range.rows() > 1) {
        kept_.front().range.from += 1;
        if (kept_.front().range.rows() == 0) kept_.pop_front();
      }
    }
    if (result.rows > 0) results_.push_back(std::move(result));
  }

  void check_types(const arrow::FieldVector& fields) {
    if (types_checked_) return;
    types_checked_ = true;
    const auto& wanted = job_.result->fields();
    bool same = fields.size() == wanted.size();
    for (std::size_t i = 0; same && i < fields.size(); ++i) same = fits(*fields[i], *wanted[i]);
    if (same) return;
    const auto list = [](const arrow::FieldVector& types) {
      std::string text;
      for (const auto& field : types) text += (text.empty() ? "" : ", ") + field->type()->ToString();
      return text;
    };
    throw_spark_error("ARROW_TYPE_MISMATCH",
                      {{"operation", job_.operation}, {"outputTypes", list(wanted)}, {"actualDataTypes", list(fields)}});
  }

  void check_nulls(const arrow::ArrayVector& columns) const {
    for (std::size_t i = 0; i < columns.size() && static_cast<int>(i) < job_.result->num_fields(); ++i) {
      if (job_.result->field(static_cast<int>(i))->nullable() || columns[i]->null_count() == 0) continue;
      throw_spark_error("PYTHON_WORKER_FAILED",
                        {{"message", "Value at index is null: column " + job_.result->field(static_cast<int>(i))->name() +
                                         " is declared NOT NULL"}});
    }
  }

  /// A function over Arrow batches must give what it declared, to the names; others have their worker see to that.
  [[nodiscard]] bool fits(const arrow::Field& given, const arrow::Field& wanted) const {
    constexpr int map_in_arrow = 207;
    if (job_.evaluation_type == map_in_arrow) {
      if (given.name() != wanted.name() || (given.nullable() && !wanted.nullable())) return false;
    }
    return fits(*given.type(), *wanted.type());
  }

  /// Equal but for zones and the width of offsets.
  [[nodiscard]] bool fits(const arrow::DataType& given, const arrow::DataType& wanted) const {
    using arrow::Type;
    const auto plain = [](Type::type id) {
      switch (id) {
        case Type::LARGE_STRING: return Type::STRING;
        case Type::LARGE_BINARY:
        case Type::FIXED_SIZE_BINARY: return Type::BINARY;
        case Type::LARGE_LIST:
        case Type::FIXED_SIZE_LIST: return Type::LIST;
        default: return id;
      }
    };
    if (plain(given.id()) != plain(wanted.id())) return false;
    if (given.id() == Type::DECIMAL128) {
      const auto& ours = static_cast<const arrow::Decimal128Type&>(given);
      const auto& theirs = static_cast<const arrow::Decimal128Type&>(wanted);
      return ours.scale() == theirs.scale() && ours.precision() == theirs.precision();
    }
    if (given.num_fields() != wanted.num_fields()) return false;
    const bool is_structure = given.id() == Type::STRUCT;
    for (int i = 0; i < given.num_fields(); ++i) {
      const bool same =
          is_structure ? fits(*given.field(i), *wanted.field(i)) : fits(*given.field(i)->type(), *wanted.field(i)->type());
      if (!same) return false;
    }
    return true;
  }

  /// False: nothing to give yet.
  bool emit(duckdb::DataChunk& output) {
    if (results_.empty()) return false;
    auto& result = results_.front();
    auto count = std::min<int64_t>(result.rows - result.done, STANDARD_VECTOR_SIZE);
    const Kept* kept = nullptr;
    if (aligned(job_)) {
      if (kept_.empty()) {
        throw_spark_error("PYTHON_WORKER_FAILED", {{"message", "The Python worker gave more rows than it was given"}});
      }
      kept = &kept_.front();
      number_ = kept->number;
      count = std::min<int64_t>(count, static_cast<int64_t>(kept->range.rows()));
    }
    const auto rows = static_cast<idx_t>(count);
    const auto kept_columns = job_.kept_types.size();
    for (idx_t i = 0; i < output.ColumnCount(); ++i) {
      const auto column = global_.columns[i];
      if (column < kept_columns && kept == nullptr) {
        output.data[i].Reference(result.beside.chunk->GetValue(column, result.beside.from));
      } else if (column < kept_columns) {
        output.data[i].Slice(kept->range.chunk->data[column], kept->range.from, kept->range.from + rows);
      } else if (column - kept_columns < result.columns.size()) {
        to_vector(*result.columns[column - kept_columns], result.done, count, output.data[i]);
      } else {
        output.data[i].Reference(duckdb::Value(output.data[i].GetType()));  // rows are only counted
      }
    }
    output.SetCardinality(rows);
    result.done += count;
    if (result.done == result.rows) results_.pop_front();
    if (kept != nullptr) {
      kept_.front().range.from += rows;
      if (kept_.front().range.rows() == 0) kept_.pop_front();
    }
    return true;
  }

  PythonGlobal& global_;
  const PythonJob& job_;
  std::unique_ptr<Exchange> exchange_;
  std::deque<Kept> kept_;
  std::deque<Given> results_;
  uint64_t number_ = 0;
  bool input_ended_ = false;      // of the task under way; without one: of all
  std::optional<Piece> waiting_;  // the first of the next task
  std::size_t task_ = 0;
  bool types_checked_ = false;
};

duckdb::unique_ptr<duckdb::FunctionData> bind(duckdb::ClientContext&, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names) {
  const auto& info = input.info->Cast<PythonInfo>();
  auto data = duckdb::make_uniq<PythonData>();
  data->job = reinterpret_cast<const PythonJob*>(input.inputs.at(0).GetPointer());
  data->engine = &info.engine;
  data->pool = &info.pool;
  for (const auto& type : data->job->kept_types) types.push_back(type);
  for (const auto& type : data->job->result_types) types.push_back(type);
  if (types.empty()) types.push_back(duckdb::LogicalType::BOOLEAN);  // rows without columns are rows
  for (std::size_t i = 0; i < types.size(); ++i) names.push_back("c" + std::to_string(i));
  return data;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> init_global(duckdb::ClientContext& context,
                                                                 duckdb::TableFunctionInitInput& input) {
  auto state = duckdb::make_uniq<PythonGlobal>(context, input.bind_data->Cast<PythonData>());
  state->columns = input.column_ids;
  return state;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> init_local(duckdb::ExecutionContext&, duckdb::TableFunctionInitInput&,
                                                               duckdb::GlobalTableFunctionState* global) {
  return duckdb::make_uniq<PythonLocal>(global->Cast<PythonGlobal>());
}

void scan(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  input.local_state->Cast<PythonLocal>().produce(output);
}

duckdb::OperatorPartitionData partition_data(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<PythonLocal>().number());
}

}  // namespace

void register_python_rows(duckdb::ExtensionLoader& loader, Engine& engine, WorkerPool& pool) {
  duckdb::TableFunction function("mastic_python", {duckdb::LogicalType::POINTER}, scan, bind, init_global, init_local);
  function.projection_pushdown = true;
  function.get_partition_data = partition_data;
  function.function_info = duckdb::make_shared_ptr<PythonInfo>(engine, pool);
  loader.RegisterFunction(std::move(function));
}

}  // namespace mastic::engine
