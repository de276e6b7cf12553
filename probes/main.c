/* dxgmatrix-probe: climbs one interface on one adapter and tells what it met. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probes/dxg.h"
#include "probes/packet.h"
#include "probes/probe.h"
#include "util/alloc.h"
#include "util/array.h"
#include "util/error.h"
#include "util/file.h"

static const char help[] =
	"usage: dxgmatrix-probe NAME [options]\n"
	"       dxgmatrix-probe --list\n\n"
	"Climbs the interface NAME (opencl, vulkan, dxg …) step by step on one adapter "
	"and\n"
	"prints how each step ended. `dxgmatrix run` starts one such process per "
	"interface.\n\n"
	"options:\n"
	"  --list             a line per interface: NAME, layer, title, control, steps\n"
	"  --control          climb on the CPU driver that stands beside the interface\n"
	"  --adapter INDEX    the INDEX-th adapter as DXG lists them\n"
	"  --pci VVVV:DDDD    the device with this PCI identity\n"
	"  --rungs RUNG,…     these steps, and those they need\n"
	"  --root DIR         on a recorded machine, whose DIR/dev/dxg answers; dxg "
	"alone\n"
	"  --packets FD       talk to dxgmatrix on this descriptor\n"
	"  --help, --version  print this, or the version, and end\n\n"
	"Exit status: 0 all wanted steps that could be tried were tried, however they "
	"ended;\n"
	"1 it could not talk; 2 wrong command line.\n";

struct options {
	bool list;
	bool control;
	const char *adapter;
	const char *pci;
	const char *rungs;
	const char *root;
	const char *packets;
};

static int by_layer_and_order(const void *a, const void *b)
{
	const struct interface *left = *(const struct interface *const *)a;
	const struct interface *right = *(const struct interface *const *)b;
	if (left->layer != right->layer)
		return left->layer < right->layer ? -1 : 1;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return strcmp(left->name, right->name);
}

static void print_interface(const struct interface *interface)
{
	printf("%s\t%d\t%s\t%s\t", interface->name, (int)interface->layer,
	       interface->title, interface->control ? interface->control : "-");
	const char *separator = "";
	for (int rung = 0; rung < RUNG_COUNT; rung++) {
		if (!interface->rungs[rung])
			continue;
		printf("%s%s", separator, rung_rows[rung].name);
		separator = ",";
	}
	putchar('\n');
}

static int print_list(void)
{
	size_t count = (size_t)(__stop_interfaces - __start_interfaces);
	cleanup_free const struct interface **sorted = xcalloc(count, sizeof(*sorted));
	memcpy(sorted, __start_interfaces, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_layer_and_order);
	for (size_t i = 0; i < count; i++)
		print_interface(sorted[i]);
	return fflush(stdout) == 0 ? 0 : 1;
}

static const struct interface *find_interface(const char *name)
{
	for (const struct interface *const *at = __start_interfaces;
	     at < __stop_interfaces; at++)
		if (!strcmp((*at)->name, name))
			return *at;
	return NULL;
}

static struct error *parse_number(const char *string, int limit, int *ret)
{
	char *end;
	errno = 0;
	long number = strtol(string, &end, 10);
	if (errno || end == string || *end || number < 0 || number > limit)
		return error_usage("'%s' is not a number from 0 to %d", string, limit);
	*ret = (int)number;
	return NULL;
}

static struct error *parse_pci(const char *string, struct probe *p)
{
	unsigned int vendor, device;
	int length = 0;
	if (strspn(string, "0123456789abcdefABCDEF:") == 9 &&
	    sscanf(string, "%4x:%4x%n", &vendor, &device, &length) == 2 && length == 9 &&
	    !string[9]) {
		p->vendor = (uint16_t)vendor;
		p->device = (uint16_t)device;
		return NULL;
	}
	return error_usage("'%s' is no PCI identity like 8086:7d51", string);
}

static struct error *parse_rungs(const char *string, uint32_t has, uint32_t *ret)
{
	uint32_t set = 0;
	cleanup_free char *copy = xstrdup(string);
	char *rest = copy, *name;
	while ((name = strsep(&rest, ","))) {
		enum rung rung;
		if (!rung_parse(name, &rung) || !(has & rung_bit(rung)))
			return error_usage("this interface has no step '%s'", name);
		set |= rung_bit(rung);
	}
	*ret = rung_closure(set, has);
	return NULL;
}

static struct error *parse_packets(const char *string, int *ret)
{
	int fd;
	struct error *err = parse_number(string, 1 << 20, &fd);
	if (err)
		return err;
	/* What a vendor library starts shall not hold the descriptor. */
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return error_usage("descriptor %d is not open", fd);
	*ret = fd;
	return NULL;
}

