// The Lambda functions and layers that CDK emits for the custom resources which Mastic carries out itself. They are kept as
// records, so that what refers to them finds them; nothing runs them. Every other function is refused by name.
#include <fmt/format.h>

#include <array>

#include "cloudformation/resources/record.h"
#include "cloudformation/resources/types.h"

namespace mastic::cloudformation {
namespace {

constexpr auto function_properties = std::to_array<Property>({
    {"Architectures"},
    {"Code"},
    {"Description"},
    {"Environment"},
    {"EphemeralStorage"},
    {"FunctionName", On::replace},
    {"Handler"},
    {"KmsKeyArn"},
    {"Layers"},
    {"LoggingConfig"},
    {"MemorySize"},
    {"ReservedConcurrentExecutions"},
    {"Role"},
    {"Runtime"},
    {"Tags"},
    {"Timeout"},
    {"TracingConfig"},
});
constexpr TypeTable function_table{"AWS::Lambda::Function", function_properties, {}};

/// How CDK's logical ids of those providers begin, in whatever construct they stand.
constexpr auto providers = std::to_array<std::string_view>({
    "CustomS3AutoDeleteObjectsCustomResourceProvider",
    "CustomCDKBucketDeployment",
    "BucketNotificationsHandler050a0587b7544547bf325f094a3db834",
    "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a",
});

Result<void> check_provider(const ResourceContext& context, std::string_view type) {
  for (const auto provider : providers) {
    if (context.logical_id.starts_with(provider)) return {};
  }
  return fail(Error{"ValidationError",
                    fmt::format("Mastic runs no Lambda functions; {} is taken only for CDK's providers of "
                                "Custom::S3AutoDeleteObjects, Custom::CDKBucketDeployment, Custom::S3BucketNotifications and "
                                "Custom::LogRetention, and this is none of them: {}",
                                type, context.logical_id)});
}

class ProviderFunction final : public RecordType {
 public:
  ProviderFunction() : RecordType(function_table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    TRY_DO(check_provider(context, name()));
    return recorded(context, text_of(given, "FunctionName", generated_name(context, 64)));
  }
  Made recorded(const ResourceContext& context, const std::string& id) const override {
    return {.physical_id = id, .attributes = {{"Arn", arn_of(context, "lambda", "function:" + id)}}};
  }
};

constexpr auto layer_properties = std::to_array<Property>({
    {"CompatibleArchitectures", On::replace},
    {"CompatibleRuntimes", On::replace},
    {"Content", On::replace, true},
    {"Description", On::replace},
    {"LayerName", On::replace},
    {"LicenseInfo", On::replace},
});
constexpr TypeTable layer_table{"AWS::Lambda::LayerVersion", layer_properties, {}};

class ProviderLayer final : public RecordType {
 public:
  ProviderLayer() : RecordType(layer_table) {}

 private:
  Result<Made> make(const ResourceContext& context, const Json& given) const override {
    // The layer with the AWS CLI, which the provider of Custom::CDKBucketDeployment calls.
    if (context.logical_id.find("AwsCliLayer") == std::string::npos) TRY_DO(check_provider(context, name()));
    const auto layer = text_of(given, "LayerName", generated_name(context, 64));
    return recorded(context, arn_of(context, "lambda", fmt::format("layer:{}:1", layer)));
  }
  Made recorded(const ResourceContext&, const std::string& id) const override {
    return {.physical_id = id, .attributes = {{"LayerVersionArn", id}}};
  }
};

}  // namespace

std::unique_ptr<ResourceType> provider_function_type() { return std::make_unique<ProviderFunction>(); }
std::unique_ptr<ResourceType> provider_layer_type() { return std::make_unique<ProviderLayer>(); }

}  // namespace mastic::cloudformation
