# SPDX-License-Identifier: MIT
# `cpack --config build/CPackConfig.cmake` makes a .deb for the release that it runs on.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gdal-s2c)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGE_CONTACT
    "The gdal_S2C authors <gdal_s2c@example.org>")
set(CPACK_STRIP_FILES ON)
# The compiler's own folder has other rights where the umask is another.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"results of the Sen2Cube.AT data cube in every GDAL program
Opens inferences of the Sen2Cube.AT semantic Earth observation data cube by
name (S2C:10424:Cloud_free_composite) in QGIS, R, Python and everything else
that uses GDAL, and runs new ones. The program s2c lists, fetches and runs
them from the command line.")
# What libraries are needed, and of which versions, Debian's own tool finds out: libgdal among them.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gdal-bin")
set(CPACK_DEBIAN_PACKAGE_ENHANCES "gdal-bin, python3-gdal, python3-rasterio, qgis, r-cran-terra")
# Without its tools CPack would make a package that needs nothing.
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/deb_tools.cmake)
include(CPack)
