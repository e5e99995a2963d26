@rem SPDX-License-Identifier: MIT
@rem conda-build calls this on Windows. Plugins are in Library\lib\gdalplugins there.
cmake -S . -B conda-build -G Ninja %CMAKE_ARGS% -DCMAKE_BUILD_TYPE=Release ^
  -DS2C_BUILD_TESTS=OFF "-DCMAKE_PREFIX_PATH=%LIBRARY_PREFIX%" ^
  "-DCMAKE_INSTALL_PREFIX=%LIBRARY_PREFIX%"
if errorlevel 1 exit 1
cmake --build conda-build
if errorlevel 1 exit 1
cmake --install conda-build
if errorlevel 1 exit 1
