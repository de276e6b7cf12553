/*
 * hypervisor.h: which hypervisor this machine runs on, where it is Microsoft's.
 *
 * The build is that of the hypervisor's own binary, which can lag behind the build of
 * Windows (22621 under 22631).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "record/version.h"

/* By CPUID ("Microsoft Hv"); false on other processors than x86. KVM can say so too. */
bool hypervisor_is_microsoft(void);

/* CPUID leaf 0x40000002: EAX = build, EBX = major << 16 | minor, EDX = branch << 24 | UBR
 * (Hypervisor Top-Level Functional Specification, "Hypervisor System Identity"). */
bool hypervisor_build_of_cpu(char ret[VERSION_MAX]);

/*
 * The line the kernel prints at boot, in both its forms:
 * "Hyper-V: Host Build 10.0.22000.708-0-0" and, until 5.17,
 * "Hyper-V Host Build:20348-10.0-1-0.1138" (build-major.minor-service pack-branch.UBR).
 * @param ret  "10.0.22000.708"
 */
bool hypervisor_build_of_log(const char *log, size_t size, char ret[VERSION_MAX]);
