# Spark Connect's wire as C++: descriptors out of the installed pyspark-client, so the protocol is the client's version.
set(proto_dir ${CMAKE_BINARY_DIR}/generated/spark_connect)
set(descriptors ${proto_dir}/descriptors.binpb)
set(spark_protos base catalog commands common expressions ml ml_common pipelines relations types)
set(rpc_protos google/rpc/status google/rpc/error_details)
set(proto_files)
set(generated_sources)
foreach(name ${spark_protos})
  list(APPEND proto_files spark/connect/${name}.proto)
  list(APPEND generated_sources ${proto_dir}/spark/connect/${name}.pb.cc)
endforeach()
foreach(name ${rpc_protos})
  list(APPEND proto_files ${name}.proto)
  list(APPEND generated_sources ${proto_dir}/${name}.pb.cc)
endforeach()
list(APPEND generated_sources ${proto_dir}/spark/connect/base.grpc.pb.cc)

add_custom_command(
  OUTPUT ${descriptors} ${generated_sources}
  COMMAND ${MASTIC_PYTHON} ${CMAKE_SOURCE_DIR}/tools/export_spark_descriptors.py ${descriptors}
  COMMAND ${PROTOC} --descriptor_set_in=${descriptors} --cpp_out=${proto_dir} ${proto_files}
  COMMAND ${PROTOC} --descriptor_set_in=${descriptors} --grpc_out=${proto_dir}
          --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN} spark/connect/base.proto
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/export_spark_descriptors.py ${CMAKE_SOURCE_DIR}/tools/requirements.txt
  COMMENT "Generating Spark Connect's protocol"
  VERBATIM)
add_library(spark_connect_proto STATIC ${generated_sources})
target_compile_options(spark_connect_proto PRIVATE -w)
target_include_directories(spark_connect_proto SYSTEM PUBLIC ${proto_dir})
target_link_libraries(spark_connect_proto PUBLIC PkgConfig::grpcpp)
# Fields that the protocol calls deprecated are what older clients send.
target_compile_options(spark_connect_proto INTERFACE -Wno-deprecated-declarations)
