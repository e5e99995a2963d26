# SPDX-License-Identifier: MIT
# Removes the files that INSTALLED names, and those of the plugin's own folders that are empty then.
if(NOT EXISTS ${INSTALLED})
  message(FATAL_ERROR "Nothing to uninstall: `cmake --install` has not run since the last time")
endif()
file(STRINGS ${INSTALLED} files)
foreach(file IN LISTS files)
  message(STATUS "Removing ${file}")
  file(REMOVE ${file})
  if(EXISTS ${file})
    message(FATAL_ERROR "${file} cannot be removed: uninstall as the user who has installed it")
  endif()
  get_filename_component(folder ${file} DIRECTORY)
  list(APPEND folders ${folder})
endforeach()

# The longest first: a folder is empty once those below it are gone.
list(REMOVE_DUPLICATES folders)
list(SORT folders ORDER DESCENDING)
foreach(folder IN LISTS folders)
  if(folder MATCHES "/(s2c|gdal-s2c(/.*)?)$")
    # It leaves a folder alone that holds something.
    execute_process(COMMAND rmdir ${folder} ERROR_QUIET)
  endif()
endforeach()
file(REMOVE ${INSTALLED})
