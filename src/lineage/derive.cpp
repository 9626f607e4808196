// Relations: one function a kind. Each makes its input's columns and rows known first.
#include "lineage/derive.h"

#include <algorithm>
#include <charconv>
#include <ranges>

#include "lineage/derivation.h"

namespace mastic::lineage {

using namespace spark;

namespace {

/// A plan of 1,000 columns through an opaque function of 1,000 has a million edges: nobody reads that.
constexpr std::size_t edges_max = 200'000;
/// A read that names more places than this is of the folder that holds them all.
constexpr std::size_t roots_max = 20;

void append(Edges& into, const Edges& from) { into.insert(into.end(), from.begin(), from.end()); }

std::string_view parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(0, slash);
}

/// The deepest folder that holds all of the paths.
std::string common_folder(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  std::string_view common = paths.front();
  for (const auto& path : paths) {
    const auto [at, other] = std::ranges::mismatch(common, path);
    common = common.substr(0, static_cast<std::size_t>(at - common.begin()));
  }
  const bool whole = std::ranges::all_of(
      paths, [&](const std::string& path) { return path.size() == common.size() || path[common.size()] == '/'; });
  return std::string(whole ? common : parent_of(common));
}

/// The places that a read names; a glob is the folder before its first special character, a partition's folder the table's.
std::vector<std::string> places_of(const ReadFiles& read) {
  std::vector<std::string> places;
  if (const auto named = read.options.find("path"); named != read.options.end()) {
    // A line a place.
    for (const auto line : std::views::split(named->second, '\n')) places.emplace_back(line.begin(), line.end());
  }
  if (places.empty()) {
    for (const auto& file : read.files) places.emplace_back(parent_of(file.path));
    if (!places.empty()) places = {common_folder(places)};
  }
  for (auto& place : places) {
    if (const auto special = place.find_first_of("*?[{"); special != std::string::npos)
      place = parent_of(std::string_view(place).substr(0, special));
    while (place.ends_with('/')) place.pop_back();
  }
  std::ranges::sort(places);
  places.erase(std::unique(places.begin(), places.end()), places.end());
  if (places.size() > roots_max) places = {common_folder(places)};
  return places;
}

}  // namespace

const Edges& Derivation::column(ColumnId id) const {
  static const Edges none;
  const auto found = columns_.find(id);
  return found == columns_.end() ? none : found->second;
}

void Derivation::define(ColumnId id, Edges edges) {
  normalize(edges);
  if (edges_ + edges.size() > edges_max) {
    lineage_.truncated = true;
    return;
  }
  edges_ += edges.size();
  columns_.insert_or_assign(id, std::move(edges));
}

void Derivation::define(const NamedExpression& named) {
  if (!named.expression) return;
  // Passed on unchanged: what is known of the id stays.
  const auto* reference = std::get_if<ColumnReference>(&named.expression->node);
  if (reference != nullptr && reference->id == named.id) return;
  Edges edges;
  add(*named.expression, {}, edges);
  if (reference == nullptr && !edges.empty()) {
    // The words are made only for what comes from somewhere.
    const auto text = text_of(*named.expression);
    for (auto& edge : edges)
      if (edge.text == 0 && edge.kind != Kind::identity) edge.text = text;
  }
  define(named.id, std::move(edges));
}

void Derivation::decide(const ExpressionPtr& expression, Kind kind, Edges& rows) {
  if (!expression) return;
  const auto before = rows.size();
  add(*expression, {.kind = kind}, rows);
  if (rows.size() == before) return;
  const auto text = std::holds_alternative<ColumnReference>(expression->node) ? 0 : text_of(*expression);
  for (auto i = before; i < rows.size(); ++i)
    if (rows[i].kind == kind && rows[i].text == 0) rows[i].text = text;
}

uint32_t Derivation::dataset(const DatasetName& name, const std::optional<DatasetName>& symlink) {
  const auto [found, added] = datasets_.try_emplace(name, static_cast<uint32_t>(lineage_.inputs.size()));
  if (added) lineage_.inputs.push_back({.name = name, .symlinks = {}, .fields = {}});
  auto& symlinks = lineage_.inputs[found->second].symlinks;
  if (symlink && std::ranges::find(symlinks, *symlink) == symlinks.end()) symlinks.push_back(*symlink);
  return found->second;
}

