// XML through libxml2: a document, and what Spark sees of its elements. Nothing is fetched and no outside entity is read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/sources/named_options.h"

// libxml2's, whose headers only some files may include.
struct _xmlDoc;
struct _xmlNode;

namespace mastic::engine::xml {

using Node = _xmlNode;

struct FreeDocument {
  void operator()(_xmlDoc* document) const;
};
using Document = std::unique_ptr<_xmlDoc, FreeDocument>;

/// Null: malformed. The text is UTF-8, whatever it declares.
Document parse(std::string_view text);
/// Null: no document.
Node* root_of(const Document& document);

/// An XML schema of a local file, by which rows are checked. Any thread.
class Validation {
 public:
  /// Without a path everything is valid. Throws for a file that is no schema.
  explicit Validation(const std::string& path);
  [[nodiscard]] bool allows(const Document& document) const;

 private:
  std::shared_ptr<void> schema_;
};

/// What the options say of reading.
struct Reading {
  Reading() = default;
  explicit Reading(const NamedOptions& options);

  std::string attribute_prefix = "_";
  std::string value_tag = "_VALUE";
  bool attributes = true;
  bool prefixes = true;  // of names, as written
  bool trims = true;
  std::optional<std::string> null_value;

  [[nodiscard]] std::string_view trimmed(std::string_view text) const;
  /// nullopt: it stands for NULL.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view text) const;
};

std::string_view view(const unsigned char* text);
std::string_view without_blanks(std::string_view text);
bool is_text(const Node* node);
std::string name_of(const Node* node, const Reading& reading);
std::vector<Node*> elements_of(const Node* node);
/// With the prefix before their names; declarations of namespaces are among them.
std::vector<std::pair<std::string, std::string>> attributes_of(Node* node, const Reading& reading);
/// The characters between an element's children.
std::string own_text(const Node* node);
/// What stands between an element's tags: its characters, or markup as it was written.
std::string inner_text(Node* node);

/// Digits as JSON has them: no plus, no zeros in front. Empty: no number.
std::string number_text(std::string_view text);

}  // namespace mastic::engine::xml
