// Avro's schema resolution (specification 1.11): reading what one schema wrote as another schema wants it. Fields match by
// name or alias, what a file lacks takes its default, numbers are promoted, unions by the first branch that fits.
//
// Both types must outlive the resolution. Immutable; decoding is per cursor. What cannot be read as wanted is a Status: when
// the schemas are resolved, or, for a branch of a union, at the value that is of that branch.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "spark/lower/avro/avro_values.h"

namespace mastic::spark::avro {

struct Resolution;
using ResolutionPtr = std::shared_ptr<const Resolution>;

struct Resolution {
  enum class Step : uint8_t {
    plain,        // the bytes mean the same: decoded as the reader's type
    to_real,      // a whole number, or a float, as float or double
    enumeration,  // `symbols`
    elements,     // array, map: children[0]
    record,       // children and `targets`, one a field of the writer; `defaults`, one a field of the reader
    from_union,   // children, one a branch of the writer
    into_union,   // children[0], as the reader's branch `branch`
    impossible    // `problem`, when a value comes
  };
  struct Default {
    bool used = false;
    std::string bytes;  // in Avro's encoding
  };

  Step step = Step::plain;
  const Type* writer = nullptr;
  const Type* reader = nullptr;
  std::vector<ResolutionPtr> children;
  std::vector<int> targets;  // -1: skipped
  std::vector<Default> defaults;
  std::vector<std::string> symbols;  // by the writer's index; empty: the reader has none
  std::size_t branch = 0;
  std::string problem;
};

arrow::Result<ResolutionPtr> resolve(const Type& writer, const Type& reader);

/// One value to a builder of the reader's arrow_type().
arrow::Status decode(Cursor& from, const Resolution& resolution, arrow::ArrayBuilder& into);

/// A default of a schema in Avro's encoding.
arrow::Result<std::string> encode_default(const Type& type, std::string_view json);

}  // namespace mastic::spark::avro
