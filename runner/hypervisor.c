#include "runner/hypervisor.h"

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

bool hypervisor_is_microsoft(void)
{
	unsigned int eax, ebx, ecx, edx;
	char name[13] = { 0 };
	/* Bit 31 of ECX: there is a hypervisor, and the leaves from 0x40000000 are its
	 * own. */
	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & 1u << 31))
		return false;
	__cpuid(0x40000000, eax, ebx, ecx, edx);
	memcpy(name, &ebx, 4);
	memcpy(name + 4, &ecx, 4);
	memcpy(name + 8, &edx, 4);
	return !strcmp(name, "Microsoft Hv");
}

bool hypervisor_build_of_cpu(char ret[VERSION_MAX])
{
	unsigned int eax, ebx, ecx, edx;
	__cpuid(0x40000002, eax, ebx, ecx, edx);
	if (!eax)
		return false;
	snprintf(ret, VERSION_MAX, "%u.%u.%u.%u", ebx >> 16, ebx & 0xffff, eax,
		 edx & 0xffffff);
	return true;
}
#else
bool hypervisor_is_microsoft(void)
{
	return false;
}

bool hypervisor_build_of_cpu(char ret[VERSION_MAX])
{
	(void)ret;
	return false;
}
#endif

#define REST_SIZE 128

/* What follows the words, as a string: the log need not end with NUL. */
static bool find_rest(const char *log, size_t size, const char *words,
		      char ret[REST_SIZE])
{
	const char *at = memmem(log, size, words, strlen(words));
	if (!at)
		return false;
	at += strlen(words);
	size_t left = size - (size_t)(at - log);
	snprintf(ret, REST_SIZE, "%.*s", left < REST_SIZE ? (int)left : REST_SIZE, at);
	return true;
}

bool hypervisor_build_of_log(const char *log, size_t size, char ret[VERSION_MAX])
{
	unsigned int build, major, minor, pack, branch, revision;
	char rest[REST_SIZE];
	if (find_rest(log, size, "Hyper-V: Host Build ", rest)) {
		rest[strspn(rest, "0123456789.")] = '\0';
		return version_driver(rest, ret);
	}
	if (!find_rest(log, size, "Hyper-V Host Build:", rest) ||
	    sscanf(rest, "%9u-%9u.%9u-%9u-%9u.%9u", &build, &major, &minor, &pack,
		   &branch, &revision) != 6)
		return false;
	snprintf(ret, VERSION_MAX, "%u.%u.%u.%u", major, minor, build, revision);
	return true;
}
