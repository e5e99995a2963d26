# SPDX-License-Identifier: MIT
# The libraries that scripts/windows builds for Windows, from Debian's sources, into `prefix` below
# `work`; each once, which a file in marks/ tells.

# A library's recipe (the function build_NAME) unless it has been done.
library() {
  [ ! -e "$work/marks/$1" ] || return 0
  echo "$1 ($(date +%T))"
  mkdir -p "$work"/{marks,sources,logs}
  "build_$1"
  rm -rf "$work/build-$1"
  touch "$work/marks/$1"
}

# `source` is then the folder of a package's source.
get_source() {
  local folder=$work/sources/$1
  [ -n "${apt:-}" ] || apt_of deb-src bookworm "$work/apt"
  rm -rf "$folder"
  mkdir -p "$folder"
  (cd "$folder" && "${apt[@]}" source "$1" > "$work/logs/$1.source.log" 2>&1)
  source=$(echo "$folder"/*/)
}

logged() {
  local log=$1
  shift
  "$@" >> "$log" 2>&1 || { tail -n 30 "$log" | cut -c 1-300 >&2; return 1; }
}

# A library's source as CMake builds it; what more is said to CMake follows.
with_cmake() {
  local name=$1 folder=$2 log=$work/logs/$1.log
  shift 2
  rm -rf "$work/build-$name"
  : > "$log"
  logged "$log" cmake -S "$folder" -B "$work/build-$name" -G Ninja \
    -DCMAKE_TOOLCHAIN_FILE="$PWD/packaging/windows/mingw.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_TESTING=OFF "$@"
  logged "$log" cmake --build "$work/build-$name" --target install
}

# The archive alone, which zlib's own ways of building make beside a DLL that would be found first.
build_zlib() {
  get_source zlib
  mkdir -p "$work/build-zlib" "$prefix"/{lib,include}
  (cd "$work/build-zlib"
   x86_64-w64-mingw32-gcc-posix -O2 -c "$source"/*.c
   x86_64-w64-mingw32-ar rcs "$prefix/lib/libz.a" ./*.o)
  cp "$source"/{zlib,zconf}.h "$prefix/include/"
}

# winpthread has clock_gettime(), but nghttp2 1.52 does not compile where Windows' own clock is as well.
build_nghttp2() {
  get_source nghttp2
  with_cmake nghttp2 "$source" -DENABLE_LIB_ONLY=ON -DENABLE_STATIC_LIB=ON \
    -DENABLE_SHARED_LIB=OFF -DHAVE_CLOCK_GETTIME=OFF
}

# With Windows' own TLS, and so with the certificates that Windows trusts.
build_curl() {
  get_source curl
  with_cmake curl "$source" -DBUILD_SHARED_LIBS=ON -DBUILD_CURL_EXE=OFF -DHTTP_ONLY=ON \
    -DCURL_USE_SCHANNEL=ON -DUSE_NGHTTP2=ON -DCMAKE_C_FLAGS=-DNGHTTP2_STATICLIB -DUSE_LIBIDN2=OFF \
    -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH2=OFF -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF \
    -DCURL_ZLIB=ON
}

# Debian's patches ask for the value that configure gives to XML_DTD; CMake gives it none.
build_expat() {
  get_source expat
  sed -i 's/^#cmakedefine XML_DTD$/& 1/' "$source/expat/expat_config.h.cmake"
  with_cmake expat "$source/expat" -DEXPAT_SHARED_LIBS=OFF -DEXPAT_BUILD_TOOLS=OFF \
    -DEXPAT_BUILD_EXAMPLES=OFF -DEXPAT_BUILD_TESTS=OFF -DEXPAT_BUILD_DOCS=OFF
}

build_googletest() {
  with_cmake googletest /usr/src/googletest -DBUILD_SHARED_LIBS=OFF
}

# Headers alone, of the packages for this system. /usr/include itself cannot be searched: its
# headers of the C library are not Windows'.
build_headers() {
  local name
  mkdir -p "$prefix/include" "$prefix/share/cmake"
  for name in rapidjson tl CLI; do cp -r "/usr/include/$name" "$prefix/include/"; done
  for name in RapidJSON tl-expected CLI11; do
    cp -r "/usr/share/cmake/$name" "$prefix/share/cmake/"
  done
  # The others' packages say where their headers are by where they are themselves.
  sed -i 's|"/usr/include"|"${RAPIDJSON_CMAKE_DIR}/../../../include"|' \
    "$prefix/share/cmake/RapidJSON/RapidJSONConfig.cmake"
}

build_libraries_of_client() {
  local name
  for name in zlib nghttp2 curl expat googletest headers; do library "$name"; done
}

# Debian's source has SQLite in its parts, which a program in Tcl puts together.
build_sqlite() {
  local log=$work/logs/sqlite.log build=$work/build-sqlite
  get_source sqlite3
  mkdir -p "$build" "$prefix"/{lib,include}
  : > "$log"
  (cd "$build"
   logged "$log" "$source/configure" --disable-tcl
   logged "$log" make sqlite3.c
   # GeoPackage's index of geometries is R*Tree's, and GDAL asks for a column's table.
   logged "$log" x86_64-w64-mingw32-gcc-posix -O2 -DSQLITE_ENABLE_RTREE=1 \
     -DSQLITE_ENABLE_COLUMN_METADATA=1 -c sqlite3.c -o sqlite3.o
   x86_64-w64-mingw32-ar rcs "$prefix/lib/libsqlite3.a" sqlite3.o
   cp sqlite3.h "$source/src/sqlite3ext.h" "$prefix/include/")
}

# The database of coordinate systems is written by this system's sqlite3.
build_proj() {
  get_source proj
  with_cmake proj "$source" "${fast[@]}" -DBUILD_SHARED_LIBS=ON -DBUILD_APPS=OFF -DENABLE_TIFF=OFF \
    -DENABLE_CURL=OFF -DEXE_SQLITE3=/usr/bin/sqlite3
}

build_gdal_itself() {
  get_source gdal
  with_cmake gdal_itself "$source" "${fast[@]}" -DBUILD_SHARED_LIBS=ON -DBUILD_APPS=ON \
    -DGDAL_USE_EXTERNAL_LIBS=OFF -DGDAL_USE_INTERNAL_LIBS=ON -DGDAL_USE_CURL=OFF \
    -DGDAL_USE_SQLITE3=ON \
    -DGDAL_BUILD_OPTIONAL_DRIVERS=OFF -DOGR_BUILD_OPTIONAL_DRIVERS=OFF \
    -DGDAL_ENABLE_DRIVER_PNG=ON -DOGR_ENABLE_DRIVER_CSV=ON -DOGR_ENABLE_DRIVER_SQLITE=ON \
    -DOGR_ENABLE_DRIVER_GPKG=ON -DBUILD_PYTHON_BINDINGS=OFF -DBUILD_JAVA_BINDINGS=OFF \
    -DBUILD_CSHARP_BINDINGS=OFF
}

build_gdal() {
  local name
  # Half of the time is the optimiser's, for a GDAL that only tests use.
  fast=(-DCMAKE_C_FLAGS_RELEASE="-O1 -DNDEBUG" -DCMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG")
  for name in sqlite proj gdal_itself; do library "$name"; done
}

# GDAL's headers of this system, with what their configuration says of types as it is for Windows.
# They keep their times: nothing is compiled again as long as they are the same.
make_gdal_headers() {
  local folder=$work/gdal-headers changed=cpl_config.h
  rm -rf "$folder"
  cp -r --preserve=timestamps /usr/include/gdal "$folder"
  sed -i -e 's/\(define SIZEOF_UNSIGNED_LONG\) 8/\1 4/' \
    -e 's/\(define VSI_STAT64_T\) stat64/\1 __stat64/' "$folder/$changed"
  touch -r "/usr/include/gdal/$changed" "$folder/$changed"
}
