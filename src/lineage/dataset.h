// Datasets by OpenLineage's naming rules: a namespace, which is the store, and a name inside it.
//
//   s3://claims-reports/report/        namespace s3://claims-reports     name report
//   /tmp/out                           namespace file                    name /tmp/out
//   a catalog table                    namespace arn:aws:glue:REGION:ACCOUNT      name table/DATABASE/TABLE
//   a DynamoDB table                   namespace arn:aws:dynamodb:REGION:ACCOUNT  name table/TABLE
//   a data source in Python            namespace python                 name SOURCE, or SOURCE/WHAT
//
// OpenLineage has no rule for DynamoDB; its table goes by its ARN, cut as the rule for Glue cuts one.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mastic::lineage {

struct DatasetName {
  std::string name_space;
  std::string name;
  auto operator<=>(const DatasetName&) const = default;
};

struct Field {
  std::string name;
  std::string type;  // Spark's simple string; empty: not known
};

struct Dataset {
  DatasetName name;
  std::vector<DatasetName> symlinks;  // what else names the same data: the catalog table that it was read through
  std::vector<Field> fields;
  uint64_t files = 0;  // that were read; 0: not files
  uint64_t bytes = 0;
};

/// Where the account's resources are: parts of ARNs.
struct Place {
  std::string region = "us-east-1";
  std::string account = "000000000000";
};

DatasetName name_of_path(std::string_view path);
DatasetName name_of_items(const Place& place, std::string_view table);
/// A data source that is written in Python: its short name, and what it was asked for (may be empty).
DatasetName name_of_python_source(std::string_view source, std::string_view what);
DatasetName name_of_table(const Place& place, std::string_view database, std::string_view table);
/// A catalog's location: a path, or a DynamoDB table's ARN.
DatasetName name_of_location(std::string_view location);

/// `s3://bucket/name`, `arn:aws:glue:…:table/d/t`: one text for both parts.
std::string text_of(const DatasetName& name);
/// What people call it: `s3://bucket/name`, `insurance.claims`, `dynamodb:claims`.
std::string short_text_of(const DatasetName& name);
/// The dataset that a person means by `s3://b/p`, `file:/p`, `/p`, `dynamodb:T`, `python:S`, `DATABASE.TABLE`, or an ARN.
DatasetName parse_dataset(const Place& place, std::string_view text);

}  // namespace mastic::lineage