static struct error *parse_root(const char *root, struct probe *p)
{
	if (!p->interface->replays)
		return error_usage("--root: %s needs libraries, which no recording has",
				   p->interface->name);
	return replay_read(root, DXG_FENCE_TIMEOUT_MS, &p->replay);
}

/* What may upset Windows is climbed by name alone. */
static uint32_t unnamed_rungs(const struct interface *interface)
{
	uint32_t set = probe_rungs(interface);
	for (int rung = 0; rung < RUNG_COUNT; rung++)
		if (rung_rows[rung].risk == RISK_HIGH)
			set &= ~rung_bit((enum rung)rung);
	return set;
}

static struct error *parse_values(const struct options *options, struct probe *p,
				  uint32_t *ret_wanted)
{
	struct error *err = NULL;
	*ret_wanted = unnamed_rungs(p->interface);
	if (options->control && !p->interface->control)
		return error_usage("%s has no control", p->interface->name);
	p->control = options->control;
	if (options->adapter)
		err = parse_number(options->adapter, PACKET_NO_ADAPTER - 1, &p->adapter);
	if (!err && options->pci)
		err = parse_pci(options->pci, p);
	if (!err && options->rungs)
		err = parse_rungs(options->rungs, probe_rungs(p->interface), ret_wanted);
	if (!err && options->root)
		err = parse_root(options->root, p);
	if (!err && options->packets)
		err = parse_packets(options->packets, &p->fd);
	return err;
}

/* The runner starts us in a fresh folder of ours; by hand a control gets one. */
static struct error *find_folder(const struct probe *p, char **ret)
{
	if (!p->control)
		return NULL;
	if (p->fd < 0)
		return file_temporary_folder("dxgmatrix-probe", ret);
	char *folder = getcwd(NULL, 0);
	if (!folder)
		return error_errno("working folder");
	*ret = folder;
	return NULL;
}

static struct error *climb(struct probe *p, uint32_t wanted)
{
	cleanup_free char *folder = NULL;
	struct error *err = find_folder(p, &folder);
	if (err)
		return err;
	p->folder = folder;
	probe_climb(p, wanted);
	if (folder && p->fd < 0)
		err = file_remove_tree(folder);
	return err;
}

static struct error *parse_options(int argc, char **argv, struct options *options)
{
	const struct option rows[] = {
		{ "list", no_argument, NULL, 'l' },
		{ "control", no_argument, NULL, 'c' },
		{ "adapter", required_argument, NULL, 'a' },
		{ "pci", required_argument, NULL, 'p' },
		{ "rungs", required_argument, NULL, 'r' },
		{ "root", required_argument, NULL, 't' },
		{ "packets", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	opterr = 0;
	int c;
	while ((c = getopt_long(argc, argv, ":", rows, NULL)) != -1) {
		switch (c) {
		case 'l':
			options->list = true;
			break;
		case 'c':
			options->control = true;
			break;
		case 'a':
			options->adapter = optarg;
			break;
		case 'p':
			options->pci = optarg;
			break;
		case 'r':
			options->rungs = optarg;
			break;
		case 't':
			options->root = optarg;
			break;
		case 'f':
			options->packets = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			exit(fflush(stdout) == 0 ? 0 : 1);
		case 'v':
			puts("dxgmatrix-probe " DXGMATRIX_VERSION);
			exit(fflush(stdout) == 0 ? 0 : 1);
		case ':':
			return error_usage("%s needs a value", argv[optind - 1]);
		default:
			return error_usage("unknown option '%s'", argv[optind - 1]);
		}
	}
	return NULL;
}

static struct error *run(int argc, char **argv)
{
	struct options options = { 0 };
	struct error *err = parse_options(argc, argv, &options);
	if (err)
		return err;
	if (options.list)
		exit(print_list());
	if (argc - optind != 1)
		return error_usage("one interface is needed; --list shows them");

	struct probe p = { .adapter = -1, .fd = -1 };
	uint32_t wanted;
	p.interface = find_interface(argv[optind]);
	if (!p.interface)
		return error_usage("there is no interface '%s'; --list shows them",
				   argv[optind]);
	err = parse_values(&options, &p, &wanted);
	return err ? err : climb(&p, wanted);
}

int main(int argc, char **argv)
{
	cleanup_error struct error *err = run(argc, argv);
	if (err)
		fprintf(stderr, "dxgmatrix-probe: %s\n", err->message);
	/* Not exit(): what a vendor's library does in its destructors belongs to no step. */
	fflush(stdout);
	_exit(err ? err->usage ? 2 : 1 : 0);
}
