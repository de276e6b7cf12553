/*
 * detect.h: this machine, or a recorded one, as environment and combination.
 *
 * Nothing here touches the GPU. What adapter there is and which driver it uses, the dxg
 * probe asks the driver itself; detect_adapter() puts its findings into a record. Nothing
 * that names a person, a machine or a session is read into the record.
 */
#pragma once

#include "record/record.h"
#include "util/error.h"

/*
 * Fills environment and combination of an initialised record.
 *   wsl            wslinfo; else wsl.exe --version, line 1
 *   wsl_installed  wsl.exe --version, line 1; lines 3 to 7 give wslg, msrdc, direct3d,
 *                  dxcore and windows
 *   driver         only where the driver store holds one GPU driver and no other; the
 *                  evidence says so
 * @param root  a folder with the files of a recorded machine; NULL: this one
 * @return an error where root is no folder
 */
struct error *detect(const char *root, struct record *record) must_check;

/*
 * Completes the adapter and its driver from what the dxg probe found (FIND_PCI,
 * FIND_REVISION, FIND_DESCRIPTION, FIND_ADAPTER_CLASS, FIND_KMD_VERSION,
 * FIND_UMD_VERSION, FIND_DRIVER_STORE), each checked first: a probe's words are untrusted.
 *
 * The driver's version is the kernel-mode driver's, else the user-mode driver's, else that
 * of the INF in the folder which the adapter names. Date and INF come from that folder. A
 * version that differs from its INF's is a contradiction: both stand there, neither in the
 * combination. A driver that detect() took from the store is replaced.
 * adapter.index stays as it was: the caller knows it.
 */
void detect_adapter(struct record *record, const struct findings *identity,
		    const char *root);