uint32_t Derivation::field(uint32_t dataset, const std::string& name, const std::string& type) {
  const auto [found, added] = fields_.try_emplace({dataset, name}, static_cast<uint32_t>(lineage_.fields.size()));
  if (added) {
    lineage_.fields.push_back({dataset, name});
    lineage_.inputs[dataset].fields.push_back({name, type});
  }
  return found->second;
}

Derivation::Imported Derivation::import(const Lineage& other) {
  std::vector<uint32_t> datasets;
  for (const auto& input : other.inputs) {
    auto id = dataset(input.name, std::nullopt);
    for (const auto& symlink : input.symlinks) id = dataset(input.name, symlink);
    for (const auto& known : input.fields) field(id, known.name, known.type);
    datasets.push_back(id);
  }
  std::vector<uint32_t> fields;
  for (const auto& known : other.fields) fields.push_back(field(datasets[known.dataset], known.name, ""));
  std::vector<uint32_t> texts;
  for (const auto& text : other.texts) texts.push_back(text.empty() ? 0 : intern(text));
  const auto own = [&](Edges edges) {
    for (auto& edge : edges) {
      edge.field = fields[edge.field];
      edge.text = texts[edge.text];
    }
    return edges;
  };
  Imported imported{.columns = {}, .all_rows = own(other.all_rows)};
  for (const auto& column : other.columns) imported.columns.push_back(own(column.from));
  lineage_.truncated = lineage_.truncated || other.truncated;
  return imported;
}

struct RelationWalk {
  Derivation& derivation;
  const Relation& relation;
  Edges rows;

  void input(const RelationPtr& plan) {
    if (plan) append(rows, derivation.rows(plan));
  }
  void decide(const std::vector<ExpressionPtr>& expressions, Kind kind) {
    for (const auto& expression : expressions) derivation.decide(expression, kind, rows);
  }
  void decide(const std::vector<SortOrder>& orders, Kind kind) {
    for (const auto& order : orders) derivation.decide(order.child, kind, rows);
  }
  void decide_all(const std::vector<Attribute>& columns, Kind kind) {
    for (const auto& column : columns)
      for (const auto& edge : derivation.column(column.id)) rows.push_back(compose({.kind = kind}, edge));
  }
  /// Each of `results` from each of `from`: what an opaque function does.
  void opaque(const std::vector<Attribute>& results, const Edges& from, const std::string& function) {
    const Above above{.kind = Kind::transformation, .text = derivation.intern(function)};
    Edges edges;
    for (const auto& edge : from) edges.push_back(compose(above, edge));
    normalize(edges);
    for (const auto& result : results) derivation.define(result.id, edges);
  }
  Edges all_of(const std::vector<Attribute>& columns) {
    Edges edges;
    for (const auto& column : columns) append(edges, derivation.column(column.id));
    return edges;
  }

  static void count(const ReadFiles& node, const std::string& place, Dataset& dataset) {
    for (const auto& file : node.files) {
      const std::string_view path = file.path;
      if (!path.starts_with(place) || (path.size() > place.size() && path[place.size()] != '/')) continue;
      ++dataset.files;
      dataset.bytes += file.size_bytes;
    }
  }

