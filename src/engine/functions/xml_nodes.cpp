#include "engine/functions/xml_nodes.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>

#include <algorithm>
#include <cctype>

#include "engine/duckdb_failure.h"

namespace mastic::engine::xml {
namespace {

bool is_set(const NamedOptions& options, const char* name, bool otherwise) {
  const auto found = options.find(name);
  if (found == options.end()) return otherwise;
  return found->second.size() == 4 && (found->second[0] == 't' || found->second[0] == 'T');
}

std::string owned(xmlChar* text) {
  std::string copy(view(text));
  xmlFree(text);
  return copy;
}

std::string full_name(const xmlNs* space, const xmlChar* name, const Reading& reading) {
  std::string text(view(name));
  if (reading.prefixes) {
    if (space != nullptr && space->prefix != nullptr) text = std::string(view(space->prefix)) + ":" + text;
  } else if (const auto colon = text.rfind(':'); colon != std::string::npos) {
    text.erase(0, colon + 1);
  }
  return text;
}

void ignore(void*, const char*, ...) {}  // NOLINT: libxml2's type

}  // namespace

void FreeDocument::operator()(_xmlDoc* document) const { xmlFreeDoc(document); }

Node* root_of(const Document& document) { return document ? xmlDocGetRootElement(document.get()) : nullptr; }

Document parse(std::string_view text) {
  return Document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8",
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA));
}

Validation::Validation(const std::string& path) {
  if (path.empty()) return;
  const auto local = path.starts_with("file:") ? path.substr(std::min(path.find_first_not_of('/', 5), path.size()) - 1) : path;
  xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);  // a schema may import others, but none from the network
  auto* parser = xmlSchemaNewParserCtxt(local.c_str());
  if (parser != nullptr) xmlSchemaSetParserErrors(parser, ignore, ignore, nullptr);
  auto* schema = parser == nullptr ? nullptr : xmlSchemaParse(parser);
  xmlSchemaFreeParserCtxt(parser);
  if (schema == nullptr) throw_java_error("org.xml.sax.SAXParseException", "no XML schema can be read at " + path);
  schema_ = std::shared_ptr<void>(schema, [](void* held) { xmlSchemaFree(static_cast<xmlSchema*>(held)); });
}

bool Validation::allows(const Document& document) const {
  if (schema_ == nullptr) return true;
  auto* context = xmlSchemaNewValidCtxt(static_cast<xmlSchema*>(schema_.get()));
  xmlSchemaSetValidErrors(context, ignore, ignore, nullptr);
  const int answer = xmlSchemaValidateDoc(context, document.get());
  xmlSchemaFreeValidCtxt(context);
  return answer == 0;
}

Reading::Reading(const NamedOptions& options)
    : attribute_prefix(option_or(options, "attributeprefix", "_")),
      value_tag(option_or(options, "valuetag", "_VALUE")),
      attributes(!is_set(options, "excludeattribute", false)),
      prefixes(!is_set(options, "ignorenamespace", false)),
      trims(is_set(options, "ignoresurroundingspaces", true)) {
  if (const auto found = options.find("nullvalue"); found != options.end()) null_value = found->second;
}

std::string_view Reading::trimmed(std::string_view text) const { return trims ? without_blanks(text) : text; }

std::optional<std::string_view> Reading::value(std::string_view text) const {
  text = trimmed(text);
  if (null_value && text == *null_value) return std::nullopt;
  return text;
}

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

std::string_view without_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_text(const xmlNode* node) { return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE; }

std::string name_of(const xmlNode* node, const Reading& reading) { return full_name(node->ns, node->name, reading); }

std::vector<xmlNode*> elements_of(const xmlNode* node) {
  std::vector<xmlNode*> elements;
  for (auto* child = node->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) elements.push_back(child);
  return elements;
}

std::vector<std::pair<std::string, std::string>> attributes_of(xmlNode* node, const Reading& reading) {
  std::vector<std::pair<std::string, std::string>> attributes;
  if (!reading.attributes) return attributes;
  for (const auto* space = node->nsDef; space != nullptr; space = space->next) {
    const std::string prefix(view(space->prefix));
    const auto name = prefix.empty() ? std::string("xmlns") : reading.prefixes ? "xmlns:" + prefix : prefix;
    attributes.emplace_back(reading.attribute_prefix + name, std::string(view(space->href)));
  }
  for (auto* attribute = node->properties; attribute != nullptr; attribute = attribute->next)
    attributes.emplace_back(reading.attribute_prefix + full_name(attribute->ns, attribute->name, reading),
                            owned(xmlNodeListGetString(node->doc, attribute->children, 1)));
  return attributes;
}

std::string own_text(const xmlNode* node) {
  std::string text;
  for (auto* child = node->children; child != nullptr; child = child->next)
    if (is_text(child)) text += view(child->content);
  return text;
}

std::string inner_text(xmlNode* node) {
  if (elements_of(node).empty()) return own_text(node);
  std::string text;
  const std::unique_ptr<xmlBuffer, void (*)(xmlBuffer*)> buffer(xmlBufferCreate(), [](xmlBuffer* b) { xmlBufferFree(b); });
  for (auto* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_COMMENT_NODE) continue;
    xmlBufferEmpty(buffer.get());
    xmlNodeDump(buffer.get(), node->doc, child, 0, 0);
    text += view(xmlBufferContent(buffer.get()));
  }
  return text;
}

std::string number_text(std::string_view text) {
  std::string out;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    if (text.front() == '-') out = "-";
    text.remove_prefix(1);
  }
  const auto digits = [&] {
    std::size_t count = 0;
    while (count < text.size() && std::isdigit(static_cast<unsigned char>(text[count])) != 0) ++count;
    const auto taken = text.substr(0, count);
    text.remove_prefix(count);
    return taken;
  };
  auto whole = digits();
  const bool any = !whole.empty();
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  out += whole.empty() ? "0" : whole;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    const auto fraction = digits();
    if (!any && fraction.empty()) return {};
    out += "." + std::string(fraction.empty() ? "0" : fraction);
  } else if (!any) {
    return {};
  }
  if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    out += 'e';
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
      out += text.front();
      text.remove_prefix(1);
    }
    const auto exponent = digits();
    if (exponent.empty()) return {};
    out += exponent;
  }
  return text.empty() ? out : std::string();
}

}  // namespace mastic::engine::xml
