#include "s3/operations/copy_source.h"

#include "s3/errors.h"
#include "s3/operations/missing.h"
#include "s3/operations/tags.h"

namespace mastic::s3 {

Result<ObjectName> parse_copy_source(std::string_view copy_source) {
  std::string_view rest = copy_source;
  if (rest.starts_with("/")) rest.remove_prefix(1);
  // A question mark of the key itself comes as %3F.
  constexpr std::string_view version_mark = "?versionId=";
  std::string_view version;
  if (const auto mark = rest.rfind(version_mark); mark != std::string_view::npos) {
    version = rest.substr(mark + version_mark.size());
    rest = rest.substr(0, mark);
  }
  const std::string decoded = percent_decode(rest, false);
  const auto slash = decoded.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == decoded.size())
    return fail(errors::invalid_copy_source(copy_source));
  return ObjectName{decoded.substr(0, slash), decoded.substr(slash + 1), std::string(version)};
}

Result<StoredObject> open_copy_source(Room room, const ObjectName& source, const Conditions& conditions) {
  TRY(stored, room.store.open(source));
  if (!stored) return fail(missing(room, source));
  if (stored->object.delete_marker)
    return fail(
        errors::invalid_request("The source of a copy request may not specifically refer to a delete marker by version id."));
  TRY_DO(check_copy_source(conditions, stored->object));
  return std::move(*stored);
}

}  // namespace mastic::s3
