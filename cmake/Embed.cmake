# embed(TARGET PREFIX FILE…): the files become byte arrays in the target, declared in
# "embed/<target>_<prefix>.h" as
#     extern const struct embedded <prefix>_<file>;       (name with . and - as _)
# Each array ends with a NUL that size does not count, so text can be used as a string.
function(embed target prefix)
  set(base ${CMAKE_BINARY_DIR}/generated/embed/${target}_${prefix})
  set(files)
  foreach(file ${ARGN})
    get_filename_component(path ${file} ABSOLUTE)
    list(APPEND files ${path})
  endforeach()
  add_custom_command(
    OUTPUT ${base}.c ${base}.h
    COMMAND ${CMAKE_COMMAND} -DBASE=${base} -DPREFIX=${prefix} "-DFILES=${files}"
            -P ${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${base}.c ${base}.h)
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR}/generated)
endfunction()

# embed_queries(TARGET FILE.sql…): one SQL statement a file. "embed/<target>_query.h" has
#     enum query { QUERY_<FILE>, …, QUERY_COUNT };
#     extern const struct embedded queries[QUERY_COUNT];
function(embed_queries target)
  set(base ${CMAKE_BINARY_DIR}/generated/embed/${target}_query)
  set(files)
  foreach(file ${ARGN})
    get_filename_component(path ${file} ABSOLUTE)
    list(APPEND files ${path})
  endforeach()
  list(SORT files)
  add_custom_command(
    OUTPUT ${base}.c ${base}.h
    COMMAND ${CMAKE_COMMAND} -DBASE=${base} "-DFILES=${files}"
            -P ${CMAKE_SOURCE_DIR}/cmake/EmbedQueries.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/EmbedQueries.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${base}.c ${base}.h)
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR}/generated)
endfunction()
