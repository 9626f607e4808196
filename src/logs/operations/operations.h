// All operations of the service, one function a family. `logs.cpp` calls them; each lists its operations by name.
#pragma once

#include "base/clock.h"

namespace mastic::aws {
class Service;
}

namespace mastic::logs {

class Store;

void add_group_operations(aws::Service& service, Store& store);
void add_tag_operations(aws::Service& service, Store& store);
void add_stream_operations(aws::Service& service, Store& store);
void add_metric_filter_operations(aws::Service& service, Store& store, const Clock& clock);
void add_event_operations(aws::Service& service, Store& store, const Clock& clock);

}  // namespace mastic::logs
