#include <cctype>
#include <charconv>

#include "cloudformation/cloudformation.h"

namespace mastic::cloudformation {
namespace {

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned byte = 0;
    if (text[at] == '%' && at + 2 < text.size() + 0 &&
        std::from_chars(text.data() + at + 1, text.data() + at + 3, byte, 16).ptr == text.data() + at + 3) {
      plain += static_cast<char>(byte);
      at += 2;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

}  // namespace

std::vector<TemplatePlace> template_places(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  auto rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos || slash + 1 == rest.size()) return {};
  const auto host = rest.substr(0, slash);
  const auto path = rest.substr(slash + 1);
  std::vector<TemplatePlace> places;
  if (url.starts_with("s3://")) return {{std::string(host), decoded(path)}};
  // b.s3.region.amazonaws.com, b.s3-region.amazonaws.com and b.localhost: the bucket is before ".s3", or the first label.
  auto bucket_end = host.find(".s3.");
  if (bucket_end == std::string_view::npos) bucket_end = host.find(".s3-");
  const bool surely_virtual = bucket_end != std::string_view::npos;
  if (!surely_virtual) bucket_end = host.find('.');
  const auto next = path.find('/');
  if (!surely_virtual && next != std::string_view::npos && next + 1 < path.size()) {
    places.push_back({decoded(path.substr(0, next)), decoded(path.substr(next + 1))});
  }
  if (bucket_end != std::string_view::npos && !host.starts_with("s3.") && !host.starts_with("s3-")) {
    places.push_back({std::string(host.substr(0, bucket_end)), decoded(path)});
  }
  return places;
}

}  // namespace mastic::cloudformation
