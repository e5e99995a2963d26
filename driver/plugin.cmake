# SPDX-License-Identifier: MIT
# gdal_S2C.so (.dll), the loader that GDAL finds, and the plugin that it opens for the GDAL that called.

# So long that every name of a libgdal fits in its place (driver/gdal_caller_linux.cpp).
string(REPEAT "." 108 dots)
set(S2C_PLACEHOLDER "libgdal-that-has-called${dots}")

if(WIN32)
  set(gdal_caller windows)
else()
  set(gdal_caller linux)
endif()
add_library(gdal_S2C MODULE driver/loader.cpp driver/gdal_caller_${gdal_caller}.cpp)
target_include_directories(gdal_S2C PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(gdal_S2C PRIVATE S2C_PLACEHOLDER="${S2C_PLACEHOLDER}")
if(MSVC)
  target_compile_options(gdal_S2C PRIVATE /GR-)
else()
  target_compile_options(gdal_S2C PRIVATE -fno-exceptions -fno-rtti)
endif()
# Linked as C: whichever C++ library a program has, the loader needs none.
set_target_properties(gdal_S2C PROPERTIES LINKER_LANGUAGE C)

function(add_plugin target folder)
  add_library(${target} MODULE driver/plugin.cpp)
  target_link_libraries(${target} PRIVATE driver ${ARGN})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME gdal_S2C-${S2C_GDAL_VERSION}
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${folder})
endfunction()

if(S2C_GDAL_HEADERS)
  set(S2C_PLUGIN plugin_of_caller)
  set(folder_of_caller gdalplugins/s2c)
else()
  # For the system's GDAL.
  set(S2C_PLUGIN plugin)
  set(folder_of_caller any/s2c)
  add_plugin(plugin gdalplugins/s2c GDAL::GDAL)
  if(NOT S2C_SANITIZE AND NOT WIN32)
    target_link_options(plugin PRIVATE -Wl,-z,defs)
  endif()
endif()

# Who builds the loader wants what it opens, too.
add_dependencies(gdal_S2C ${S2C_PLUGIN})

# For whichever GDAL of that version has called: it needs a library that there is not, until the
# loader has put the caller's name in its place. Beside the system's it is there for the tests.
if(NOT WIN32 AND (S2C_GDAL_HEADERS OR S2C_BUILD_TESTS))
  file(WRITE ${PROJECT_BINARY_DIR}/placeholder.c "")
  add_library(placeholder SHARED ${PROJECT_BINARY_DIR}/placeholder.c)
  set_target_properties(placeholder PROPERTIES NO_SONAME ON)
  target_link_options(placeholder PRIVATE -Wl,-soname,${S2C_PLACEHOLDER})
  add_plugin(plugin_of_caller ${folder_of_caller} -Wl,--no-as-needed placeholder)
endif()

foreach(target gdal_S2C plugin plugin_of_caller)
  if(NOT TARGET ${target})
    continue()
  endif()
  target_link_libraries(${target} PRIVATE s2c_flags)
  set_target_properties(${target} PROPERTIES PREFIX "")
  if(MINGW)
    target_link_options(${target} PRIVATE -Wl,--exclude-all-symbols)
  elseif(NOT WIN32)
    # Of the libraries linked in, no symbol may be seen: another plugin may bring other versions.
    target_link_options(${target} PRIVATE
      -Wl,--exclude-libs,ALL -Wl,--version-script=${PROJECT_SOURCE_DIR}/driver/plugin.map)
    set_property(TARGET ${target} APPEND PROPERTY
      LINK_DEPENDS ${PROJECT_SOURCE_DIR}/driver/plugin.map)
  endif()
endforeach()
set_target_properties(gdal_S2C PROPERTIES
  LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/gdalplugins)
