# SPDX-License-Identifier: MIT
# Read by cpack when it runs.
foreach(tool dpkg-shlibdeps file)
  find_program(found_${tool} ${tool})
  if(NOT found_${tool})
    message(FATAL_ERROR "A package cannot be made without ${tool}: install dpkg-dev and file")
  endif()
endforeach()
