# SPDX-License-Identifier: MIT
# conda-build calls this on Linux, in bash.
set -e
cmake -S . -B conda-build -G Ninja ${CMAKE_ARGS} -DCMAKE_BUILD_TYPE=Release \
  -DS2C_BUILD_TESTS=OFF "-DS2C_PLUGIN_DIR=$PREFIX/lib/gdalplugins"
cmake --build conda-build
cmake --install conda-build
