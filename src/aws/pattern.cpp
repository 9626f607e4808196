#include "aws/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <memory>

#include "base/log.h"

namespace mastic::aws {
namespace {

constexpr uint32_t match_limit = 1'000'000;

struct Matching {
  Matching() : data(pcre2_match_data_create(1, nullptr)), context(pcre2_match_context_create(nullptr)) {
    pcre2_set_match_limit(context, match_limit);
  }
  Matching(const Matching&) = delete;
  Matching& operator=(const Matching&) = delete;
  ~Matching() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
  }
  pcre2_match_data* data;
  pcre2_match_context* context;
};

}  // namespace

const pcre2_real_code_8* Pattern::code() const {
  if (const auto* compiled = code_.load(std::memory_order_acquire); compiled != nullptr) return compiled;
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto* fresh = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern_.data()), pattern_.size(),
                              PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &error, &offset, nullptr);
  if (fresh == nullptr) {
    log::error("aws", "a pattern of a service model does not compile, error {} at {}: {}", error, offset, pattern_);
    return nullptr;
  }
  pcre2_jit_compile(fresh, PCRE2_JIT_COMPLETE);
  const pcre2_real_code_8* expected = nullptr;
  if (code_.compare_exchange_strong(expected, fresh, std::memory_order_acq_rel)) return fresh;
  pcre2_code_free(fresh);  // another thread was first
  return expected;
}

bool Pattern::matches(std::string_view value) const {
  const auto* compiled = code();
  if (compiled == nullptr) return true;  // the generator left out those that cannot compile
  thread_local const Matching matching;
  return pcre2_match(compiled, reinterpret_cast<PCRE2_SPTR>(value.data()), value.size(), 0, 0, matching.data,
                     matching.context) >= 0;
}

}  // namespace mastic::aws
