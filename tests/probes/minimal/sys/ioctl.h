/* The part of <sys/ioctl.h> that dxg_abi.h needs, for compilers of another machine whose C
 * library is not installed here. */
#pragma once

#include <asm-generic/ioctl.h>