  // Sources.
  void operator()(const OneRow&) {}
  void operator()(const LocalData&) {}
  void operator()(const RangeRows&) {}
  void operator()(const ReadFiles& node) {
    std::optional<DatasetName> symlink;
    if (const auto dot = node.table.find('.'); dot != std::string::npos)
      symlink = name_of_table(derivation.environment_.place, node.table.substr(0, dot), node.table.substr(dot + 1));
    const auto read = std::min(relation.output.size(), node.data_columns.size() + node.partition_columns.size());
    std::vector<Edges> edges(read);
    for (const auto& place : places_of(node)) {
      const auto dataset = derivation.dataset(name_of_location(place), symlink);
      count(node, place, derivation.lineage_.inputs[dataset]);
      for (std::size_t i = 0; i < read; ++i) {
        const auto& field =
            i < node.data_columns.size() ? node.data_columns[i] : node.partition_columns[i - node.data_columns.size()];
        edges[i].push_back({derivation.field(dataset, field.name, simple_string(field.type)), Kind::identity, false, 0});
      }
    }
    // What follows is about the files, not from them (_metadata).
    for (std::size_t i = 0; i < read; ++i) derivation.define(relation.output[i].id, std::move(edges[i]));
  }
  void operator()(const ReadItems& node) {
    const auto& place = derivation.environment_.place;
    std::optional<DatasetName> symlink;
    if (const auto dot = node.catalog_table.find('.'); dot != std::string::npos)
      symlink = name_of_table(place, node.catalog_table.substr(0, dot), node.catalog_table.substr(dot + 1));
    const auto dataset = derivation.dataset(name_of_items(place, node.table), symlink);
    for (const auto& column : relation.output)
      derivation.define(column.id,
                        {{derivation.field(dataset, column.name, simple_string(column.type)), Kind::identity, false, 0}});
  }
  void operator()(const ReadCached& node) {
    const auto& kept = derivation.environment_.kept;
    const auto known = kept ? kept(node.name) : nullptr;
    if (known == nullptr) return;
    auto imported = derivation.import(*known);
    for (std::size_t i = 0; i < std::min(relation.output.size(), imported.columns.size()); ++i)
      derivation.define(relation.output[i].id, std::move(imported.columns[i]));
    append(rows, imported.all_rows);
  }

  // Columns made.
  void operator()(const Project& node) {
    input(node.input);
    for (const auto& expression : node.expressions) derivation.define(expression);
  }
  void operator()(const Aggregate& node) {
    input(node.input);
    for (const auto& grouping : node.groupings) {
      derivation.decide(grouping.expression, Kind::group_by, rows);
      derivation.define(grouping);
    }
    for (const auto& aggregate : node.aggregates) derivation.define(aggregate);
  }
  void operator()(const Window& node) {
    input(node.input);
    for (const auto& expression : node.expressions) derivation.define(expression);
  }
  void operator()(const Generate& node) {
    input(node.input);
    Edges edges;
    for (const auto& argument : node.arguments) derivation.add(argument, {.kind = Kind::transformation}, edges);
    opaque(node.generated, edges, node.generator);
  }

  // Rows chosen, joined, ordered.
  void operator()(const Filter& node) {
    input(node.input);
    derivation.decide(node.condition, Kind::filter, rows);
  }
  void operator()(const Sort& node) {
    input(node.input);
    decide(node.orders, Kind::sort);
  }
  void operator()(const Limit& node) { input(node.input); }
  void operator()(const Tail& node) { input(node.input); }
  void operator()(const Join& node) {
    input(node.left);
    input(node.right);
    derivation.decide(node.condition, Kind::join, rows);
  }
  void operator()(const SetOp& node) {
    input(node.left);
    input(node.right);
    const auto& left = node.left->output;
    const auto& right = node.right->output;
    if (node.operation != SetOperation::union_) {
      // Whether a row of the left is in the answer depends on all of both.
      decide_all(left, Kind::filter);
      decide_all(right, Kind::filter);
      return;
    }
    for (std::size_t i = 0; i < std::min({relation.output.size(), left.size(), right.size()}); ++i) {
      Edges edges = derivation.column(left[i].id);
      append(edges, derivation.column(right[i].id));
      derivation.define(relation.output[i].id, std::move(edges));
    }
    if (!node.all) decide_all(relation.output, Kind::group_by);
  }
  void operator()(const Deduplicate& node) {
    input(node.input);
    for (const auto& column : node.input->output) {
      if (!node.keys.empty() && std::ranges::find(node.keys, column.id) == node.keys.end()) continue;
      decide_all({column}, Kind::group_by);
    }
  }
  void operator()(const Sample& node) { input(node.input); }
  void operator()(const Repartition& node) { input(node.input); }
  void operator()(const Observe& node) { input(node.input); }

