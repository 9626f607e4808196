// Who looks at files for a crawl: a helper process, or, in tests, this one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "classify/classifier.h"
#include "classify/inspection.h"
#include "classify/message.h"

namespace mastic::classify {

/// Not thread-safe: one crawl has one.
class Inspector {
 public:
  virtual ~Inspector() = default;
  /// Never fails: what goes wrong is the inspection's problem.
  virtual Inspection inspect(const FileToInspect& file) = 0;
};

/// In this process.
std::unique_ptr<Inspector> make_local_inspector(std::vector<Classifier> classifiers);

/// In a process of its own, started by `command` (this program with `classify --with-parent`) when the first file comes
/// and again after it died. A file at which it dies, or that takes it longer than half a minute, is reported as such.
std::unique_ptr<Inspector> make_helper_inspector(std::vector<std::string> command, std::vector<Classifier> classifiers);

/// The helper's side: answers files on `input` with inspections on `output` until the input ends. The exit code.
int serve_inspections(int input, int output);

}  // namespace mastic::classify
