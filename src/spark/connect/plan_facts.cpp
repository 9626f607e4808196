#include "spark/connect/plan_facts.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <spark/connect/relations.pb.h>

#include <set>

#include "spark/connect/persisted.h"

namespace mastic::spark_connect {
namespace {

template <typename Node>
concept HasInput = requires(const Node& node) { node.input; };
template <typename Node>
concept HasSides = requires(const Node& node) { node.left; };

void collect_files(const spark::Relation& plan, std::set<std::string>& files) {
  const auto below = [&](const spark::RelationPtr& child) {
    if (child != nullptr) collect_files(*child, files);
  };
  std::visit(
      [&]<typename Node>(const Node& node) {
        if constexpr (std::is_same_v<Node, spark::ReadFiles>) {
          for (const auto& file : node.files) files.insert(file.path);
        } else if constexpr (HasInput<Node>) {
          below(node.input);
        } else if constexpr (HasSides<Node>) {
          below(node.left);
          below(node.right);
        }
      },
      plan.node);
}

/// Plan ids and call sites differ from one DataFrame object to the next; a column's alias is only a name.
void remove_identity(google::protobuf::Message& message) {
  const auto* descriptor = message.GetDescriptor();
  const auto* reflection = message.GetReflection();
  const bool is_alias = descriptor->full_name() == "spark.connect.Expression.Alias";
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    const std::string& name = field->name();
    if (name == "common" || name == "plan_id" || (is_alias && name == "name")) {
      reflection->ClearField(&message, field);
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        remove_identity(field->is_repeated() ? *reflection->MutableRepeatedMessage(&message, field, i)
                                             : *reflection->MutableMessage(&message, field));
      }
    }
  }
}

}  // namespace

std::vector<std::string> input_files(const spark::Relation& plan) {
  std::set<std::string> files;
  collect_files(plan, files);
  return {files.begin(), files.end()};
}

std::string plan_digest(const ::spark::connect::Relation& relation) {
  ::spark::connect::Relation copy = relation;
  remove_identity(copy);
  return fingerprint(copy);
}

}  // namespace mastic::spark_connect
