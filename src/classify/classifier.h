// A classifier that a user wrote: which files it takes and how they are to be read. Plain values.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace mastic::classify {

struct GrokClassifier {
  std::string name;
  std::string classification;
  std::string pattern;
  std::string custom_patterns;  // lines of `NAME pattern`
};

struct XmlClassifier {
  std::string name;
  std::string classification;
  std::string row_tag;
};

struct JsonClassifier {
  std::string name;
  std::string json_path;  // `$`, `$[*]`, `$.records[*]`
};

enum class Header : uint8_t { unknown, present, absent };

struct CsvClassifier {
  std::string name;
  std::string delimiter;  // empty: found out
  std::string quote;      // empty: "
  Header header = Header::unknown;
  std::vector<std::string> columns;    // names; empty: the file's header, or col0, col1, …
  std::vector<std::string> datatypes;  // by column; empty: found out
  bool trims_values = true;
  bool allows_single_column = false;
  std::string serde;  // OpenCSVSerDe, LazySimpleSerDe, None
};

using Classifier = std::variant<GrokClassifier, XmlClassifier, JsonClassifier, CsvClassifier>;

}  // namespace mastic::classify
