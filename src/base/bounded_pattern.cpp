#include "base/bounded_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace mastic {
namespace {

constexpr uint32_t match_limit = 1'000'000;  // steps: some tens of milliseconds
constexpr uint32_t heap_limit_kib = 16 * 1024;
constexpr uint32_t group_depth_limit = 100;

struct FreeContext {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
};

template <typename T>
using Owned = std::unique_ptr<T, FreeContext>;

PCRE2_SPTR units(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

}  // namespace

void BoundedPattern::Free::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }

std::optional<BoundedPattern> BoundedPattern::compile(std::string_view pattern) {
  int error = 0;
  PCRE2_SIZE at = 0;
  const Owned<pcre2_compile_context> settings(pcre2_compile_context_create(nullptr));
  pcre2_set_parens_nest_limit(settings.get(), group_depth_limit);
  constexpr auto options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
  BoundedPattern made(pcre2_compile(units(pattern), pattern.size(), options, &error, &at, settings.get()));
  if (!made.code_) return std::nullopt;
  return made;
}

bool BoundedPattern::matches(std::string_view text) const {
  const Owned<pcre2_match_data> data(pcre2_match_data_create(1, nullptr));
  const Owned<pcre2_match_context> limits(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(limits.get(), match_limit);
  pcre2_set_heap_limit(limits.get(), heap_limit_kib);
  return pcre2_match(code_.get(), units(text), text.size(), 0, 0, data.get(), limits.get()) >= 0;
}

}  // namespace mastic
