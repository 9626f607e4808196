// Reading and building LIST vectors without making a Value of each element.
#pragma once

#include <vector>

#include "engine/functions/kernel.h"

namespace mastic::engine {

/// A LIST (or MAP) argument, row by row.
class Lists {
 public:
  Lists(Vector& vector, idx_t count) : child_(&duckdb::ListVector::GetEntry(vector)) {
    vector.ToUnifiedFormat(count, format_);
    entries_ = duckdb::UnifiedVectorFormat::GetData<duckdb::list_entry_t>(format_);
    size_ = duckdb::ListVector::GetListSize(vector);
  }
  [[nodiscard]] bool valid(idx_t row) const { return format_.validity.RowIsValid(format_.sel->get_index(row)); }
  [[nodiscard]] duckdb::list_entry_t at(idx_t row) const { return entries_[format_.sel->get_index(row)]; }
  [[nodiscard]] Vector& child() const { return *child_; }
  [[nodiscard]] idx_t size() const { return size_; }

 private:
  duckdb::UnifiedVectorFormat format_;
  const duckdb::list_entry_t* entries_ = nullptr;
  Vector* child_;
  idx_t size_ = 0;
};

/// Elements of a list's child: equal as Spark compares them (NULL equals NULL, NaN equals NaN, -0.0 equals 0.0).
class Elements {
 public:
  Elements(Vector& child, idx_t size) : child_(child), hashes_(LogicalType::HASH, std::max<idx_t>(size, 1)) {
    child_.Flatten(size);
    if (size > 0) duckdb::VectorOperations::Hash(child_, hashes_, size);
    hashes_.Flatten(std::max<idx_t>(size, 1));
  }
  [[nodiscard]] duckdb::hash_t hash(idx_t index) const { return duckdb::FlatVector::GetData<duckdb::hash_t>(hashes_)[index]; }
  [[nodiscard]] bool null(idx_t index) const { return !duckdb::FlatVector::Validity(child_).RowIsValid(index); }
  [[nodiscard]] Value value(idx_t index) const { return child_.GetValue(index); }
  [[nodiscard]] bool same(idx_t index, const Elements& other, idx_t at) const {
    if (null(index) || other.null(at)) return null(index) && other.null(at);
    return hash(index) == other.hash(at) && Value::NotDistinctFrom(value(index), other.value(at));
  }

 private:
  Vector& child_;
  Vector hashes_;
};

/// Which of a child's elements each row's list has; copied in one go at the end.
class ListSelection {
 public:
  explicit ListSelection(Vector& result) : result_(result) { result.SetVectorType(duckdb::VectorType::FLAT_VECTOR); }
  void add(idx_t index) { chosen_.push_back(static_cast<duckdb::sel_t>(index)); }
  void end_row(idx_t row) {
    duckdb::FlatVector::GetData<duckdb::list_entry_t>(result_)[row] = {start_, chosen_.size() - start_};
    start_ = chosen_.size();
  }
  void null_row(idx_t row) {
    chosen_.resize(start_);
    duckdb::FlatVector::GetData<duckdb::list_entry_t>(result_)[row] = {start_, 0};
    duckdb::FlatVector::SetNull(result_, row, true);
  }
  [[nodiscard]] idx_t row_start() const { return start_; }
  [[nodiscard]] const std::vector<duckdb::sel_t>& chosen() const { return chosen_; }
  void finish(Vector& child) {
    duckdb::ListVector::Reserve(result_, std::max<idx_t>(chosen_.size(), 1));
    copy(child, duckdb::ListVector::GetEntry(result_));
    duckdb::ListVector::SetListSize(result_, chosen_.size());
  }
  /// Copies the chosen elements of `child` to the beginning of `target`.
  void copy(Vector& child, Vector& target) {
    if (chosen_.empty()) return;
    const duckdb::SelectionVector selection(chosen_.data());
    duckdb::VectorOperations::Copy(child, target, selection, chosen_.size(), 0, 0);
  }

 private:
  Vector& result_;
  std::vector<duckdb::sel_t> chosen_;
  idx_t start_ = 0;
};

}  // namespace mastic::engine
