# Every library we link. Headers that are not ours are SYSTEM: their warnings are not our errors.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(RocksDB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(simdjson REQUIRED)
find_package(CURL REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(grpcpp REQUIRED IMPORTED_TARGET grpc++ protobuf)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
find_package(LibXml2 REQUIRED)
find_package(BZip2 REQUIRED)
find_program(PROTOC protoc REQUIRED)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)

# DuckDB's C++ API, from the shared library that its Node bindings carry.
set(duckdb_home ${MASTIC_CACHE}/duckdb-${DUCKDB_VERSION})
add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES IMPORTED_LOCATION ${duckdb_home}/lib/libduckdb.so IMPORTED_NO_SONAME ON
                                        INTERFACE_INCLUDE_DIRECTORIES ${duckdb_home}/include)

# Arrow C++, from the pyarrow wheel, for Arrow IPC.
file(GLOB arrow_library ${MASTIC_CACHE}/venv/lib/python3.11/site-packages/pyarrow/libarrow.so.*)
add_library(arrow SHARED IMPORTED)
set_target_properties(arrow PROPERTIES IMPORTED_LOCATION ${arrow_library}
                      INTERFACE_INCLUDE_DIRECTORIES ${MASTIC_CACHE}/venv/lib/python3.11/site-packages/pyarrow/include)

list(APPEND CMAKE_BUILD_RPATH ${duckdb_home}/lib ${MASTIC_CACHE}/venv/lib/python3.11/site-packages/pyarrow)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
