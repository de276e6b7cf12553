# add_unit_test(test_NAME LINK objects… [SOURCES …] [ENVIRONMENT VAR=value…])
# tests/<folder>/test_<file>.c as one ctest case. Exit status 77 is a skip.
function(add_unit_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "LINK;SOURCES;ENVIRONMENT;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  add_executable(${folder}_${name} ${name}.c ${arg_SOURCES})
  target_link_libraries(${folder}_${name} PRIVATE
    project_options project_sanitize PkgConfig::cmocka ${arg_LINK})
  add_test(NAME ${folder}/${name} COMMAND ${folder}_${name})
  set_tests_properties(${folder}/${name} PROPERTIES
    SKIP_RETURN_CODE 77 TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
    ENVIRONMENT "DXGMATRIX_SOURCE_DIR=${CMAKE_SOURCE_DIR};DXGMATRIX_BINARY_DIR=${CMAKE_BINARY_DIR};${arg_ENVIRONMENT}")
endfunction()
