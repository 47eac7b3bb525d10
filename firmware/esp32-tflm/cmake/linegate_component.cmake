# linegate_component(NAME [SOURCES file...] [INCLUDE dir...] [REQUIRES component...] [PRIV_REQUIRES component...]
#                    [DEFINES word...] [LDFRAGMENT file])
# One CMakeLists.txt a component for ESP-IDF, the host and the bare-metal builds. Under ESP-IDF it registers the component;
# elsewhere it makes a static library linegate_NAME, or an interface where there are no sources.
include_guard(GLOBAL)

set(LINEGATE_AGENT_NATIVE "${CMAKE_CURRENT_LIST_DIR}/../../../agent/native" CACHE PATH "The agent's own C files.")

# ESP-IDF reads a component twice: first for what it requires, when idf_component_register is a macro that returns from the
# component's file; so this must be no function there.
if(ESP_PLATFORM OR CMAKE_BUILD_EARLY_EXPANSION)
  macro(linegate_component NAME)
    cmake_parse_arguments(C "" "LDFRAGMENT" "SOURCES;INCLUDE;REQUIRES;PRIV_REQUIRES;DEFINES" ${ARGN})
    idf_component_register(SRCS ${C_SOURCES} INCLUDE_DIRS ${C_INCLUDE} REQUIRES ${C_REQUIRES}
      PRIV_REQUIRES ${C_PRIV_REQUIRES} LDFRAGMENTS ${C_LDFRAGMENT})
    if(C_DEFINES)
      target_compile_definitions(${COMPONENT_LIB} PUBLIC ${C_DEFINES})
    endif()
    if(C_SOURCES)
      # gnu++17: ESP-IDF's own headers use typeof and more of GCC's.
      target_compile_options(${COMPONENT_LIB} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-std=gnu++17 -fno-exceptions -fno-rtti>)
    endif()
  endmacro()
  return()
endif()

function(linegate_component NAME)
  cmake_parse_arguments(C "" "LDFRAGMENT" "SOURCES;INCLUDE;REQUIRES;PRIV_REQUIRES;DEFINES" ${ARGN})
  set(target linegate_${NAME})
  list(TRANSFORM C_REQUIRES PREPEND linegate_)
  list(TRANSFORM C_PRIV_REQUIRES PREPEND linegate_)
  if(C_SOURCES)
    add_library(${target} STATIC ${C_SOURCES})
    target_include_directories(${target} PUBLIC ${C_INCLUDE})
    target_compile_definitions(${target} PUBLIC ${C_DEFINES})
    target_link_libraries(${target} PUBLIC ${C_REQUIRES} PRIVATE ${C_PRIV_REQUIRES} PRIVATE linegate_flags)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${C_INCLUDE})
    target_link_libraries(${target} INTERFACE ${C_REQUIRES})
  endif()
endfunction()
