#include "s3/operations/missing.h"

#include "s3/errors.h"

namespace mastic::s3 {

Error missing(Room room, const ObjectName& name) {
  if (!name.version_id.empty()) return errors::no_such_version(name.key, name.version_id);
  Error error = errors::no_such_key(name.key);
  const auto marker = room.store.find_delete_marker(name);
  if (!marker) return marker.error();
  if (*marker) {
    error.members.emplace_back("header:x-amz-delete-marker", R"("true")");
    error.members.emplace_back("header:x-amz-version-id", '"' + (*marker)->version_id + '"');
  }
  return error;
}

Result<void> check_is_object(const Object& object, std::string_view method) {
  if (!object.delete_marker) return {};
  Error error = errors::no_such_method(method);
  error.members.emplace_back("header:x-amz-delete-marker", R"("true")");
  error.members.emplace_back("header:x-amz-version-id", '"' + object.version_id + '"');
  error.members.emplace_back("header:Allow", R"("DELETE")");
  return fail(std::move(error));
}

Result<Object> find_object(Room room, const ObjectName& name, std::string_view method) {
  TRY(object, room.store.find(name));
  if (!object) return fail(missing(room, name));
  TRY_DO(check_is_object(*object, method));
  return std::move(*object);
}

}  // namespace mastic::s3
