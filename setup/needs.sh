# shellcheck shell=sh disable=SC2034
# needs.sh: what a script needs, found by what it is and never by package names, and
# installed by the distribution where it is missing. Sourced by quickstart.sh and test.sh.
#
# A need is a line "KIND THING PACKAGE":
#   command  THING is on the PATH
#   module   pkg-config knows THING
#   library  the dynamic loader's cache holds THING
#   file     a file of the pattern THING exists (no blanks)
#   python   /usr/bin/python3 imports THING
# PACKAGE is Debian 12's name for what brings it; Ubuntu 24.04 has the same (untested).

needs_build='
command cc gcc
file /usr/include/stdio.h libc6-dev
command cmake cmake
command ninja ninja-build
command pkg-config pkg-config
module jansson libjansson-dev
module libsodium libsodium-dev
module sqlite3 libsqlite3-dev
module OpenCL-Headers opencl-c-headers
module vulkan libvulkan-dev
command glslangValidator glslang-tools
'

# The roads that exist on every machine: OpenCL and Vulkan on the CPU, as controls.
needs_run='
library libOpenCL.so.1 ocl-icd-libopencl1
file /etc/OpenCL/vendors/pocl.icd pocl-opencl-icd
library libvulkan.so.1 libvulkan1
file /usr/share/vulkan/icd.d/lvp_icd*.json mesa-vulkan-drivers
'

needs_test='
command clang clang
command git git
command sqlite3 sqlite3
command node nodejs
command npm npm
command jq jq
command tidy tidy
command chromium chromium
command man man-db
file /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core
file /etc/OpenCL/vendors/intel.icd intel-opencl-icd
module cmocka libcmocka-dev
module DirectX-Headers directx-headers-dev
command g++ g++
python jsonschema python3-jsonschema
'

# clang's own runtimes, of the version that clang is. Ask only once clang is there.
needs_fuzz() {
  version=$(clang -dumpversion | cut -d. -f1)
  echo "file /usr/lib/llvm-$version/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a libclang-rt-$version-dev"
}

need_is_met() { # KIND THING
  case $1 in
  command) command -v "$2" >/dev/null 2>&1 ;;
  module) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$2" ;;
  library) { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "[[:space:]]$2 " ;;
  file) for need_file in $2; do [ -e "$need_file" ] && return 0; done; return 1 ;;
  python) [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import $2" 2>/dev/null ;;
  esac
}

missing_packages() { # needs on standard input; packages on standard output
  while read -r kind thing package; do
    [ -n "$kind" ] || continue
    need_is_met "$kind" "$thing" || printf '%s\n' "$package"
  done | sort -u | tr '\n' ' '
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs what the needs on standard input lack; says what, and how much, before it does.
install_missing() {
  packages=$(missing_packages)
  [ -n "$packages" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "$0: missing: $packages(Debian's names); install them with your distribution" >&2
    exit 1
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
    echo "$0: without root or sudo, have this run first:" >&2
    echo "apt-get update && apt-get install -y --no-install-recommends $packages" >&2
    exit 1
  fi
  echo "missing, to be installed: $packages"
  as_root apt-get -qq update
  # shellcheck disable=SC2086 # packages is a list
  LC_ALL=C as_root apt-get install --no-install-recommends --assume-no $packages 2>/dev/null |
    grep -E '^(Need to get|After this operation)' || true
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends $packages >/dev/null
}
