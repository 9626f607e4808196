// The folder that keeps everything, held by one process at a time.
//
//   s3/ dynamodb/ glue/ logs/    the stores
//   jobs/                        jobs.db, runs/<run>/
//   access/                      the socket that engines reach the stores through; nobody else may enter
//   lock                         held while a server runs
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace mastic::program {

class DataFolder {
 public:
  /// `given` when it is not empty, else $MASTIC_DATA, else ~/.mastic/data. Creates and locks it; fails when another
  /// process has it, or it may not be written.
  static Result<std::unique_ptr<DataFolder>> open(const std::string& given);
  /// Which folder that is; neither made nor locked.
  static Result<std::filesystem::path> chosen(const std::string& given);
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Where to put a Unix socket that only this user may reach: in `access/`, or, when that path is too long for a socket's
  /// address, in a fresh folder for temporary files, which goes with this object.
  Result<std::filesystem::path> socket_path();

 private:
  DataFolder() = default;
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int lock_ = -1;
};

}  // namespace mastic::program
