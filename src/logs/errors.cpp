#include "logs/errors.h"

namespace mastic::logs::error {

Error group_not_found() { return {"ResourceNotFoundException", "The specified log group does not exist."}; }
Error stream_not_found() { return {"ResourceNotFoundException", "The specified log stream does not exist."}; }
Error group_exists() { return {"ResourceAlreadyExistsException", "The specified log group already exists"}; }
Error stream_exists() { return {"ResourceAlreadyExistsException", "The specified log stream already exists"}; }
Error invalid_parameter(std::string_view message) { return {"InvalidParameterException", std::string(message)}; }
Error invalid_token() { return invalid_parameter("The specified nextToken is invalid."); }
Error too_many_filters() { return {"LimitExceededException", "A log group has at most 100 metric filters."}; }
Error filter_not_found() { return {"ResourceNotFoundException", "The specified metric filter does not exist."}; }
Error too_many_tags() { return {"TooManyTagsException", "A log group has at most 50 tags."}; }

}  // namespace mastic::logs::error
