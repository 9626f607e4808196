# AWS's request and response types, out of botocore's service models: for each src/<service>/operations.txt a library
# aws_model_<service> with the header "aws/models/<service>.h". Generated code stays in the build folder.
#
# aws_model(SERVICE OPERATIONS_TXT [NAMESPACE])
file(GLOB aws_generator CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/generate_aws_models.py ${CMAKE_SOURCE_DIR}/tools/aws_models/*.py)

function(aws_model service operations)
  set(namespace ${service})
  if(ARGN)
    list(GET ARGN 0 namespace)
  endif()
  # About a dozen operations a file: each compiles in seconds and in well under 1 GB.
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${operations})
  file(STRINGS ${operations} lines REGEX "^[A-Za-z]")
  list(LENGTH lines count)
  math(EXPR files "(${count} + 11) / 12")
  if(files GREATER 12)
    set(files 12)
  elseif(files LESS 1)
    set(files 1)
  endif()
  set(folder ${CMAKE_BINARY_DIR}/generated/aws_models)
  set(sources)
  math(EXPR last "${files} - 1")
  foreach(number RANGE ${last})
    list(APPEND sources ${folder}/${namespace}_${number}.cpp)
  endforeach()
  set(headers ${folder}/include/aws/models/${namespace}.h ${folder}/include/aws/models/${namespace}_codec.h)
  add_custom_command(
    OUTPUT ${sources} ${headers}
    COMMAND ${MASTIC_PYTHON} -B ${CMAKE_SOURCE_DIR}/tools/generate_aws_models.py ${service} ${operations} ${folder} ${files} ${namespace}
    DEPENDS ${aws_generator} ${operations} ${CMAKE_SOURCE_DIR}/tools/requirements.txt
    COMMENT "Generating AWS ${namespace}"
    VERBATIM)
  add_library(aws_model_${namespace} STATIC ${sources} ${headers})
  target_include_directories(aws_model_${namespace} PUBLIC ${folder}/include ${CMAKE_SOURCE_DIR}/src)
  # Readers keep the path for messages as a list through their stack frames; gcc 12 takes its head for dangling.
  target_compile_options(aws_model_${namespace} PRIVATE -Wno-dangling-pointer)
  target_link_libraries(aws_model_${namespace} PUBLIC mastic_aws)
endfunction()

file(GLOB listings CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/*/operations.txt)
foreach(listing ${listings})
  get_filename_component(folder ${listing} DIRECTORY)
  get_filename_component(service ${folder} NAME)
  aws_model(${service} ${listing})
endforeach()

# Models for the tests of the wire alone, and the small server that they talk to.
set(wire_test_data ${CMAKE_SOURCE_DIR}/src/aws/testdata)
aws_model(cloudformation ${wire_test_data}/cloudformation_operations.txt wire_test_cloudformation)
aws_model(sns ${wire_test_data}/sns_operations.txt wire_test_sns)
set(wire_test_models aws_model_wire_test_cloudformation aws_model_wire_test_sns aws_model_s3 aws_model_logs)
if(TARGET aws_test)
  target_link_libraries(aws_test PRIVATE ${wire_test_models})
endif()
if(TARGET aws_request_fuzz)
  target_link_libraries(aws_request_fuzz PRIVATE ${wire_test_models})
endif()
add_executable(wire_test_server ${CMAKE_SOURCE_DIR}/tests/clients/wire_test_server.cpp)
target_link_libraries(wire_test_server PRIVATE ${wire_test_models} Threads::Threads)
