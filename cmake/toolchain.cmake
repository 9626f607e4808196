# Where set-up put things, and how we compile.
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/tools/setup.sh --print OUTPUT_VARIABLE MASTIC_CACHE
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${CMAKE_SOURCE_DIR}/tools/versions.sh version_lines REGEX "^[A-Z_]+=")
foreach(line ${version_lines})
  string(REGEX MATCH "^([A-Z_]+)=(.*)$" _ "${line}")
  set(${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
endforeach()
set(MASTIC_PYTHON ${MASTIC_CACHE}/venv/bin/python)
if(NOT EXISTS ${MASTIC_PYTHON})
  message(FATAL_ERROR "Nothing is set up in ${MASTIC_CACHE}: run 'make setup' first.")
endif()

# Relative paths in the compiler's view let every build folder of this checkout share one cache entry.
find_program(CCACHE ccache REQUIRED)
set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_DIR=${MASTIC_CACHE}/ccache CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
    CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=5G CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers -Wno-psabi)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
add_link_options(-fuse-ld=mold)

# address · thread · undefined, as a list; see CMakePresets.json.
set(MASTIC_SANITIZE "" CACHE STRING "Sanitizers to build with, comma separated")
if(MASTIC_SANITIZE)
  # Instrumented code hides from g++ that a value was set (gcc bug 80635 and its kin): that warning stays one here.
  add_compile_options(-fsanitize=${MASTIC_SANITIZE} -fno-omit-frame-pointer -g1 -Wno-error=maybe-uninitialized)
  add_link_options(-fsanitize=${MASTIC_SANITIZE})
endif()

# Fuzz targets (*_fuzz.cpp beside their sources) need clang's libFuzzer; see the preset "fuzz".
option(MASTIC_FUZZ "Build the fuzz targets" OFF)
if(MASTIC_FUZZ)
  # clang instantiates a constexpr destructor where it is declared; DuckDB's headers hold unique_ptrs of incomplete types.
  add_compile_definitions(_GLIBCXX23_CONSTEXPR=)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -g1 -Wno-error)
  add_link_options(-fsanitize=address,undefined)
endif()
