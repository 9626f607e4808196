// XPath 1.0 over XML texts, through libxml2.
//   spark_xpath(xml, path) → VARCHAR[]: the values of the nodes; an element has none (NULL), as in Java's DOM
//   spark_xpath_string, spark_xpath_boolean, spark_xpath_double: NULL for an empty XML text or path
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include <memory>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
struct FreeContext {
  void operator()(xmlXPathContext* context) const { xmlXPathFreeContext(context); }
};
struct FreeObject {
  void operator()(xmlXPathObject* object) const { xmlXPathFreeObject(object); }
};
struct FreeText {
  void operator()(xmlChar* text) const { xmlFree(text); }
};
using Object = std::unique_ptr<xmlXPathObject, FreeObject>;

std::string text_of(xmlChar* text) {
  const std::unique_ptr<xmlChar, FreeText> owned(text);
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

/// One row's document with the path's value.
class Evaluation {
 public:
  Evaluation(std::string_view xml, const std::string& path) {
    // No network, no entities from outside: the text is a user's.
    document_.reset(xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr,
                                  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
    if (!document_) fail_to_load(path);
    context_.reset(xmlXPathNewContext(document_.get()));
    context_->node = reinterpret_cast<xmlNode*>(document_.get());  // relative paths begin at the document
    xmlSetStructuredErrorFunc(context_.get(), [](void*, auto) {});
    value_.reset(xmlXPathEvalExpression(reinterpret_cast<const xmlChar*>(path.c_str()), context_.get()));
    xmlSetStructuredErrorFunc(nullptr, nullptr);
    if (!value_) fail_to_load(path);
  }
  [[nodiscard]] const xmlXPathObject& value() const { return *value_; }
  [[nodiscard]] std::string string() const { return text_of(xmlXPathCastToString(value_.get())); }
  [[nodiscard]] double number() const { return xmlXPathCastToNumber(value_.get()); }
  [[nodiscard]] bool boolean() const { return xmlXPathCastToBoolean(value_.get()) != 0; }

 private:
  [[noreturn]] static void fail_to_load(const std::string& path) {
    throw_spark_error("INTERNAL_ERROR", {{"message", "Error loading expression '" + path + "'"}});
  }
  std::unique_ptr<xmlDoc, FreeDocument> document_;
  std::unique_ptr<xmlXPathContext, FreeContext> context_;
  Object value_;
};

bool is_empty(string_t xml, string_t path) { return xml.GetSize() == 0 || path.GetSize() == 0; }

template <typename T, typename Take>
void scalar(DataChunk& input, Vector& result, Take take) {
  duckdb::BinaryExecutor::ExecuteWithNulls<string_t, string_t, T>(
      input.data[0], input.data[1], result, input.size(), [&](string_t xml, string_t path, ValidityMask& mask, idx_t row) -> T {
        if (is_empty(xml, path)) {
          mask.SetInvalid(row);
          return T{};
        }
        return take(Evaluation(view(xml), path.GetString()));
      });
}
void as_string(DataChunk& input, ExpressionState&, Vector& result) {
  scalar<string_t>(input, result, [&](const Evaluation& evaluation) { return add_string(result, evaluation.string()); });
}
void as_boolean(DataChunk& input, ExpressionState&, Vector& result) {
  scalar<bool>(input, result, [](const Evaluation& evaluation) { return evaluation.boolean(); });
}
void as_double(DataChunk& input, ExpressionState&, Vector& result) {
  scalar<double>(input, result, [](const Evaluation& evaluation) { return evaluation.number(); });
}

void as_list(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const auto text = LogicalType(LogicalTypeId::VARCHAR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto xml = input.data[0].GetValue(row);
    const auto path = input.data[1].GetValue(row);
    const bool missing =
        xml.IsNull() || path.IsNull() || duckdb::StringValue::Get(xml).empty() || duckdb::StringValue::Get(path).empty();
    if (missing) {
      result.SetValue(row, Value(LogicalType::LIST(text)));
      continue;
    }
    const Evaluation evaluation(duckdb::StringValue::Get(xml), duckdb::StringValue::Get(path));
    duckdb::vector<Value> values;
    const auto* nodes = evaluation.value().type == XPATH_NODESET ? evaluation.value().nodesetval : nullptr;
    for (int i = 0; nodes != nullptr && i < nodes->nodeNr; ++i) {
      auto* node = nodes->nodeTab[i];
      values.push_back(node->type == XML_ELEMENT_NODE ? Value(text) : Value(text_of(xmlNodeGetContent(node))));
    }
    result.SetValue(row, Value::LIST(text, std::move(values)));
  }
}

}  // namespace

void register_xpath_functions(duckdb::ExtensionLoader& loader) {
  xmlInitParser();
  const auto text = LogicalType(LogicalTypeId::VARCHAR);
  const auto add = [&](const char* name, const LogicalType& type, void (*body)(DataChunk&, ExpressionState&, Vector&)) {
    loader.RegisterFunction(kernel(name, {text, text}, type, body));
  };
  add("spark_xpath", LogicalType::LIST(text), as_list);
  add("spark_xpath_string", text, as_string);
  add("spark_xpath_boolean", LogicalType::BOOLEAN, as_boolean);
  add("spark_xpath_double", LogicalType::DOUBLE, as_double);
}

}  // namespace mastic::engine