  // Python.
  void operator()(const PythonTransform& node) {
    if (node.each_row_alone && !node.function.arguments.empty()) return python_source(node.function);
    input(node.input);
    input(node.other);
    auto from = all_of(node.columns);
    append(from, all_of(node.other_columns));
    decide(node.grouping, Kind::group_by);
    decide(node.other_grouping, Kind::group_by);
    decide(node.orders, Kind::sort);
    decide(node.other_orders, Kind::sort);
    opaque(relation.output, from, node.function.name.empty() ? "Python function" : node.function.name);
  }
  /// A data source in Python: its last argument says what was asked of it (analyze/python/data_source.cpp).
  void python_source(const PythonCall& source) {
    const auto* literal = std::get_if<Literal>(&source.arguments.back()->node);
    const auto* what = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
    const auto dataset = derivation.dataset(name_of_python_source(source.name, what != nullptr ? *what : ""), std::nullopt);
    for (const auto& column : relation.output)
      derivation.define(column.id,
                        {{derivation.field(dataset, column.name, simple_string(column.type)), Kind::identity, false, 0}});
  }
  void operator()(const PythonEvaluate& node) {
    input(node.input);
    for (const auto& call : node.calls) derivation.define(call);
  }
  void operator()(const PythonAggregate& node) {
    input(node.input);
    for (const auto& grouping : node.groupings) {
      derivation.decide(grouping.expression, Kind::group_by, rows);
      derivation.define(grouping);
    }
    for (const auto& call : node.calls) derivation.define(call);
  }
  void operator()(const PythonWindow& node) {
    input(node.input);
    for (const auto& call : node.calls) derivation.define(call);
  }
  void operator()(const PythonTable& node) {
    input(node.input);
    Edges from;
    for (const auto& argument : node.arguments) derivation.add(argument, {.kind = Kind::transformation}, from);
    decide(node.orders, Kind::sort);
    opaque(node.generated, from, node.name);
  }

  void operator()(const Alias& node) {
    input(node.input);
    if (node.hint == driver_hint && node.hint_arguments.size() == 2) from_driver(node);
  }
  /// The rows went through the driver: they come from what was fetched there.
  void from_driver(const Alias& node) {
    int64_t plan_id = 0;
    const auto& id = node.hint_arguments[1];
    std::from_chars(id.data(), id.data() + id.size(), plan_id);
    const auto& fetched = derivation.environment_.fetched;
    const auto known = fetched ? fetched(plan_id) : nullptr;
    if (known == nullptr) return;
    auto imported = derivation.import(*known);
    append(rows, imported.all_rows);
    Edges all;
    for (const auto& column : imported.columns) append(all, column);
    const std::string function = "Python function in the driver";
    if (node.hint_arguments[0] == "map") return opaque(relation.output, all, function);
    for (const auto& result : relation.output) {
      for (std::size_t i = 0; i < imported.columns.size(); ++i)
        if (known->columns[i].name == result.name) derivation.define(result.id, imported.columns[i]);
    }
    if (node.hint_arguments[0] != "filter") return;
    const Above above{.kind = Kind::filter, .text = derivation.intern(function)};
    for (const auto& edge : all) rows.push_back(compose(above, edge));
  }
};

const Edges& Derivation::rows(const RelationPtr& plan) {
  static const Edges none;
  if (plan == nullptr) return none;
  if (const auto found = done_.find(plan.get()); found != done_.end()) return found->second;
  RelationWalk walk{*this, *plan, {}};
  std::visit(walk, plan->node);
  normalize(walk.rows);
  return done_.insert_or_assign(plan.get(), std::move(walk.rows)).first->second;
}

Lineage derive(const RelationPtr& plan, const Environment& environment) {
  Lineage lineage;
  if (plan == nullptr) return lineage;
  Derivation derivation(environment, lineage);
  lineage.all_rows = derivation.rows(plan);
  for (const auto& attribute : plan->output)
    lineage.columns.push_back({attribute.name, simple_string(attribute.type), derivation.column(attribute.id)});
  return lineage;
}

}  // namespace mastic::lineage
