#include "runner/kernel_line.h"

#include "tests/testing.h"
#include "util/strbuf.h"

struct expected {
	const char *handler; /* NULL: another message, text in `text` */
	int error;
	int64_t times;
	enum kernel_voice voice;
	double seconds;
	const char *text;
};

struct row {
	const char *text;
	struct expected message[3];
};

static const struct row rows[] = {
	/* stamps and prefixes */
	{ "[   12.345678] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 12.345678 } } },
	{ "[98765.000001] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 98765.000001 } } },
	{ "[Mon Mar  3 10:11:12 2025] misc dxg: dxgk: dxgkio_evict: Ioctl failed: -1\r\n",
	  { { "dxgkio_evict", -1, 1, KERNEL_LINE, -1 } } },
	{ "Apr 01 02:03:04 somehost kernel: misc dxg: dxgk: dxgkio_evict: Ioctl failed: "
	  "-1\n",
	  { { "dxgkio_evict", -1, 1, KERNEL_LINE, -1 } } },
	{ "/var/log/kern.log:77:[    3.500000] kernel: misc dxg: dxgk: dxgkio_evict: "
	  "Ioctl "
	  "failed: -1\n",
	  { { "dxgkio_evict", -1, 1, KERNEL_LINE, 3.5 } } },
	{ "misc dxg: dxgkio_open_adapter_from_luid:   Ioctl failed: -22  (EINVAL)\n",
	  { { "dxgkio_open_adapter_from_luid", -22, 1, KERNEL_LINE, -1 } } },
	{ "    dxgkio_escape: Ioctl failed: -75\n",
	  { { "dxgkio_escape", -75, 1, KERNEL_LINE, -1 } } },
	{ "> `dxgkio_escape: Ioctl failed: -75`\n",
	  { { "dxgkio_escape", -75, 1, KERNEL_LINE, -1 } } },
	{ "- dxgkio_escape: Ioctl failed: -75\n",
	  { { "dxgkio_escape", -75, 1, KERNEL_LINE, -1 } } },
	{ "[   12.345678][  T901] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 12.345678 } } },
	{ "[   12.500000 <    0.250000>] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: "
	  "-22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "[<    0.250000>] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, -1 } } },
	{ "kern  :err   : [   12.500000] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: "
	  "-22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "<3>[   12.500000] misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "3,777,12500000,-;misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "[   12.500000] some-host.lan kernel: misc dxg: dxgk: dxgkio_lock2: Ioctl "
	  "failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "2025-02-03T04:05:06,123456+01:00 misc dxg: dxgk: dxgkio_lock2: Ioctl failed: "
	  "-22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, -1 } } },
	{ "{\"PRIORITY\":\"3\",\"MESSAGE\":\"misc dxg: dxgk: dxgkio_lock2: Ioctl failed: "
	  "-22\",\"_SOURCE_MONOTONIC_TIMESTAMP\":\"12500000\"}\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "{\"MESSAGE\":\"misc dxg: dxgk: dxgvmb_send_evict: send_evict failed ffffffb5"
	  "\",\"PRIORITY\":\"3\"}\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1,
	      "dxgvmb_send_evict: send_evict failed ffffffb5" } } },
	{ "MESSAGE=misc dxg: dxgk: dxgkio_lock2: Ioctl failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, -1 } } },
	{ "(NULL device *): dxgk: dxgkio_lock2: Ioctl failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, -1 } } },
	/* counts beside a line */
	{ "(5x) dxgkio_escape: Ioctl failed: -75\n",
	  { { "dxgkio_escape", -75, 5, KERNEL_LINE, -1 } } },
	{ "5 \xc3\x97 dxgkio_escape: Ioctl failed: -75\n",
	  { { "dxgkio_escape", -75, 5, KERNEL_LINE, -1 } } },
	{ "dxgkio_escape: Ioctl failed: -75 12x\n",
	  { { "dxgkio_escape", -75, 12, KERNEL_LINE, -1 } } },
	{ "dxgkio_escape: Ioctl failed: -75, repeated 12 times\n",
	  { { "dxgkio_escape", -75, 12, KERNEL_LINE, -1 } } },
	{ "dxgkio_escape: Ioctl failed: -75, 12 xenon lamps\n",
	  { { "dxgkio_escape", -75, 1, KERNEL_LINE, -1 } } },
	{ "| 41 | dxgkio_escape: Ioctl failed: -75 |\n",
	  { { "dxgkio_escape", -75, 41, KERNEL_LINE, -1 } } },
	{ "h kernel: misc dxg: dxgk: dxgkio_evict: Ioctl failed: -1\n"
	  "h last message repeated 6 times\n",
	  { { "dxgkio_evict", -1, 1, KERNEL_LINE, -1 },
	    { "dxgkio_evict", -1, 6, KERNEL_LINE, -1 } } },
	{ "h kernel: misc dxg: dxgk: dxgkio_evict: Ioctl failed: -1\n"
	  "another line\nh last message repeated 6 times\n",
	  { { "dxgkio_evict", -1, 1, KERNEL_LINE, -1 } } },
	{ "7x dxgkio_escape: Ioctl failed: -75\n",
	  { { "dxgkio_escape", -75, 7, KERNEL_LINE, -1 } } },
	{ "    134 misc dxg: dxgk: dxgkio_escape: Ioctl failed: -75\n",
	  { { "dxgkio_escape", -75, 134, KERNEL_LINE, -1 } } },
	{ "dxgkio_escape: Ioctl failed: -75  (EOVERFLOW)  x12\n",
	  { { "dxgkio_escape", -75, 12, KERNEL_LINE, -1 } } },
	{ "dxgkio_escape: Ioctl failed: -75 (3 times)\n",
	  { { "dxgkio_escape", -75, 3, KERNEL_LINE, -1 } } },
	{ "| `dxgkio_escape: Ioctl failed: -75` (EOVERFLOW) | 41 | 0 |\n",
	  { { "dxgkio_escape", -75, 41, KERNEL_LINE, -1 } } },
	{ "| dxgkio_escape: Ioctl failed: -75 | +8 | 0 |\n",
	  { { "dxgkio_escape", -75, 1, KERNEL_LINE, -1 } } },
	{ "host kernel: message repeated 4 times: [ misc dxg: dxgk: dxgkio_evict: Ioctl "
	  "failed: -1]\n",
	  { { "dxgkio_evict", -1, 4, KERNEL_LINE, -1 } } },
	/* numbers */
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl failed: ffffffea\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "misc dxg: dxgk: dxgkio_create_allocation: Ioctl failed: -1073741811\n",
	  { { "dxgkio_create_allocation", -1073741811, 1, KERNEL_LINE, -1 } } },
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl failed: \xe2\x88\x92"
	  "22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl failed:\n-22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22/-2\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1, "dxgkio_evict: Ioctl failed: -22/-2" } } },
	{ "dxgkio_evict: Ioctl failed:\n-22/-2\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1, "dxgkio_evict: Ioctl failed: -22/-2" } } },
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl\n failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl failed:\r\n\t-22\r\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl failed: 0xffffffb5\n",
	  { { "dxgkio_evict", -75, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: -75\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1, "dxgkio_evict: -75" } } },
	{ "we see dxgkio_evict: -75 a lot\n",
	  { { NULL, 0, 1, KERNEL_NAMED, -1, "dxgkio_evict: -75" } } },
	{ "dxgkio_evict: Ioctl failed: 22\n", { { NULL } } },
	{ "dxgkio_evict: Ioctl failed: -99999999999\n", { { NULL } } },
	{ "dxgkio ... Ioctl failed: -22\n", { { NULL } } },
	{ "other_driver: Ioctl failed: -22 dxg\n", { { NULL } } },
	/* a cut number does not go on with the next line's date or time */
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl failed: -\n2026-11-02T10:00:00 h x\n",
	  { { NULL } } },
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl failed: -\n12:34:56 h x\n", { { NULL } } },
	{ "misc dxg: dxgk: dxgkio_evict: Ioctl failed: -\n1.250000 h x\n", { { NULL } } },
	/* cut lines are no messages */
	{ "[    1.0] misc dxg: dxgk: dxgkio_evict: Ioctl failed:", { { NULL } } },
	{ "[    1.0] misc dxg: dxgk: dxgkio_evict: Ioctl", { { NULL } } },
	{ "[    1.0] misc dxg: dxgk: dxgkio_ev", { { NULL } } },
	{ "[    1.0] misc dxg:", { { NULL } } },
	{ "", { { NULL } } },
	/* lines run together */
	{ "[1.5] misc dxg: dxgk: dxgkio_evict: Ioctl failed: -1 [2.5] misc dxg: dxgk: "
	  "dxgkio_escape: Ioctl failed: -75\n",
	  { { "dxgkio_evict", -1, 1, KERNEL_LINE, 1.5 },
	    { "dxgkio_escape", -75, 1, KERNEL_LINE, 2.5 } } },
	/* a sentence names it */
	{ "we read that as dxgkio_escape: Ioctl failed: -75 (EOVERFLOW), and so on\n",
	  { { "dxgkio_escape", -75, 1, KERNEL_NAMED, -1 } } },
	{ "we read that as `dxgkio_escape: Ioctl failed: -75`, and so on\n",
	  { { "dxgkio_escape", -75, 1, KERNEL_NAMED, -1 } } },
	/* numbers as programs and people write them */
	{ "dxgkio_evict: Ioctl failed: -0x16\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: 0xffffffffffffffea\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: 4294967274\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -EINVAL\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: EINVAL (-22)\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: \xe2\x80\x94"
	  "22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: \\-22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: `-22`\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22/EINVAL\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 = EINVAL\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 / -2\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1, "dxgkio_evict: Ioctl failed: -22/-2" } } },
	{ "dxgkio_evict: Ioctl failed: -22, -2\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1, "dxgkio_evict: Ioctl failed: -22/-2" } } },
	{ "dxgkio_evict: Ioctl failed: -22 and -2\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1, "dxgkio_evict: Ioctl failed: -22/-2" } } },
	{ "dxgkio_evict: Ioctl failed: `-22`/`-2`\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1, "dxgkio_evict: Ioctl failed: -22/-2" } } },
	{ "dxgkio_evict: Ioctl failed: -2\xe2\x80\xa6\n", { { NULL } } },
	/* words and names */
	{ "**dxgkio_evict**: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "`dxgkio_evict`: Ioctl failed: **-22**\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio\\_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: loctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict Ioctl  failed -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict\xef\xbc\x9aIoctl \xe5\xa4\xb1\xe8\xb4\xa5\xef\xbc\x9a-22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl fehlgeschlagen: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "<code>dxgkio_evict</code>: Ioctl failed: -22<br>\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "| dxgkio_evict | Ioctl failed: -22 |\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: the device is busy, see -22\n", { { NULL } } },
	/* stamps that tell nothing of the boot, and line numbers */
	{ "[1] dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "12. dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "7) dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "[  +0.000120] dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "2025-02-03 04:05:06.123 INFO dmesg: dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "\xe2\x9a\xa0\xef\xb8\x8f dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "\xe2\x86\x92 dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "<3>1 2025-02-03T04:05:06Z h kernel - - - dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "41:dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "     3\tdxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "3,777,12500000,-,caller=T9;misc dxg: dxgk: dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "[   12.500000] h kern.err kernel: misc dxg: dxgk: dxgkio_evict: Ioctl failed: "
	  "-22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, 12.5 } } },
	/* counts */
	{ "x5 dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "\xc3\x97"
	  "5 `dxgkio_evict: Ioctl failed: -22`\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "1. 5x dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "5 times: dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "**5x** dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "      5 Feb  3 04:05:06 h kernel: misc dxg: dxgk: dxgkio_evict: Ioctl failed: "
	  "-22\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 [x5]\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 (5 occurrences)\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22: 5\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "\"dxgkio_evict: Ioctl failed: -22\": 5,\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 \xe2\x86\x92 5\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 n=5\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 EINVAL (5 fois)\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "<td>dxgkio_evict: Ioctl failed: -22</td><td>5</td>\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "| No. | What | Kind | Count |\n|---|---|---|---|\n| 9 | dxgkio_evict: Ioctl "
	  "failed: -22 | EINVAL | **5** |\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "| Count | What |\n|---|---|\n| 5 | dxgkio_evict: Ioctl failed: -22 |\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "Feb  3 04:05:06 h kernel: message repeated 5 times: [ [   12.500000] misc "
	  "dxg: dxgk: dxgkio_evict: Ioctl failed: -22]\n",
	  { { "dxgkio_evict", -22, 5, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 \xc3\x97"
	  "1,234\n",
	  { { "dxgkio_evict", -22, 1234, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 (~5x)\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 at 5:20\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_QUOTE, -1 } } },
	{ "dxgkio_evict: Ioctl failed: -22 in 5 ms\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_QUOTE, -1 } } },
	{ "(5) dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "#5 dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "| Line | What |\n|---|---|\n| 5 | dxgkio_evict: Ioctl failed: -22 |\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "      4 nothing\n      5 dxgkio_evict: Ioctl failed: -22\n      6 nothing\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	{ "| dxgkio_evict: Ioctl failed: -22 | **0** |\n", { { NULL } } },
	{ "dxgkio_evict: Ioctl failed: -22 (x3), -2 (x4)\n",
	  { { "dxgkio_evict", -22, 3, KERNEL_LINE, -1 },
	    { "dxgkio_evict", -2, 4, KERNEL_LINE, -1 } } },
	{ "h kernel: misc dxg: dxgk: dxgkio_evict: Ioctl failed: -22\nh syslog-ng[1]: "
	  "Last message 'misc dxg: dxgk: dxgkio_e' repeated 4 times, suppressed by "
	  "syslog-ng on h\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 },
	    { "dxgkio_evict", -22, 4, KERNEL_LINE, -1 } } },
	/* lines that were broken: by a terminal, by an editor, in a quote, in a number */
	{ "[   12.500000] misc dxg: dxgk: dxgkio_create_allo\ncation: Ioctl failed: "
	  "-12\n",
	  { { "dxgkio_create_allocation", -12, 1, KERNEL_LINE, 12.5 } } },
	{ "[   12.500000] misc dxg: dxgk: dxgkio_evict: Ioc\r\ntl failed: -22\r\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "> [   12.500000] misc dxg: dxgk:\n> dxgkio_evict: Ioctl\n> failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "[   12.500000] misc dxg: dxg\nk: dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "[   12.500000] misc dxg: dxgk: dxgkio_evict: Ioctl failed: -2\n2\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, 12.5 } } },
	{ "[   12.500000] misc dxg: dxgk: dxgkio_evict: Ioctl failed: -2\n2 more\n",
	  { { "dxgkio_evict", -2, 1, KERNEL_LINE, 12.5 } } },
	{ "[   12.500000] misc dxg: dxgk: dxgkio_evict: Ioctl\nKernel version: "
	  "6.6.1.1-1\n",
	  { { NULL } } },
	{ "[   12.500000] misc dxg: dxgk: dxgkio_ev\n[   13.500000] misc dxg: dxgk: "
	  "dxgkio_lock2: Ioctl failed: -22\n",
	  { { "dxgkio_lock2", -22, 1, KERNEL_LINE, 13.5 } } },
	/* line ends that a program spelt out */
	{ "{\"log\":\"[ 1.5] misc dxg: dxgk: dxgkio_evict: Ioctl failed: -22\\n[ 2.5] "
	  "misc dxg: dxgk: f: text\\n\"}\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, 1.5 },
	    { NULL, 0, 1, KERNEL_LINE, 2.5, "f: text" } } },
	/* whose words it is */
	{ "I have misc dxg: dxgk: dxgkio_evict: Ioctl failed: -22 in every log\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_QUOTE, -1 } } },
	{ "# dxgkio_evict: Ioctl failed: -22 since the update\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_QUOTE, -1 } } },
	{ "`dxgkio_evict: Ioctl failed: -22` is what I see\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_QUOTE, -1 } } },
	{ "there was no `dxgkio_evict: Ioctl failed: -22` in it\n", { { NULL } } },
	{ "$ dmesg | grep -c 'misc dxg: dxgk: dxgkio_evict: Ioctl failed: -22'\n",
	  { { NULL } } },
	{ "I get dxgkio_evict: Ioctl failed: -22 and dxgkio_lock2: Ioctl failed: -2 "
	  "now\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_NAMED, -1 },
	    { "dxgkio_lock2", -2, 1, KERNEL_NAMED, -1 } } },
	{ "\xe6\x97\xa5\xe5\xbf\x97\xe9\x87\x8c\xe6\x9c\x89"
	  "dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_NAMED, -1 } } },
	{ "\xe6\x8a\xa5\xe9\x94\x99\xef\xbc\x9a"
	  "dxgkio_evict: Ioctl failed: -22\n",
	  { { "dxgkio_evict", -22, 1, KERNEL_LINE, -1 } } },
	/* other messages */
	{ "[ 9.0] misc dxg: dxgk: dxgvmb_send_evict: send_evict failed fffffff4\n",
	  { { NULL, 0, 1, KERNEL_LINE, 9,
	      "dxgvmb_send_evict: send_evict failed fffffff4" } } },
	{ "kernel: dxgk:err: dxg_drv_init Version: 2\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1, "dxgk:err: dxg_drv_init Version: 2" } } },
	{ "memcpy: detected field-spanning write (size 4) of single field \"x\" at "
	  "drivers/hv/dxgkrnl/dxgvmbus.c:1 (size 0)\n",
	  { { NULL, 0, 1, KERNEL_LINE, -1,
	      "memcpy: detected field-spanning write (size 4) of single field \"x\" at "
	      "drivers/hv/dxgkrnl/dxgvmbus.c:1 (size 0)" } } },
	{ "[ 9.0] misc dxg: dxgk: dxgk_ioctl: bad ioctl 47 4a\n",
	  { { NULL, 0, 1, KERNEL_LINE, 9, "dxgk_ioctl: bad ioctl 47 4a" } } },
	{ "[    0.3] hv_vmbus: registering driver dxgkrnl\n", { { NULL } } },
};

static void check(const struct row *row, const struct expected *expected,
		  const struct kernel_message *message)
{
	bool right = message->times == expected->times &&
		     message->voice == expected->voice &&
		     message->seconds == expected->seconds;
	if (expected->handler)
		right = right && message->kind == KERNEL_FAILURE &&
			!strcmp(message->handler, expected->handler) &&
			message->error == expected->error;
	else
		right = right && message->kind == KERNEL_OTHER &&
			!strcmp(message->text, expected->text);
	if (!right)
		fail_msg("'%s': %s%s %d, %lld times, at %f%s", row->text,
			 message->handler, message->text, message->error,
			 (long long)message->times, message->seconds,
			 message->voice == KERNEL_LINE ? "" : ", not as a line");
}

static void test_each_way_of_pasting_a_line(void **state)
{
	(void)state;
	for_each_row(row, rows) {
		/* On the heap without a NUL: a read past the end is found. */
		size_t size = strlen(row->text);
		cleanup_free char *text = xmalloc(size);
		memcpy(text, row->text, size);
		struct kernel_lines lines;
		kernel_lines_start(&lines, text, size);
		for (size_t i = 0; i < 3; i++) {
			const struct expected *expected = &row->message[i];
			bool wanted = expected->handler || expected->text;
			const struct kernel_message *message = kernel_lines_next(&lines);
			if (!message != !wanted)
				fail_msg("'%s': message %zu %s", row->text, i,
					 message ? "too many" : "is missing");
			if (!message)
				break;
			check(row, expected, message);
		}
	}
}

static void test_lines_are_numbered_as_in_the_file(void **state)
{
	(void)state;
	static const char text[] =
		"one\ntwo\nmisc dxg: dxgk: dxgkio_evict: Ioctl failed: -1\n"
		"\nmisc dxg: dxgk: dxgkio_evict: Ioctl failed:\n-22\n"
		"misc dxg: dxgk: dxgkio_evict: Ioctl failed: -2\n";
	static const size_t numbers[] = { 3, 5, 7 };
	struct kernel_lines lines;
	kernel_lines_start(&lines, text, strlen(text));
	for_each_row(number, numbers) {
		const struct kernel_message *message = kernel_lines_next(&lines);
		assert_non_null(message);
		assert_int_equal(message->line, *number);
	}
	assert_null(kernel_lines_next(&lines));
}

/* A text cut at every byte gives a prefix of the messages, and never reads beyond. */
static void test_text_may_be_cut_anywhere(void **state)
{
	(void)state;
	static const char text[] =
		"[ 1.0] misc dxg: dxgk: dxgkio_evict: Ioctl failed: -22 (EINVAL) x3\n"
		"kernel: message repeated 4 times: [ misc dxg: dxgk: dxgkio_lock2: Ioctl "
		"failed: -75]\n| 12 | `dxgkio_escape: Ioctl failed: -75` | 9 |\n";
	for (size_t size = 0; size < sizeof(text); size++) {
		cleanup_free char *copy = xmalloc(size);
		memcpy(copy, text, size);
		struct kernel_lines lines;
		size_t n = 0;
		kernel_lines_start(&lines, copy, size);
		while (kernel_lines_next(&lines))
			n++;
		assert_true(n <= 3);
	}
}

/* The text of a row as often as `times`, each with other digits before "dxg", and each on
 * lines of its own. Behind them stands enough that forms can be told. */
static void add_flood(struct strbuf *text, const struct row *row, int times)
{
	const char *dxg = strstr(row->text, "dxg");
	for (int i = 0; dxg && i < times; i++) {
		for (const char *at = row->text; at < dxg; at++)
			strbuf_add_char(text, *at >= '0' && *at <= '9'
						      ? (char)('0' + (*at + 3 * i) % 10)
						      : *at);
		strbuf_printf(text, "%s\nanother line\n", dxg);
	}
	strbuf_add_repeated(text, '\n', KERNEL_FORM_MAX);
}

static void assert_equal(const struct kernel_message *a, const struct kernel_message *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->voice, b->voice);
	assert_int_equal(a->times, b->times);
	assert_int_equal(a->error, b->error);
	assert_true(a->seconds == b->seconds);
	assert_int_equal(a->line, b->line);
	assert_string_equal(a->handler, b->handler);
	assert_string_equal(a->text, b->text);
}

/* What is known of a line by its form is what would be read of it. */
static void test_a_known_form_reads_as_an_unknown_one(void **state)
{
	(void)state;
	size_t known = 0; /* so that some are */
	for_each_row(row, rows) {
		cleanup_strbuf struct strbuf text;
		strbuf_init(&text);
		add_flood(&text, row, 7);
		struct kernel_lines lines, slow;
		const struct kernel_message *message, *other;
		kernel_lines_start(&lines, text.string, text.length);
		kernel_lines_start(&slow, text.string, text.length);
		do {
			slow.forms.n = 0;
			message = kernel_lines_next(&lines);
			other = kernel_lines_next(&slow);
			assert_int_equal(!message, !other);
			known += message && message != &lines.message;
			if (message)
				assert_equal(message, other);
		} while (message);
	}
	assert_true(known > 6 * 10);
}

/* The stamp with a digit in place of "%d". */
static char *with_digit(const char *stamp, int digit)
{
	const char *place = strstr(stamp, "%d");
	return xasprintf("%.*s%d%s", (int)(place - stamp), stamp, digit, place + 2);
}

/* Each form of a log that floods is known from its second line on. */
static void test_a_flood_is_known_by_its_form(void **state)
{
	(void)state;
	static const char *const stamps[] = {
		"[   12.34567%d] ",
		"[   12.34567%d][  T901] ",
		"[Mon Mar  3 10:11:1%d 2025] ",
		"Feb  3 04:05:0%d host kernel: [   12.345678] ",
		"Feb  3 04:05:0%d host kernel: ",
		"2026-02-03T04:05:06.12345%d+00:00 host kernel: ",
	};
	static const char *const texts[] = {
		"dxgkio_escape: Ioctl failed: -75\n",
		"dxgkio_escape: Ioctl failed:\n-75\n",
		"dxgvmb_send_evict: send_evict failed fffffff4\n"
	};
	for_each_row(stamp, stamps)
		for_each_row(text, texts) {
			cleanup_strbuf struct strbuf log;
			strbuf_init(&log);
			for (int i = 0; i < 5; i++) {
				cleanup_free char *margin = with_digit(*stamp, i);
				strbuf_printf(&log, "%smisc dxg: dxgk: %s", margin,
					      *text);
			}
			strbuf_add_repeated(&log, '\n', KERNEL_FORM_MAX);
			struct kernel_lines lines;
			kernel_lines_start(&lines, log.string, log.length);
			assert_ptr_equal(kernel_lines_next(&lines), &lines.message);
			for (int i = 1; i < 5; i++)
				assert_ptr_equal(kernel_lines_next(&lines),
						 &lines.known[0].message);
			assert_null(kernel_lines_next(&lines));
		}
}

static void test_a_count_is_no_stamp(void **state)
{
	(void)state;
	static const char text[] =
		"    134 misc dxg: dxgk: dxgkio_escape: Ioctl failed: -75\n"
		"    219 misc dxg: dxgk: dxgkio_escape: Ioctl failed: -75\n"
		"h kernel: message repeated 4 times: [ misc dxg: dxgk: dxgkio_evict: "
		"Ioctl failed: -1]\n"
		"h kernel: message repeated 7 times: [ misc dxg: dxgk: dxgkio_evict: "
		"Ioctl failed: -1]\n";
	static const int64_t times[] = { 134, 219, 4, 7 };
	cleanup_strbuf struct strbuf log;
	strbuf_init(&log);
	strbuf_add_string(&log, text);
	strbuf_add_repeated(&log, '\n', KERNEL_FORM_MAX);
	struct kernel_lines lines;
	kernel_lines_start(&lines, log.string, log.length);
	for_each_row(n, times)
		assert_int_equal(kernel_lines_next(&lines)->times, *n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_way_of_pasting_a_line),
		cmocka_unit_test(test_lines_are_numbered_as_in_the_file),
		cmocka_unit_test(test_text_may_be_cut_anywhere),
		cmocka_unit_test(test_a_known_form_reads_as_an_unknown_one),
		cmocka_unit_test(test_a_flood_is_known_by_its_form),
		cmocka_unit_test(test_a_count_is_no_stamp),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
