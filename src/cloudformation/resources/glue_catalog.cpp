// AWS::Glue::Database, AWS::Glue::Table and AWS::Glue::Partition
#include <fmt/format.h>

#include <array>

#include "cloudformation/resources/glue_common.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto kinds = std::to_array<MemberKind>({
    {"Parameters", Kind::strings},
    {"SkewedColumnValueLocationMaps", Kind::strings},
    {"Compressed", Kind::boolean},
    {"StoredAsSubDirectories", Kind::boolean},
    {"NumberOfBuckets", Kind::integer},
    {"SortOrder", Kind::integer},
    {"Retention", Kind::integer},
    {"SchemaVersionNumber", Kind::integer},
});

constexpr auto database_properties = std::to_array<Property>({
    {"CatalogId", On::replace, true},
    {"DatabaseInput", On::update, true},
    {"DatabaseName", On::replace},
    {"Tags", On::ignored},
});
constexpr TypeTable database_table{
    "AWS::Glue::Database", database_properties, kinds,
    "DatabaseInput{CreateTableDefaultPermissions{Permissions,Principal{DataLakePrincipalIdentifier}},"
    "Description,FederatedDatabase{ConnectionName,Identifier},LocationUri,Name,Parameters,"
    "TargetDatabase{CatalogId,DatabaseName,Region}}",
    "DatabaseInput"};

class Database final : public TabledType {
 public:
  Database() : TabledType(database_table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto input = given["DatabaseInput"];
    const auto name = text_of(given, "DatabaseName", text_of(input, "Name", generated_lower_name(context, 255)));
    input["Name"] = name;
    TRY_DO(
        call_json(context, "glue", "CreateDatabase", {{"CatalogId", text_of(given, "CatalogId")}, {"DatabaseInput", input}}));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json&, const Json& after) const override {
    auto input = after["DatabaseInput"];
    input["Name"] = id;
    TRY_DO(call_json(context, "glue", "UpdateDatabase",
                     {{"CatalogId", text_of(after, "CatalogId")}, {"Name", id}, {"DatabaseInput", input}}));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json&) const override {
    return unless_gone(call_json(context, "glue", "DeleteDatabase", {{"Name", id}}), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    const auto answer = call_json(context, "glue", "GetDatabase", {{"Name", id}});
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    const auto& database = member_of(*answer, "Database");
    const Json found = {{"CatalogId", text_of(given, "CatalogId")}, {"DatabaseName", id}, {"DatabaseInput", database}};
    return std::optional<Json>(as_given(given, found));
  }
};

constexpr auto table_properties = std::to_array<Property>({
    {"CatalogId", On::replace, true},
    {"DatabaseName", On::replace, true},
    {"Name", On::replace},
    {"OpenTableFormatInput", On::ignored},
    {"TableInput"},
});
constexpr TypeTable table_table{
    "AWS::Glue::Table", table_properties, kinds,
    "TableInput{Description,Name,Owner,Parameters,PartitionKeys{Comment,Name,Type},Retention,"
    "StorageDescriptor{BucketColumns,Columns{Comment,Name,Type},Compressed,InputFormat,Location,"
    "NumberOfBuckets,OutputFormat,Parameters,SchemaReference{SchemaId{RegistryName,SchemaArn,SchemaName},"
    "SchemaVersionId,SchemaVersionNumber},SerdeInfo{Name,Parameters,SerializationLibrary},"
    "SkewedInfo{SkewedColumnNames,SkewedColumnValueLocationMaps,SkewedColumnValues},SortColumns{Column,"
    "SortOrder},StoredAsSubDirectories},TableType,TargetTable{CatalogId,DatabaseName,Name,Region},"
    "ViewDefinition{Definer,IsProtected,Representations{Dialect,DialectVersion,ValidationConnection,"
    "ViewExpandedText,ViewOriginalText},SubObjects},ViewExpandedText,ViewOriginalText}",
    "TableInput"};

class Table final : public TabledType {
 public:
  Table() : TabledType(table_table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto input = member_of(given, "TableInput");
    if (input.is_null()) input = Json::object();
    const auto name = text_of(given, "Name", text_of(input, "Name", generated_lower_name(context, 255)));
    input["Name"] = name;
    auto request = members_of(given, {"CatalogId", "DatabaseName"});
    request["TableInput"] = input;
    TRY_DO(call_json(context, "glue", "CreateTable", request));
    return Made{.physical_id = name};
  }

