# TensorFlow Lite Micro's own interpreter and reference kernels, from a copy of espressif/esp-tflite-micro that LINEGATE_TFLM names.
set(lite ${LINEGATE_TFLM}/tensorflow/lite)
set(micro ${lite}/micro)
set(sources ${lite}/core/c/common.cc ${lite}/core/api/flatbuffer_conversions.cc ${lite}/core/api/tensor_utils.cc
  ${lite}/kernels/kernel_util.cc ${lite}/kernels/internal/common.cc ${lite}/kernels/internal/quantization_util.cc
  ${lite}/kernels/internal/portable_tensor_utils.cc ${lite}/kernels/internal/tensor_utils.cc
  ${lite}/kernels/internal/tensor_ctypes.cc ${lite}/kernels/internal/reference/portable_tensor_utils.cc
  ${LINEGATE_TFLM}/tensorflow/compiler/mlir/lite/core/api/error_reporter.cc
  ${LINEGATE_TFLM}/tensorflow/compiler/mlir/lite/schema/schema_utils.cc)
foreach(name debug_log flatbuffer_utils memory_helpers micro_allocation_info micro_allocator micro_context
    micro_interpreter_context micro_interpreter_graph micro_interpreter micro_log micro_op_resolver micro_profiler
    micro_resource_variable micro_time micro_utils recording_micro_allocator system_setup
    memory_planner/greedy_memory_planner memory_planner/linear_memory_planner
    arena_allocator/non_persistent_arena_buffer_allocator arena_allocator/persistent_arena_buffer_allocator
    arena_allocator/recording_single_arena_buffer_allocator arena_allocator/single_arena_buffer_allocator
    tflite_bridge/flatbuffer_conversions_bridge tflite_bridge/micro_error_reporter)
  list(APPEND sources ${micro}/${name}.cc)
endforeach()
foreach(name activations add concatenation conv depthwise_conv fully_connected hard_swish logistic mul pad pooling quantize
    reshape resize_nearest_neighbor softmax transpose_conv kernel_util micro_tensor_utils)
  foreach(part ${name} ${name}_common)
    if(EXISTS ${micro}/kernels/${part}.cc)
      list(APPEND sources ${micro}/kernels/${part}.cc)
    endif()
  endforeach()
endforeach()
add_library(linegate_tflm STATIC ${sources})
target_include_directories(linegate_tflm SYSTEM PUBLIC ${LINEGATE_TFLM} ${LINEGATE_TFLM}/third_party/gemmlowp
  ${LINEGATE_TFLM}/third_party/flatbuffers/include ${LINEGATE_TFLM}/third_party/ruy)
target_compile_definitions(linegate_tflm PUBLIC TF_LITE_STATIC_MEMORY)
target_compile_options(linegate_tflm PRIVATE -w -fno-exceptions -fno-rtti -fno-threadsafe-statics)
