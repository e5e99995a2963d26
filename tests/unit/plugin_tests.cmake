# SPDX-License-Identifier: MIT
# The tests of what needs GDAL.
add_executable(plugin_tests
  driver/geojson_geometry_test.cpp
  driver/ground_area_test.cpp
  driver/kept_messages_test.cpp
  driver/lonlat_transform_test.cpp
  driver/names_test.cpp
  driver/selection_names_test.cpp
  driver/open_options_test.cpp
  driver/read_watch_test.cpp
  driver/result_metadata_test.cpp
  driver/run_area_meeting_test.cpp
  driver/run_area_reading_test.cpp
  driver/run_area_test.cpp
  driver/sql_statement_test.cpp
  driver/catalogue/area_polygons_test.cpp
  driver/catalogue/boolean_words_test.cpp
  driver/catalogue/catalogue_fields_test.cpp
  driver/catalogue/catalogue_geometry_test.cpp
  driver/catalogue/catalogue_values_test.cpp
  driver/catalogue/server_filter_random_test.cpp
  driver/catalogue/server_filter_test.cpp
  driver/catalogue/shown_rows_test.cpp
  driver/many/geo_keys_test.cpp
  driver/many/grid_test.cpp
  driver/many/open_sources_test.cpp
  driver/many/source_facts_test.cpp
  driver/raster/categories_test.cpp
  driver/raster/first_reference_test.cpp
  driver/raster/grid_files_test.cpp
  driver/tables/area_of_interest_test.cpp
  driver/tables/table_cells_test.cpp
  driver/tables/table_head_test.cpp
  vsi/directory_test.cpp
  vsi/file_names_test.cpp
  vsi/gdal_compat_test.cpp
  vsi/paths_test.cpp
  vsi/settings_test.cpp
  vsi/user_folders_test.cpp
  support/gdal_locks.cpp
  support/memory_layer.cpp
  support/sql_rows.cpp)
target_link_libraries(plugin_tests PRIVATE unit_support driver GDAL::GDAL GTest::gtest_main)

add_executable(sign_in support/sign_in_program.cpp)
target_link_libraries(sign_in PRIVATE vsi GDAL::GDAL s2c_flags)

add_executable(apps_tests
  apps/answer_test.cpp
  apps/part_state_test.cpp
  apps/progress_bar_test.cpp
  apps/table_of_commands_test.cpp)
target_link_libraries(apps_tests PRIVATE unit_support apps GDAL::GDAL GTest::gtest_main)
