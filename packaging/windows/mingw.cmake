# SPDX-License-Identifier: MIT
# For 64-bit Windows with Debian's mingw-w64, and with the libraries that scripts/windows has built:
#   cmake -DCMAKE_TOOLCHAIN_FILE=packaging/windows/mingw.cmake [-DS2C_WINDOWS_PREFIX=FOLDER] ...
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)

# C++'s threads are only in the flavour that has them from winpthread.
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)

if(NOT S2C_WINDOWS_PREFIX)
  get_filename_component(S2C_WINDOWS_PREFIX
    ${CMAKE_CURRENT_LIST_DIR}/../../build/windows/prefix ABSOLUTE)
endif()
# This file is read once more wherever CMake tries to compile something.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES S2C_WINDOWS_PREFIX)
set(CMAKE_FIND_ROOT_PATH ${S2C_WINDOWS_PREFIX} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# It would tell of this system's libraries.
set(ENV{PKG_CONFIG_LIBDIR} ${S2C_WINDOWS_PREFIX}/lib/pkgconfig)

# The compiler's own libraries are in each program and DLL: a plugin comes into programs that have
# others, or none, and beside it none would be found.
foreach(kind EXE SHARED MODULE)
  set(CMAKE_${kind}_LINKER_FLAGS_INIT "-static")
endforeach()
# They are nobody else's: a DLL that says of no name that it is exported would export theirs, too.
string(APPEND CMAKE_SHARED_LINKER_FLAGS_INIT " -Wl,--exclude-libs,ALL")

# Debian has no wine64 on the path unless its package wine is there, too.
find_program(S2C_WINE NAMES wine64 wine64-stable wine PATHS /usr/lib/wine)
if(S2C_WINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${S2C_WINE})
endif()
