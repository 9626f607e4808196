# The protocol between an engine and the process that owns the stores, as C++.
set(access_proto_dir ${CMAKE_BINARY_DIR}/generated/access)
set(access_proto_file ${CMAKE_SOURCE_DIR}/src/access/stores.proto)
set(access_generated ${access_proto_dir}/stores.pb.cc ${access_proto_dir}/stores.grpc.pb.cc)
file(MAKE_DIRECTORY ${access_proto_dir})
add_custom_command(
  OUTPUT ${access_generated}
  COMMAND ${PROTOC} -I ${CMAKE_SOURCE_DIR}/src/access --cpp_out=${access_proto_dir} --grpc_out=${access_proto_dir}
          --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN} stores.proto
  DEPENDS ${access_proto_file}
  COMMENT "Generating the stores' protocol"
  VERBATIM)
add_library(access_proto STATIC ${access_generated})
target_compile_options(access_proto PRIVATE -w)
target_include_directories(access_proto SYSTEM PUBLIC ${access_proto_dir})
target_link_libraries(access_proto PUBLIC PkgConfig::grpcpp)