  Result<Made> change(const ResourceContext& context, const std::string& id, const Json&, const Json& after) const override {
    auto request = members_of(after, {"CatalogId", "DatabaseName"});
    request["TableInput"] = member_of(after, "TableInput");
    request["TableInput"]["Name"] = id;
    TRY_DO(call_json(context, "glue", "UpdateTable", request));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string& id, const Json& given) const override {
    auto request = members_of(given, {"DatabaseName"});
    request["Name"] = id;
    return unless_gone(call_json(context, "glue", "DeleteTable", request), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string& id, const Json& given) const override {
    auto request = members_of(given, {"DatabaseName"});
    request["Name"] = id;
    const auto answer = call_json(context, "glue", "GetTable", request);
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    auto found = members_of(given, {"CatalogId", "DatabaseName"});
    found["Name"] = id;
    found["TableInput"] = member_of(*answer, "Table");
    return std::optional<Json>(as_given(given, found));
  }
};

constexpr auto partition_properties = std::to_array<Property>({
    {"CatalogId", On::replace, true},
    {"DatabaseName", On::replace, true},
    {"PartitionInput", On::update, true},
    {"TableName", On::replace, true},
});
constexpr TypeTable partition_table{
    "AWS::Glue::Partition", partition_properties, kinds,
    "PartitionInput{Parameters,StorageDescriptor{BucketColumns,Columns{Comment,Name,Type},Compressed,"
    "InputFormat,Location,NumberOfBuckets,OutputFormat,Parameters,SchemaReference{SchemaId{RegistryName,"
    "SchemaArn,SchemaName},SchemaVersionId,SchemaVersionNumber},SerdeInfo{Name,Parameters,"
    "SerializationLibrary},SkewedInfo{SkewedColumnNames,SkewedColumnValueLocationMaps,"
    "SkewedColumnValues},SortColumns{Column,SortOrder},StoredAsSubDirectories},Values}"};

class Partition final : public TabledType {
 public:
  Partition() : TabledType(partition_table) {}

 private:
  static Json place(const Json& given) { return members_of(given, {"CatalogId", "DatabaseName", "TableName"}); }
  static Json values(const Json& given) { return as_list(member_of(member_of(given, "PartitionInput"), "Values")); }

  static std::string id_of(const Json& given) {
    auto id = text_of(given, "DatabaseName") + "|" + text_of(given, "TableName");
    for (const auto& value : values(given)) id += "|" + text_of(value);
    return id;
  }

  [[nodiscard]] std::vector<std::string> ids_in(const Json& properties) const override { return {id_of(properties)}; }

  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    auto request = place(given);
    request["PartitionInput"] = given["PartitionInput"];
    TRY_DO(call_json(context, "glue", "CreatePartition", request));
    return Made{.physical_id = id_of(given)};
  }

  // UpdatePartition finds the partition by its values, and may give it others.
  Result<Made> change(const ResourceContext& context, const std::string& id, const Json& before,
                      const Json& after) const override {
    auto request = place(after);
    request["PartitionValueList"] = values(before);
    request["PartitionInput"] = after["PartitionInput"];
    TRY_DO(call_json(context, "glue", "UpdatePartition", request));
    return Made{.physical_id = id};
  }

  Result<void> erase(const ResourceContext& context, const std::string&, const Json& given) const override {
    auto request = place(given);
    request["PartitionValues"] = values(given);
    return unless_gone(call_json(context, "glue", "DeletePartition", request), {"EntityNotFoundException"});
  }

  Result<std::optional<Json>> look(const ResourceContext& context, const std::string&, const Json& given) const override {
    auto request = place(given);
    request["PartitionValues"] = values(given);
    const auto answer = call_json(context, "glue", "GetPartition", request);
    if (failed_with(answer, "EntityNotFoundException")) return std::nullopt;
    if (!answer) return fail(Error(answer.error()));
    auto found = place(given);
    found["PartitionInput"] = member_of(*answer, "Partition");
    return std::optional<Json>(as_given(given, found));
  }
};

}  // namespace

std::unique_ptr<ResourceType> glue_database_type() { return std::make_unique<Database>(); }
std::unique_ptr<ResourceType> glue_table_type() { return std::make_unique<Table>(); }
std::unique_ptr<ResourceType> glue_partition_type() { return std::make_unique<Partition>(); }

}  // namespace mastic::cloudformation
