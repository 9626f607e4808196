// The questions to the store of lineage over HTTP, below `/_mastic/lineage`. GET alone; every answer is JSON.
//
//   /upstream   /downstream     dataset=, or namespace= and name=; column= depth= job= run= since= until= rows=false
//                               columns=true: without column=, each of the dataset's
//   /datasets                   contains= limit=
//   /runs                       job= dataset= since= until= limit=
//   /runs/ID                    one run with its inputs and outputs
//   /events                     run= after= limit=       OpenLineage's events as they were sent
//   /graph                      dataset=… both directions of a dataset or column, in one graph
//
// Times are ISO 8601. The caller needs the action mastic:GetLineage when keys are configured.
#pragma once

namespace mastic::aws {
class Pages;
}
namespace mastic::lineage {
class Keeper;
}

namespace mastic::program {

/// `keeper`, which has a store, outlives the pages.
void add_lineage_pages(aws::Pages& pages, lineage::Keeper& keeper);

}  // namespace mastic::program
