// Facts about a plan that df.inputFiles() and df.sameSemantics() ask for.
#pragma once

#include <string>
#include <vector>

#include "spark/plan/relation.h"

namespace spark::connect {
class Relation;
}

namespace mastic::spark_connect {

/// The files that a plan reads, each once, in order.
std::vector<std::string> input_files(const spark::Relation& plan);

/// A text that is equal for plans that the client built alike, whichever DataFrame objects it built them with. Equal plans
/// that were written differently may have different texts.
std::string plan_digest(const ::spark::connect::Relation& relation);

}  // namespace mastic::spark_connect
