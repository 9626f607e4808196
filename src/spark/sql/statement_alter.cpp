// ALTER TABLE and ALTER VIEW.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {

SparkResult<Statement> Grammar::alter_table(bool is_view) {
  AlterTableStatement result;
  result.is_view = is_view;
  TRY(parts, identifier());
  result.name = std::move(parts);
  if (is_view && (at_word("AS") || at_query())) {
    take_word("AS");
    AlterViewStatement view{.name = result.name, .query = {}, .query_text = {}};
    const std::size_t begin = at_;
    TRY(body, query());
    view.query = std::move(body);
    view.query_text = text_since(begin);
    return view;
  }
  if (at_words({"ADD", "CONSTRAINT"}) || at_words({"DROP", "CONSTRAINT"}))
    return fail(unsupported_here("constraints of tables"));
  if (at_word("ADD") && at_any_word({"COLUMN", "COLUMNS"}, 1)) {
    at_ += 2;
    TRY(added, add_columns());
    result.action = std::move(added);
  } else if (take_words({"REPLACE", "COLUMNS"})) {
    TRY(replaced, add_columns());
    replaced.replace = true;
    result.action = std::move(replaced);
  } else if (at_word("DROP") && at_any_word({"COLUMN", "COLUMNS"}, 1)) {
    at_ += 2;
    DropColumns dropped;
    dropped.if_exists = take_words({"IF", "EXISTS"});
    const bool parenthesis = take_symbol("(");
    do {
      TRY(column, identifier());
      dropped.names.push_back(std::move(column));
    } while (take_symbol(","));
    if (parenthesis) TRY_DO(expect_symbol(")"));
    result.action = std::move(dropped);
  } else if (take_words({"RENAME", "COLUMN"})) {
    TRY(from, identifier());
    TRY_DO(expect_word("TO"));
    TRY(to, name());
    result.action = RenameColumn{std::move(from), std::move(to)};
  } else if (take_words({"RENAME", "TO"})) {
    TRY(to, identifier());
    result.action = RenameTable{std::move(to)};
  } else if (at_word("CHANGE") || (at_word("ALTER") && !at_word("CLUSTER", 1))) {
    ++at_;
    if (!take_word("COLUMN")) take_word("COLUMNS");
    TRY(columns, alter_columns());
    result.action = std::move(columns);
  } else if (take_words({"SET", "TBLPROPERTIES"})) {
    TRY(set, properties());
    result.action = SetProperties{std::move(set)};
  } else if (take_words({"UNSET", "TBLPROPERTIES"})) {
    UnsetProperties unset;
    unset.if_exists = take_words({"IF", "EXISTS"});
    TRY(keys, property_keys());
    unset.keys = std::move(keys);
    result.action = std::move(unset);
  } else if (take_words({"SET", "SERDE"})) {
    TRY(library, string_text());
    SetSerde serde{.library = std::move(library), .properties = {}};
    if (take_words({"WITH", "SERDEPROPERTIES"})) {
      TRY(found, properties());
      serde.properties = std::move(found);
    }
    result.action = std::move(serde);
  } else if (take_words({"SET", "SERDEPROPERTIES"})) {
    TRY(found, properties());
    result.action = SetSerde{.library = {}, .properties = std::move(found)};
  } else if (take_words({"RECOVER", "PARTITIONS"})) {
    result.action = RecoverPartitions{};
  } else if (at_word("ADD")) {
    ++at_;
    AddPartitions added;
    added.if_not_exists = take_words({"IF", "NOT", "EXISTS"});
    do {
      take_symbol(",");
      AddPartitions::Partition partition;
      TRY(spec, partition_spec());
      partition.spec = std::move(spec);
      if (take_word("LOCATION")) {
        TRY(location, string_text());
        partition.location = std::move(location);
      }
      added.partitions.push_back(std::move(partition));
    } while (at_word("PARTITION") || at_symbol(","));
    result.action = std::move(added);
  } else if (at_word("DROP")) {
    ++at_;
    DropPartitions dropped;
    dropped.if_exists = take_words({"IF", "EXISTS"});
    do {
      TRY(spec, partition_spec());
      dropped.specs.push_back(std::move(spec));
    } while (take_symbol(","));
    take_word("PURGE");
    result.action = std::move(dropped);
  } else if (at_word("PARTITION")) {
    TRY(spec, partition_spec());
    if (take_words({"SET", "LOCATION"})) {
      TRY(location, string_text());
      result.action = SetLocation{std::move(spec), std::move(location)};
    } else {
      TRY_DO(expect_word("RENAME"));
      TRY_DO(expect_word("TO"));
      TRY(to, partition_spec());
      result.action = RenamePartition{std::move(spec), std::move(to)};
    }
  } else if (take_words({"SET", "LOCATION"})) {
    TRY(location, string_text());
    result.action = SetLocation{{}, std::move(location)};
  } else if (take_words({"CLUSTER", "BY"})) {
    ClusterBy cluster;
    if (!take_word("NONE")) {
      TRY(columns, name_list());
      cluster.columns = std::move(columns);
    }
    result.action = std::move(cluster);
  } else {
    return fail(error_here());
  }
  return result;
}

SparkResult<AddColumns> Grammar::add_columns() {
  AddColumns result;
  const bool parenthesis = take_symbol("(");
  do {
    AddColumns::Column column;
    // A dotted name adds a field to a struct.
    if (at_symbol(".", 1)) return fail(unsupported_here("ALTER TABLE ADD COLUMN of a field inside a struct"));
    TRY(field, struct_field(false));
    column.field = std::move(field);
    column.first = take_word("FIRST");
    if (take_word("AFTER")) {
      TRY(after, name());
      column.after = std::move(after);
    }
    result.columns.push_back(std::move(column));
  } while (take_symbol(","));
  if (parenthesis) TRY_DO(expect_symbol(")"));
  return result;
}

// ALTER COLUMN a TYPE BIGINT · a COMMENT 'x' · a FIRST · a AFTER b · a SET NOT NULL · CHANGE COLUMN a a INT COMMENT 'x'
SparkResult<std::vector<AlterColumn>> Grammar::alter_columns() {
  std::vector<AlterColumn> result;
  do {
    AlterColumn change;
    TRY(parts, identifier());
    change.name = std::move(parts);
    if (at_any_word({"SET", "DROP"}) && at_word("DEFAULT", 1)) return fail(unsupported_here("ALTER COLUMN … DEFAULT"));
    if (take_words({"SET", "NOT", "NULL"})) {
      change.nullable = false;
    } else if (take_words({"DROP", "NOT", "NULL"})) {
      change.nullable = true;
    } else if (!at_any_word({"TYPE", "COMMENT", "FIRST", "AFTER"})) {  // Hive's form repeats the name
      TRY(again, name());
      if (!equal_ignoring_case(again, change.name.back())) return fail(unsupported_here("renaming by CHANGE COLUMN"));
      take_symbol(":");
      TRY(type, data_type());
      change.type = std::move(type);
    }
    for (bool matched = true; matched;) {
      matched = true;
      if (take_word("TYPE")) {
        TRY(type, data_type());
        change.type = std::move(type);
      } else if (take_word("COMMENT")) {
        TRY(comment, string_text());
        change.comment = std::move(comment);
      } else if (take_word("FIRST")) {
        change.first = true;
      } else if (take_word("AFTER")) {
        TRY(after, name());
        change.after = std::move(after);
      } else {
        matched = false;
      }
    }
    result.push_back(std::move(change));
  } while (take_symbol(","));
  return result;
}

}  // namespace mastic::spark::sql
