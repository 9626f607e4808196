// Templates come over the wire: no bytes may crash the reader, or what is asked of a template before a stack exists.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cloudformation/template/evaluate.h"
#include "cloudformation/template/template.h"

namespace {

using namespace mastic::cloudformation;

/// Everything is known, and short.
class Known final : public References {
 public:
  mastic::Result<Json> ref(std::string_view id) override { return Json(std::string(id)); }
  mastic::Result<Json> attribute(std::string_view, std::string_view name) override { return Json(std::string(name)); }
  mastic::Result<std::string> export_value(std::string_view name) override { return std::string(name); }
  mastic::Result<std::string> dynamic_reference(std::string_view, std::string_view key) override { return std::string(key); }
};

void evaluate_all(const Template& source, const Environment& environment, const ParameterValues& parameters,
                  const Conditions& conditions) {
  Known known;
  const Evaluator evaluator(source, environment, parameters, conditions);
  for (const auto& [name, resource] : source.resources) {
    const auto made = evaluator.evaluate(resource.properties, known);
    // What was read is text: it can be written again.
    if (made && *made) (void)(*made)->dump();
  }
  for (const auto& [name, output] : source.outputs) (void)evaluator.evaluate(output.value, known);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto source = parse_template({reinterpret_cast<const char*>(data), size});
  if (!source) return 0;
  (void)required_capabilities(*source);
  (void)imports_of(*source);
  const auto given = resolve_parameters(*source, {}, {}, [](std::string_view) -> mastic::Result<std::string> { return "v"; });
  const auto parameters = given ? *given : ParameterValues{};
  const Environment environment;
  (void)check_rules(*source, environment, parameters);
  const auto conditions = evaluate_conditions(*source, environment, parameters);
  if (!conditions) return 0;
  (void)dependencies(*source, *conditions);
  evaluate_all(*source, environment, parameters, *conditions);
  return 0;
}
