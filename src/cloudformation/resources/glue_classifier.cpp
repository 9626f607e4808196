// AWS::Glue::Classifier: one of four kinds, each with the name of the classifier in it.
#include "cloudformation/resources/glue_classifier.h"

#include <array>

#include "cloudformation/resources/glue_common.h"

namespace mastic::cloudformation {
namespace {

constexpr auto properties = std::to_array<Property>({
    {"CsvClassifier"},
    {"GrokClassifier"},
    {"JsonClassifier"},
    {"XMLClassifier"},
});
constexpr auto kinds = std::to_array<MemberKind>({
    {"AllowSingleColumn", Kind::boolean},
    {"CustomDatatypeConfigured", Kind::boolean},
    {"DisableValueTrimming", Kind::boolean},
});
constexpr TypeTable table{"AWS::Glue::Classifier", properties, kinds,
                          "CsvClassifier{AllowSingleColumn,ContainsCustomDatatype,ContainsHeader,CustomDatatypeConfigured,"
                          "Delimiter,DisableValueTrimming,Header,Name,QuoteSymbol,Serde},GrokClassifier{Classification,"
                          "CustomPatterns,GrokPattern,Name},JsonClassifier{JsonPath,Name},XMLClassifier{Classification,Name,"
                          "RowTag}",
                          "CsvClassifier GrokClassifier JsonClassifier XMLClassifier"};

/// CloudFormation's name for the types of columns is another than Glue's.
void rename(Json& part, const char* from, const char* to) {
  if (!part.is_object() || !part.contains(from)) return;
  part[to] = part[from];
  part.erase(from);
}

/// The same members as CreateClassifier and UpdateClassifier have.
Json request_of(const std::string& name, const Json& given) {
  auto request = given;
  for (auto& [kind, part] : request.items()) {
    part["Name"] = name;
    rename(part, "ContainsCustomDatatype", "CustomDatatypes");
  }
  return request;
}

class Classifier final : public TabledType {
 public:
  Classifier() : TabledType(table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto name = generated_name(context, 255);
    for (const auto& [kind, part] : given.items()) name = text_of(part, "Name", name);
    TRY_DO(call_json(context, "glue", "CreateClassifier", request_of(name, given)));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json&, const Json& after) const override {
    TRY_DO(call_json(context, "glue", "UpdateClassifier", request_of(id, after)));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "glue", "DeleteClassifier", {{"Name", id}}), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "glue", "GetClassifier", {{"Name", id}});
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    auto found = member_of(*answer, "Classifier");
    for (auto& [kind, part] : found.items()) rename(part, "CustomDatatypes", "ContainsCustomDatatype");
    return std::optional<Json>(as_given(given, found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> glue_classifier_type() { return std::make_unique<Classifier>(); }

}  // namespace mastic::cloudformation
