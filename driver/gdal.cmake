# SPDX-License-Identifier: MIT
# The GDAL that is built for: `gdal_headers` is what is compiled against, GDAL::GDAL and
# S2C_GDAL_LIBRARY what a program links, S2C_GDAL_RELEASE its version, and S2C_GDAL_VERSION the
# MAJOR.MINOR that the plugin's file is named after.
add_library(gdal_headers INTERFACE)
if(S2C_GDAL_HEADERS)
  set(gdal_include_dir ${S2C_GDAL_HEADERS})
else()
  # GDAL's own package first: CMake has deprecated its FindGDAL. No version is asked for, since
  # GDAL's package refuses every other minor than that one.
  find_package(GDAL CONFIG QUIET)
  if(NOT GDAL_FOUND)
    find_package(GDAL MODULE REQUIRED)
  endif()
  get_target_property(gdal_include_dir GDAL::GDAL INTERFACE_INCLUDE_DIRECTORIES)
  get_target_property(S2C_GDAL_LIBRARY GDAL::GDAL LOCATION)
  if(WIN32)
    # The linker takes of it what the libraries before it lack.
    target_link_libraries(gdal_headers INTERFACE $<LINK_ONLY:GDAL::GDAL>)
  endif()
endif()
target_include_directories(gdal_headers SYSTEM INTERFACE ${gdal_include_dir})

find_file(gdal_version_header gdal_version.h PATHS ${gdal_include_dir} NO_DEFAULT_PATH
          NO_CMAKE_FIND_ROOT_PATH NO_CACHE
          REQUIRED)
set(parts "")
foreach(part MAJOR MINOR REV)
  file(STRINGS ${gdal_version_header} line REGEX "define +GDAL_VERSION_${part} ")
  string(REGEX MATCH "[0-9]+" number "${line}")
  list(APPEND parts ${number})
endforeach()
string(REPLACE ";" "." S2C_GDAL_RELEASE "${parts}")
string(REGEX MATCH "^[0-9]+\\.[0-9]+" S2C_GDAL_VERSION "${S2C_GDAL_RELEASE}")
if(S2C_GDAL_VERSION VERSION_LESS 3.6)
  message(FATAL_ERROR "GDAL ${S2C_GDAL_RELEASE} (${gdal_version_header}) is too old, gdal_S2C needs "
                      "3.6 or newer: CMAKE_PREFIX_PATH says where another one is")
endif()

# An update of GDAL may bring files that are older than what was built here, and then nothing would
# be built again. But the folder that they come into changes, and the library's whole name goes; and
# another version on the command line is another object.
get_filename_component(gdal_header_dir ${gdal_version_header} DIRECTORY)
set(watched ${gdal_version_header} ${gdal_header_dir})
if(S2C_GDAL_LIBRARY)
  file(REAL_PATH ${S2C_GDAL_LIBRARY} gdal_library_file)
  list(APPEND watched ${gdal_library_file})
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${watched})
target_compile_definitions(gdal_headers INTERFACE S2C_GDAL_RELEASE="${S2C_GDAL_RELEASE}")
