/*
 * dl.h: a vendor's library, opened at run time, with a table of the functions wanted.
 *
 *     #define OPENCL_SYMBOLS(X) X(clGetPlatformIDs) X(clGetDeviceIDs)
 *     OPENCL_SYMBOLS(DL_DECLARE)
 *     …
 *     enum outcome outcome = dl_open(p, "libOpenCL.so.1", OPENCL_SYMBOLS(DL_BIND) NULL);
 *     …
 *     dl_clGetPlatformIDs(0, NULL, &count);
 *
 * Each pointer has the type the vendor's header declares the function with.
 */
#pragma once

#include "probes/probe.h"

#define DL_DECLARE(symbol) static typeof(symbol) *dl_##symbol;
#define DL_BIND(symbol)    #symbol, (void *)&dl_##symbol,
/* One that may be missing: its pointer stays NULL. */
#define DL_MAY_BIND(symbol) "?" #symbol, (void *)&dl_##symbol,

/*
 * Opens `library` and binds the pairs of name and address that follow, ended by NULL. It
 * stays open until the process ends.
 *
 * @param library  soname or path, as dlopen(3) takes it
 * @return pass, with the finding `library`: the path of the file; or
 *   skip(not-installed): no such file where the dynamic linker looks;
 *   fail(unloadable): it is there, and it or what it depends on does not load
 *     (`loader_says`);
 *   fail(symbol-missing): it has no such function (`missing_symbol`)
 */
enum outcome dl_open(struct probe *p, const char *library, ...) __attribute__((sentinel));
