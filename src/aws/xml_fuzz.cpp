// Any bytes as an XML document: a tree that can be written and read again, or an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "aws/node.h"
#include "aws/xml_writer.h"

namespace {

void write(const mastic::aws::Node& node, mastic::aws::XmlWriter& writer) {
  writer.open(node.name);
  writer.text(node.text);
  for (const auto& child : node.children) write(child, writer);
  writer.close(node.name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto root = mastic::aws::parse_xml({reinterpret_cast<const char*>(data), size});
  if (!root) return 0;
  std::string text;
  mastic::aws::XmlWriter writer(text);
  write(*root, writer);
  if (!mastic::aws::parse_xml(text)) std::abort();
  return 0;
}
