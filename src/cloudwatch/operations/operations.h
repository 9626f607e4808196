// All operations of the service. `cloudwatch.cpp` calls these; each lists its operation by name.
#pragma once

#include "base/clock.h"

namespace mastic::aws {
class Service;
}

namespace mastic::cloudwatch {

class Alarms;
class Store;

void add_put_operation(aws::Service& service, Store& store, const Clock& clock);
void add_list_operation(aws::Service& service, Store& store, const Clock& clock);
void add_statistics_operation(aws::Service& service, Store& store, const Clock& clock);
void add_data_operation(aws::Service& service, Store& store, const Clock& clock);

void add_alarm_operations(aws::Service& service, Alarms& alarms);

}  // namespace mastic::cloudwatch
