// What every type shares: its table of properties. Who knows a type by its table writes make, change, erase and look.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloudformation/resources/convert.h"
#include "cloudformation/resources/names.h"
#include "cloudformation/resources/resource_type.h"
#include "cloudformation/resources/service_call.h"

namespace mastic::cloudformation {

/// What a change of a property does.
enum class On : uint8_t {
  update,   // in place
  replace,  // makes a new resource
  ignored,  // nothing: Mastic keeps no such setting; the resource's event says so
};

struct Property {
  std::string_view name;
  On change = On::update;
  bool required = false;
};

struct TypeTable {
  std::string_view name;
  std::span<const Property> properties;
  std::span<const MemberKind> kinds;
  std::string_view shape = {};    // of the structures under the properties: see shape.h
  std::string_view name_in = {};  // the property whose member Name names the resource, and replaces it when it changes
};

class TabledType : public ResourceType {
 public:
  explicit TabledType(const TypeTable& table) : table_(table) {}

  [[nodiscard]] std::string_view name() const final { return table_.name; }
  [[nodiscard]] Result<void> validate(const Json& properties) const final;
  [[nodiscard]] bool replaces(std::string_view property) const final;
  [[nodiscard]] bool replaces(std::string_view property, const Json& before, const Json& after) const final;
  [[nodiscard]] std::vector<std::string> ids_in(const Json& properties) const override;
  [[nodiscard]] Result<Made> create(const ResourceContext& context, const Json& properties) const final;
  [[nodiscard]] Result<Made> update(const ResourceContext& context, const std::string& physical_id, const Json& before,
                                    const Json& after) const final;
  [[nodiscard]] Result<void> remove(const ResourceContext& context, const std::string& physical_id,
                                    const Json& properties) const final;
  [[nodiscard]] Result<std::optional<Json>> read(const ResourceContext& context, const std::string& physical_id,
                                                 const Json& properties) const final;

 protected:
  // Properties come converted; those that are ignored are not among them.
  [[nodiscard]] virtual Result<Made> make(const ResourceContext& context, const Json& properties) const = 0;
  [[nodiscard]] virtual Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                                            const Json& after) const = 0;
  [[nodiscard]] virtual Result<void> erase(const ResourceContext& context, const std::string& id,
                                           const Json& properties) const = 0;
  [[nodiscard]] virtual Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id,
                                                         const Json& properties) const = 0;

 private:
  [[nodiscard]] Result<Json> prepared(const ResourceContext& context, const Json& properties) const;
  [[nodiscard]] std::vector<std::string> ignored(const Json& properties) const;

  TypeTable table_;
};

/// The tags of a resource, its own before the stack's. `tags` is a list of Key and Value, or an object.
std::map<std::string, std::string> tags_of(const ResourceContext& context, const Json& tags);
/// The same before an update.
std::map<std::string, std::string> tags_before(const ResourceContext& context, const Json& tags);
/// `[{"Key":…,"Value":…}]`.
Json tag_list(const std::map<std::string, std::string>& tags);
/// The tags that a resource has as its template would spell them, for drift: in the order and form of `given`, without those
/// that the stack gave.
Json tags_found(const ResourceContext& context, const Json& given, const std::map<std::string, std::string>& actual);
/// Names that are in `before`, but not in `after`.
Json tags_gone(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after);
/// Tags that are new in `after` or have another value.
std::map<std::string, std::string> tags_new(const std::map<std::string, std::string>& before,
                                            const std::map<std::string, std::string>& after);

/// A copy of these members, as far as they are there.
Json members_of(const Json& object, std::initializer_list<std::string_view> names);
/// Whether any of these differs.
bool differ(const Json& before, const Json& after, std::initializer_list<std::string_view> names);
/// An Error with the id of what was made before it happened, so that it is removed.
Error with_physical_id(Error error, const std::string& id);

}  // namespace mastic::cloudformation
