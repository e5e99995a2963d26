# SPDX-License-Identifier: MIT
# `cmake --install`, and the target `uninstall` that takes it back.
include(GNUInstallDirs)
set(S2C_DOC_DIR ${CMAKE_INSTALL_DATAROOTDIR}/doc/gdal-s2c)

# GDAL looks for plugins in one folder that differs between systems; a guess would install where
# nothing is looked for.
if(NOT S2C_PLUGIN_DIR AND WIN32)
  # As conda-forge and MSYS2 have it; OSGeo4W has it below apps/gdal.
  set(S2C_PLUGIN_DIR lib/gdalplugins)
endif()
if(NOT S2C_PLUGIN_DIR)
  find_program(GDAL_CONFIG gdal-config)
  if(GDAL_CONFIG)
    execute_process(COMMAND ${GDAL_CONFIG} --plugindir OUTPUT_VARIABLE gdal_plugin_dir
                    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE plugindir_failed)
  endif()
  # Before GDAL 3.7 gdal-config has no --plugindir; there it is beside the library.
  if((NOT gdal_plugin_dir OR plugindir_failed) AND S2C_GDAL_LIBRARY)
    get_filename_component(gdal_library_dir ${S2C_GDAL_LIBRARY} DIRECTORY)
    set(gdal_plugin_dir ${gdal_library_dir}/gdalplugins)
  endif()
  if(NOT gdal_plugin_dir)
    message(FATAL_ERROR "Where GDAL looks for plugins is not known: set S2C_PLUGIN_DIR")
  endif()
  set(S2C_PLUGIN_DIR ${gdal_plugin_dir})
endif()
install(TARGETS gdal_S2C LIBRARY DESTINATION ${S2C_PLUGIN_DIR})
install(TARGETS ${S2C_PLUGIN} LIBRARY DESTINATION ${S2C_PLUGIN_DIR}/s2c)
install(FILES README.md CHANGELOG.md LICENSE SECURITY.md DESTINATION ${S2C_DOC_DIR})
install(DIRECTORY docs DESTINATION ${S2C_DOC_DIR})
install(FILES data/inference.qml DESTINATION ${S2C_DOC_DIR}/data)
if(WIN32)
  set(set_variable set)
else()
  set(set_variable export)
endif()
install(CODE "
  get_filename_component(s2c_folder \"${S2C_PLUGIN_DIR}\" ABSOLUTE
                         BASE_DIR \"\${CMAKE_INSTALL_PREFIX}\")
  message(STATUS \"If GDAL looks elsewhere: ${set_variable} GDAL_DRIVER_PATH=\${s2c_folder}\")")

# CMake's own list of what was installed is written by CPack as well, and does not say where below.
set(S2C_INSTALLED ${PROJECT_BINARY_DIR}/installed_files.txt)
install(CODE "set(s2c_installed \"${S2C_INSTALLED}\")")
install(CODE [[
  if(NOT "$ENV{DESTDIR}" MATCHES "/_CPack_Packages/")
    list(TRANSFORM CMAKE_INSTALL_MANIFEST_FILES PREPEND "$ENV{DESTDIR}" OUTPUT_VARIABLE s2c_files)
    string(REPLACE ";" "\n" s2c_files "${s2c_files}")
    file(WRITE "${s2c_installed}" "${s2c_files}\n")
  endif()
]])
add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -DINSTALLED=${S2C_INSTALLED} -P ${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake
  VERBATIM)
