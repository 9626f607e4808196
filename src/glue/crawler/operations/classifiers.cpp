// CreateClassifier, GetClassifier, GetClassifiers, UpdateClassifier, DeleteClassifier.
#include "glue/crawler/classifiers.h"

#include "aws/service.h"
#include "glue/errors.h"
#include "glue/operations.h"
#include "glue/paging.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using crawler::ClassifierRecords;

template <typename Request>
int kinds_in(const Request& request) {
  return static_cast<int>(request.grok_classifier.has_value()) + static_cast<int>(request.xml_classifier.has_value()) +
         static_cast<int>(request.json_classifier.has_value()) + static_cast<int>(request.csv_classifier.has_value());
}

Result<void> require_one_kind(int kinds) {
  if (kinds == 1) return {};
  return fail(error::invalid_input("Give exactly one of GrokClassifier, XMLClassifier, JsonClassifier and CsvClassifier."));
}

/// Takes over the members that are given.
template <typename From, typename Into>
void set(const std::optional<From>& given, Into& into) {
  if (given) into = *given;
}

template <typename Given>
void apply_csv(const Given& given, wire::CsvClassifier& csv) {
  set(given.delimiter, csv.delimiter);
  set(given.quote_symbol, csv.quote_symbol);
  set(given.contains_header, csv.contains_header);
  set(given.header, csv.header);
  set(given.disable_value_trimming, csv.disable_value_trimming);
  set(given.allow_single_column, csv.allow_single_column);
  set(given.custom_datatype_configured, csv.custom_datatype_configured);
  set(given.custom_datatypes, csv.custom_datatypes);
  set(given.serde, csv.serde);
}

wire::Classifier classifier_from(const wire::CreateClassifierRequest& request) {
  wire::Classifier made;
  if (request.grok_classifier) {
    const auto& given = *request.grok_classifier;
    auto& grok = made.grok_classifier.emplace();
    grok.name = given.name;
    grok.classification = given.classification;
    grok.grok_pattern = given.grok_pattern;
    grok.custom_patterns = given.custom_patterns;
  }
  if (request.xml_classifier) {
    const auto& given = *request.xml_classifier;
    auto& xml = made.xml_classifier.emplace();
    xml.name = given.name;
    xml.classification = given.classification;
    xml.row_tag = given.row_tag;
  }
  if (request.json_classifier) {
    auto& json = made.json_classifier.emplace();
    json.name = request.json_classifier->name;
    json.json_path = request.json_classifier->json_path;
  }
  if (request.csv_classifier) {
    auto& csv = made.csv_classifier.emplace();
    csv.name = request.csv_classifier->name;
    apply_csv(*request.csv_classifier, csv);
    if (!csv.contains_header) csv.contains_header = "UNKNOWN";
    if (!csv.allow_single_column) csv.allow_single_column = false;
    if (!csv.disable_value_trimming) csv.disable_value_trimming = false;
  }
  return made;
}

/// Calls with the part that is there: the four have the same members for their history.
template <typename Change>
void with_part(wire::Classifier& classifier, Change change) {
  if (classifier.grok_classifier) change(*classifier.grok_classifier);
  if (classifier.xml_classifier) change(*classifier.xml_classifier);
  if (classifier.json_classifier) change(*classifier.json_classifier);
  if (classifier.csv_classifier) change(*classifier.csv_classifier);
}

void stamp(wire::Classifier& classifier, Instant now) {
  with_part(classifier, [&](auto& part) {
    if (!part.creation_time) part.creation_time = now;
    part.last_updated = now;
    part.version = part.version.value_or(0) + 1;
  });
}

Result<wire::CreateClassifierResponse> create_classifier(const wire::CreateClassifierRequest& request,
                                                         ClassifierRecords& records, const Clock& clock) {
  TRY_DO(require_one_kind(kinds_in(request)));
  auto classifier = classifier_from(request);
  TRY_DO(crawler::to_classifier(classifier));
  stamp(classifier, clock.now());
  const auto name = crawler::name_of(classifier);
  TRY(added, records.add(name, classifier));
  if (!added) return fail(error::classifier_exists(name));
  return wire::CreateClassifierResponse{};
}

