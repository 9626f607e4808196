// What a file scan knows of a row's file: the hidden column `_metadata`, and input_file_name() and its kin.
#pragma once

#include "spark/analyze/state.h"

namespace mastic::spark {

/// `_metadata` of a scan. It is in the scan's output, after all others, only if something reads it. Its id follows from that
/// of the scan's first column, so that a plan with fresh ids has a fresh one.
[[nodiscard]] Attribute metadata_column(const Relation& scan, const ReadFiles& files);
/// The hidden columns of a plan that is a scan of files; none otherwise.
[[nodiscard]] std::vector<HiddenColumn> metadata_of(const RelationPtr& plan);
/// Expressions over `above.plan`: input_file_name(), input_file_block_start() and input_file_block_length() become what the
/// scan below knows. Beyond a shuffle or a join they stay, and are empty.
[[nodiscard]] SparkResult<Above> take_file_names(AnalyzerState& state, Above above);

}  // namespace mastic::spark
