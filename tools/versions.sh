# The toolchain, pinned. tools/setup.sh and CMake read these; a version changes here and nowhere else.
DUCKDB_VERSION=1.5.5
DUCKDB_NODE_RELEASE=1.5.5-r.5
NODE_WHEEL_VERSION=22.20.0
