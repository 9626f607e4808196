// Asks classifiers in Glue's order what a file is: those of the user, then the built-in ones.
#pragma once

#include <span>
#include <string_view>

#include "classify/classifier.h"
#include "classify/content.h"
#include "classify/inspection.h"

namespace mastic::classify {

/// Never fails: what cannot be read is an inspection with a problem. `name` is the file's, for formats without a mark.
Inspection inspect(const Content& content, std::string_view name, std::span<const Classifier> classifiers);

/// What is wrong with a classifier, in a sentence; empty: nothing.
std::string problem_of(const Classifier& classifier);

}  // namespace mastic::classify
