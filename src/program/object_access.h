// Objects by the names that jobs and templates have for them. Every call answers modelled errors of the asking service.
#pragma once

#include <string>
#include <string_view>

#include "aws/service.h"
#include "base/clock.h"
#include "base/result.h"
#include "glue/glue.h"
#include "iam/authorize/authorizer.h"
#include "s3/s3.h"

namespace mastic::program {

/// The bytes at `s3://BUCKET/KEY`. Errors: InvalidInputException for another form, EntityNotFoundException.
Result<std::string> read_object(const s3::ObjectStore& objects, std::string_view uri);

/// Writes a script for somebody, who must have s3:PutObject there; with an empty `permit` everybody has it.
Result<void> write_object(s3::ObjectStore& objects, const Clock& clock, const glue::Permission& permit,
                          const aws::CallContext& caller, std::string_view uri, std::string content);

/// The template at a URL of any host, which names an object of this server's own. Without `authorizer` everybody may.
/// Errors: ValidationError, as CloudFormation words it.
Result<std::string> read_template(const s3::ObjectStore& objects, const iam::Authorizer* authorizer, std::string_view url,
                                  const aws::CallContext& caller);

}  // namespace mastic::program
