// Classifiers that users wrote: kept as records, and as `src/classify` takes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/sqlite.h"
#include "classify/classifier.h"
#include "glue/settings/records.h"

namespace mastic::glue::crawler {

using ClassifierRecords = Records<aws::glue::Classifier>;

std::string name_of(const aws::glue::Classifier& classifier);
/// Fails (InvalidInputException) for one that could never read a file: a pattern that is none, an unknown type.
Result<classify::Classifier> to_classifier(const aws::glue::Classifier& classifier);
/// In the order of the names; fails with EntityNotFoundException for one that is not there.
Result<std::vector<classify::Classifier>> load_classifiers(ClassifierRecords& records, const std::vector<std::string>& names);

}  // namespace mastic::glue::crawler