Error of_another_kind(const std::string& name) {
  return error::invalid_input("The classifier " + name + " is of another kind: delete it and create it anew.");
}

Result<void> apply(const wire::UpdateClassifierRequest& request, wire::Classifier& classifier) {
  const auto name = crawler::name_of(classifier);
  if (request.grok_classifier) {
    if (!classifier.grok_classifier) return fail(of_another_kind(name));
    set(request.grok_classifier->classification, classifier.grok_classifier->classification);
    set(request.grok_classifier->grok_pattern, classifier.grok_classifier->grok_pattern);
    set(request.grok_classifier->custom_patterns, classifier.grok_classifier->custom_patterns);
  }
  if (request.xml_classifier) {
    if (!classifier.xml_classifier) return fail(of_another_kind(name));
    set(request.xml_classifier->classification, classifier.xml_classifier->classification);
    set(request.xml_classifier->row_tag, classifier.xml_classifier->row_tag);
  }
  if (request.json_classifier) {
    if (!classifier.json_classifier) return fail(of_another_kind(name));
    set(request.json_classifier->json_path, classifier.json_classifier->json_path);
  }
  if (request.csv_classifier) {
    if (!classifier.csv_classifier) return fail(of_another_kind(name));
    apply_csv(*request.csv_classifier, *classifier.csv_classifier);
  }
  return {};
}

std::string name_in(const wire::UpdateClassifierRequest& request) {
  if (request.grok_classifier) return request.grok_classifier->name;
  if (request.xml_classifier) return request.xml_classifier->name;
  return request.json_classifier ? request.json_classifier->name : request.csv_classifier->name;
}

// The request has no version to compare, so no update here meets another's: each is one transaction, and Glue's
// VersionMismatchException has no cause.
Result<wire::UpdateClassifierResponse> update_classifier(const wire::UpdateClassifierRequest& request,
                                                         ClassifierRecords& records, const Clock& clock) {
  TRY_DO(require_one_kind(kinds_in(request)));
  const auto name = name_in(request);
  TRY_DO(records.change(name, [&](const std::optional<wire::Classifier>& before) -> Result<wire::Classifier> {
    if (!before) return fail(error::classifier_not_found(name));
    auto classifier = *before;
    TRY_DO(apply(request, classifier));
    TRY_DO(crawler::to_classifier(classifier));
    stamp(classifier, clock.now());
    return classifier;
  }));
  return wire::UpdateClassifierResponse{};
}

Result<wire::GetClassifierResponse> get_classifier(const wire::GetClassifierRequest& request, ClassifierRecords& records) {
  TRY(found, records.find(request.name));
  if (!found) return fail(error::classifier_not_found(request.name));
  wire::GetClassifierResponse response;
  response.classifier = std::move(*found);
  return response;
}

Result<wire::GetClassifiersResponse> get_classifiers(const wire::GetClassifiersRequest& request, ClassifierRecords& records) {
  TRY(after, page_key(request.next_token));
  TRY(page, records.list({after, static_cast<std::size_t>(request.max_results.value_or(100))}));
  wire::GetClassifiersResponse response;
  if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
  response.classifiers = std::move(page.entries);
  return response;
}

Result<wire::DeleteClassifierResponse> delete_classifier(const wire::DeleteClassifierRequest& request,
                                                         ClassifierRecords& records) {
  TRY(removed, records.remove(request.name));
  if (!removed) return fail(error::classifier_not_found(request.name));
  return wire::DeleteClassifierResponse{};
}

}  // namespace

void add_classifier_operations(aws::Service& service, ClassifierRecords& records, const Clock& clock) {
  using Context = aws::CallContext;
  service.on<wire::CreateClassifier>(
      [&](const auto& request, const Context&) { return create_classifier(request, records, clock); });
  service.on<wire::UpdateClassifier>(
      [&](const auto& request, const Context&) { return update_classifier(request, records, clock); });
  service.on<wire::GetClassifier>([&](const auto& request, const Context&) { return get_classifier(request, records); });
  service.on<wire::GetClassifiers>([&](const auto& request, const Context&) { return get_classifiers(request, records); });
  service.on<wire::DeleteClassifier>([&](const auto& request, const Context&) { return delete_classifier(request, records); });
}

}  // namespace mastic::glue
