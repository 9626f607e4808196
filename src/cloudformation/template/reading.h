// What the readers of a template's sections share. Inside the room's template folder only.
#pragma once

#include <string>
#include <string_view>

#include "cloudformation/template/template.h"

namespace mastic::cloudformation {

/// "Template format error: …"
Error format_error(std::string_view what);

/// A scalar's text: a template may say 5 or true where CloudFormation wants a text.
std::string written_text(const Json& value);

Result<ParameterDeclaration> read_parameter(const std::string& name, const Json& json);

/// Parameter types whose value is a list.
bool is_list_type(std::string_view type);

}  // namespace mastic::cloudformation
