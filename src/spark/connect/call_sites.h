// Where in the user's code a failure at run time comes from.
//
// The client says of each expression where it was made. The engine says which condition failed, not where. When exactly one
// expression of the plan can have failed in that way, it is the place; else none is named.
#pragma once

#include "spark/plan/spark_error.h"

namespace google::protobuf {
class Message;
}

namespace mastic::spark_connect {

void add_call_site(spark::SparkError& error, const google::protobuf::Message& plan);

}  // namespace mastic::spark_connect
