#include "cloudformation/template/allowed_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <memory>

#include "cloudformation/template/template.h"

namespace mastic::cloudformation {
namespace {

constexpr uint32_t match_limit = 1'000'000;  // steps: some tens of milliseconds

struct Free {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
};

template <typename T>
using Owned = std::unique_ptr<T, Free>;

}  // namespace

Result<bool> matches_allowed_pattern(const std::string& pattern, std::string_view text) {
  int error = 0;
  PCRE2_SIZE at = 0;
  const Owned<pcre2_compile_context> settings(pcre2_compile_context_create(nullptr));
  pcre2_set_parens_nest_limit(settings.get(), 100);
  constexpr auto options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
  const Owned<pcre2_code> code(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options, &error, &at, settings.get()));
  if (!code) return fail(validation_error("Template format error: an AllowedPattern is no regular expression: " + pattern));
  const Owned<pcre2_match_data> data(pcre2_match_data_create(1, nullptr));
  const Owned<pcre2_match_context> limits(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(limits.get(), match_limit);
  pcre2_set_heap_limit(limits.get(), 16 * 1024);  // KiB
  return pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, data.get(), limits.get()) >= 0;
}

}  // namespace mastic::cloudformation
