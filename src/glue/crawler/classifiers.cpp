#include "glue/crawler/classifiers.h"

#include "classify/inspect.h"
#include "glue/errors.h"

namespace mastic::glue::crawler {
namespace {

namespace wire = aws::glue;

classify::Header header_of(const std::string& option) {
  if (option == "PRESENT") return classify::Header::present;
  return option == "ABSENT" ? classify::Header::absent : classify::Header::unknown;
}

classify::CsvClassifier csv_of(const wire::CsvClassifier& given) {
  classify::CsvClassifier csv;
  csv.name = given.name;
  csv.delimiter = given.delimiter.value_or("");
  csv.quote = given.quote_symbol.value_or("");
  csv.header = header_of(given.contains_header.value_or("UNKNOWN"));
  csv.columns = given.header.value_or(std::vector<std::string>{});
  if (given.custom_datatype_configured.value_or(false))
    csv.datatypes = given.custom_datatypes.value_or(std::vector<std::string>{});
  csv.trims_values = !given.disable_value_trimming.value_or(false);
  csv.allows_single_column = given.allow_single_column.value_or(false);
  csv.serde = given.serde.value_or("None");
  return csv;
}

}  // namespace

std::string name_of(const wire::Classifier& classifier) {
  if (classifier.grok_classifier) return classifier.grok_classifier->name;
  if (classifier.xml_classifier) return classifier.xml_classifier->name;
  if (classifier.json_classifier) return classifier.json_classifier->name;
  return classifier.csv_classifier ? classifier.csv_classifier->name : std::string();
}

Result<classify::Classifier> to_classifier(const wire::Classifier& given) {
  classify::Classifier classifier;
  if (given.grok_classifier) {
    const auto& grok = *given.grok_classifier;
    classifier = classify::GrokClassifier{grok.name, grok.classification, grok.grok_pattern, grok.custom_patterns.value_or("")};
  } else if (given.xml_classifier) {
    const auto& xml = *given.xml_classifier;
    classifier = classify::XmlClassifier{xml.name, xml.classification, xml.row_tag.value_or("")};
  } else if (given.json_classifier) {
    classifier = classify::JsonClassifier{given.json_classifier->name, given.json_classifier->json_path};
  } else if (given.csv_classifier) {
    classifier = csv_of(*given.csv_classifier);
  }
  if (const auto problem = classify::problem_of(classifier); !problem.empty())
    return fail(error::invalid_input("The classifier " + name_of(given) + " is not valid: " + problem));
  return classifier;
}

Result<std::vector<classify::Classifier>> load_classifiers(ClassifierRecords& records, const std::vector<std::string>& names) {
  std::vector<classify::Classifier> classifiers;
  for (const auto& name : names) {
    TRY(found, records.find(name));
    if (!found) return fail(error::classifier_not_found(name));
    TRY(classifier, to_classifier(*found));
    classifiers.push_back(std::move(classifier));
  }
  return classifiers;
}

}  // namespace mastic::glue::crawler
