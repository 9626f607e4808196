// Templates come over the wire: no bytes may crash the reader or what is asked of it before a stack exists.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cloudformation/template/evaluate.h"
#include "cloudformation/template/template.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mastic::cloudformation;
  const auto source = parse_template({reinterpret_cast<const char*>(data), size});
  if (!source) return 0;
  const auto parameters =
      resolve_parameters(*source, {}, {}, [](std::string_view) -> mastic::Result<std::string> { return "v"; });
  const Environment environment;
  const auto conditions = evaluate_conditions(*source, environment, parameters ? *parameters : ParameterValues{});
  if (conditions) (void)dependencies(*source, *conditions);
  (void)required_capabilities(*source);
  (void)imports_of(*source);
  return 0;
}
