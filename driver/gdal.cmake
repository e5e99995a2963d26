# SPDX-License-Identifier: MIT
# The GDAL that is built for: `gdal_headers` is what is compiled against, GDAL::GDAL what a program
# links, and S2C_GDAL_VERSION the MAJOR.MINOR that the plugin's file is named after.
add_library(gdal_headers INTERFACE)
if(S2C_GDAL_HEADERS)
  set(gdal_include_dir ${S2C_GDAL_HEADERS})
else()
  find_package(GDAL 3.6 REQUIRED)
  get_target_property(gdal_include_dir GDAL::GDAL INTERFACE_INCLUDE_DIRECTORIES)
endif()
target_include_directories(gdal_headers SYSTEM INTERFACE ${gdal_include_dir})

find_file(gdal_version_header gdal_version.h PATHS ${gdal_include_dir} NO_DEFAULT_PATH NO_CACHE
          REQUIRED)
file(STRINGS ${gdal_version_header} version_lines REGEX "define GDAL_VERSION_(MAJOR|MINOR) ")
string(REGEX REPLACE ".*MAJOR +([0-9]+).*MINOR +([0-9]+).*" "\\1.\\2" S2C_GDAL_VERSION
       "${version_lines}")
