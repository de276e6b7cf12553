/*
 * component.h: every versioned part of the stack, a row each.
 *
 * X(CONSTANT, member, JSON pointer below /combination, title)
 * The member is the field of struct combination. A row is all a component needs to be
 * read, written, compared and shown; how it is found on a machine is in runner/detect.c.
 */
#pragma once

#define COMPONENTS(X)                                                                    \
	X(DRIVER, driver, "driver/version", "Windows driver")                            \
	X(WSL, wsl, "wsl", "WSL")                                                        \
	X(WSL_INSTALLED, wsl_installed, "wsl_installed", "WSL, installed")               \
	X(KERNEL, kernel, "kernel", "kernel")                                            \
	X(WINDOWS, windows, "windows", "Windows")                                        \
	X(WSLG, wslg, "components/wslg", "WSLg")                                         \
	X(MSRDC, msrdc, "components/msrdc", "MSRDC")                                     \
	X(DIRECT3D, direct3d, "components/direct3d", "Direct3D")                         \
	X(DXCORE, dxcore, "components/dxcore", "DXCore")

enum component {
#define X(constant, member, pointer, title) COMPONENT_##constant,
	COMPONENTS(X)
#undef X
		COMPONENT_COUNT
};
