// df.write.format(name).save() into a data source in Python that the client registered.
#pragma once

#include "spark/connect/execution/execution.h"

namespace mastic::spark_connect {

/// Each task of the write gives a message; the source commits them all at the end, or aborts after a failure.
Done run_python_write(Execution& execution, const UserDataSource& source, const proto::WriteOperation& write);

}  // namespace mastic::spark_connect
