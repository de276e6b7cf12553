# project_options: the language and the warnings every target shares.
# project_sanitize: what everything but the probe program adds. Vendor libraries abort
# under sanitizers (they dlopen with RTLD_DEEPBIND), so the probe never gets it.

add_library(project_options INTERFACE)
target_compile_features(project_options INTERFACE c_std_17)
target_compile_definitions(project_options INTERFACE
  _GNU_SOURCE
  DXGMATRIX_VERSION="${PROJECT_VERSION}")
target_include_directories(project_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(project_options INTERFACE
  -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wundef
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
  -Wno-missing-field-initializers
  -fno-common -fstack-protector-strong)
set(CMAKE_C_EXTENSIONS ON)

add_library(project_sanitize INTERFACE)
if(DXGMATRIX_SANITIZE)
  target_compile_options(project_sanitize INTERFACE
    -fsanitize=${DXGMATRIX_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(project_sanitize INTERFACE -fsanitize=${DXGMATRIX_SANITIZE})
endif()
if(DXGMATRIX_COVERAGE)
  target_compile_options(project_sanitize INTERFACE --coverage)
  target_link_options(project_sanitize INTERFACE --coverage)
endif()
if(DXGMATRIX_FUZZ)
  target_compile_options(project_sanitize INTERFACE -fsanitize=fuzzer-no-link)
endif()

# add_folder(NAME [LINK …]): an OBJECT library of every .c file of this folder.
# Objects, not an archive: an archive would drop what only a linker section refers to.
# Its headers are a file set, so that all_verify_interface_header_sets compiles each alone.
function(add_folder name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.c)
  file(GLOB headers CONFIGURE_DEPENDS *.h)
  add_library(${name} OBJECT ${sources})
  target_sources(${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${headers})
  target_link_libraries(${name}
    PRIVATE project_sanitize PUBLIC project_options ${arg_LINK})
endfunction()
