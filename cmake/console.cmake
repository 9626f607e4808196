# The web console: Vite builds console/ once its sources change, pack.mjs makes one object of it. MASTIC_CONSOLE=OFF leaves it
# out (the pages then say so); fuzz builds do.
option(MASTIC_CONSOLE "Build the web console into the program" ON)
set(console_dir ${CMAKE_SOURCE_DIR}/console)
set(console_out ${CMAKE_BINARY_DIR}/generated/console)
file(MAKE_DIRECTORY ${console_out})
if(MASTIC_CONSOLE AND NOT MASTIC_FUZZ)
  if(NOT EXISTS ${console_dir}/node_modules/vite)
    message(FATAL_ERROR "The console's packages are not set up: run 'make setup' first (or configure with -DMASTIC_CONSOLE=OFF).")
  endif()
  file(GLOB_RECURSE console_sources CONFIGURE_DEPENDS ${console_dir}/src/* ${console_dir}/public/* ${console_dir}/scripts/*)
  list(FILTER console_sources EXCLUDE REGEX "\\.test\\.tsx?$")
  set(node ${MASTIC_CACHE}/node/bin/node)
  add_custom_command(
    OUTPUT ${console_out}/console_assets.cpp ${console_out}/console_assets.bin
    COMMAND ${CMAKE_COMMAND} -E env MASTIC_CONSOLE_OUT=${console_out}/dist
            ${node} node_modules/vite/bin/vite.js build --logLevel error
    COMMAND ${node} scripts/pack.mjs ${console_out}/dist ${console_out}
    WORKING_DIRECTORY ${console_dir}
    DEPENDS ${console_sources} ${console_dir}/index.html ${console_dir}/vite.config.ts ${console_dir}/package-lock.json
            ${console_dir}/tsconfig.json
    COMMENT "Building the console"
    VERBATIM)
  set_source_files_properties(${console_out}/console_assets.cpp PROPERTIES OBJECT_DEPENDS ${console_out}/console_assets.bin)
else()
  file(WRITE ${console_out}/console_assets.cpp
       "#include \"console/assets.h\"\n"
       "namespace mastic::console {\n"
       "std::span<const Asset> assets() { return {}; }\n"
       "std::string_view bytes_of(Asset::Part) { return {}; }\n"
       "}  // namespace mastic::console\n")
endif()
add_library(console_assets STATIC ${console_out}/console_assets.cpp)
target_include_directories(console_assets PRIVATE ${CMAKE_SOURCE_DIR}/src)
