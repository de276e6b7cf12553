#include "diagnosis/gpu.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "util/array.h"

#define GPU GPU_CLASS_GPU
#define NPU GPU_CLASS_NPU

/*
 * Ids and names: pci-ids.ucw.cz; Intel's also the lists of devices in
 * intel/compute-runtime:shared/source/dll/devices. Launch months: the vendors' announcements
 * (Intel ARK, AMD and NVIDIA product pages).
 */
/* clang-format off */
const struct gpu gpus[] = {
	/* Intel, NPU */
	{ "8086:7d1d", "Intel AI Boost NPU (Meteor Lake)", "Meteor Lake", 202312, NPU, false, { NULL } },
	{ "8086:ad1d", "Intel AI Boost NPU (Arrow Lake)", "Arrow Lake", 202410, NPU, false, { NULL } },
	{ "8086:643e", "Intel AI Boost NPU (Lunar Lake)", "Lunar Lake", 202409, NPU, false, { NULL } },
	{ "8086:b03e", "Intel AI Boost NPU (Panther Lake)", "Panther Lake", 202601, NPU, false, { NULL } },
	/* Intel, integrated */
	{ "8086:7d51", "Intel Arc 140T", "Arrow Lake", 202410, GPU, true, { "Arc 140T GPU", NULL } },
	{ "8086:7dd1", "Intel Graphics (Arrow Lake-H)", "Arrow Lake", 202410, GPU, false, { NULL } },
	{ "8086:7d41", "Intel Graphics (Arrow Lake-U)", "Arrow Lake", 202410, GPU, false, { NULL } },
	{ "8086:7d67", "Intel Graphics (Arrow Lake-S)", "Arrow Lake", 202410, GPU, false, { NULL } },
	{ "8086:64a0", "Intel Arc 140V", "Lunar Lake", 202409, GPU, true, { "Arc 140V GPU", NULL } },
	{ "8086:6420", "Intel Graphics (Lunar Lake)", "Lunar Lake", 202409, GPU, false, { NULL } },
	{ "8086:64b0", "Intel Graphics (Lunar Lake)", "Lunar Lake", 202409, GPU, false, { NULL } },
	{ "8086:7d55", "Intel Arc Graphics (Meteor Lake)", "Meteor Lake", 202312, GPU, false, { NULL } },
	{ "8086:7dd5", "Intel Graphics (Meteor Lake-H)", "Meteor Lake", 202312, GPU, false, { NULL } },
	{ "8086:7d45", "Intel Graphics (Meteor Lake-U)", "Meteor Lake", 202312, GPU, false, { NULL } },
	{ "8086:7d40", "Intel Graphics (Meteor Lake-M)", "Meteor Lake", 202312, GPU, false, { NULL } },
	{ "8086:7d60", "Intel Graphics (Meteor Lake)", "Meteor Lake", 202312, GPU, false, { NULL } },
	{ "8086:b080", "Intel Graphics (Panther Lake)", "Panther Lake", 202601, GPU, false, { NULL } },
	{ "8086:b081", "Intel Arc B370", "Panther Lake", 202601, GPU, true, { NULL } },
	{ "8086:b082", "Intel Arc B390", "Panther Lake", 202601, GPU, true, { NULL } },
	{ "8086:a780", "Intel UHD Graphics 770", "Raptor Lake", 202210, GPU, false, { NULL } },
	{ "8086:a782", "Intel UHD Graphics 730", "Raptor Lake", 202210, GPU, false, { NULL } },
	{ "8086:a788", "Intel UHD Graphics (Raptor Lake-HX)", "Raptor Lake", 202301, GPU, false, { NULL } },
	{ "8086:a78b", "Intel UHD Graphics (Raptor Lake-HX)", "Raptor Lake", 202301, GPU, false, { NULL } },
	{ "8086:a7a0", "Intel Iris Xe Graphics (Raptor Lake-P)", "Raptor Lake", 202301, GPU, false, { NULL } },
	{ "8086:a7a1", "Intel Iris Xe Graphics (Raptor Lake-U)", "Raptor Lake", 202301, GPU, false, { NULL } },
	{ "8086:a7a8", "Intel UHD Graphics (Raptor Lake-P)", "Raptor Lake", 202301, GPU, false, { NULL } },
	{ "8086:a7a9", "Intel UHD Graphics (Raptor Lake-U)", "Raptor Lake", 202301, GPU, false, { NULL } },
	{ "8086:a720", "Intel UHD Graphics (Raptor Lake-P)", "Raptor Lake", 202301, GPU, false, { NULL } },
	{ "8086:a721", "Intel UHD Graphics (Raptor Lake-U)", "Raptor Lake", 202301, GPU, false, { NULL } },
	{ "8086:a7ac", "Intel Graphics (Raptor Lake-U)", "Raptor Lake", 202401, GPU, false, { NULL } },
	{ "8086:46a6", "Intel Iris Xe Graphics (Alder Lake-P)", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:46a8", "Intel Iris Xe Graphics (Alder Lake-U)", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:46aa", "Intel Iris Xe Graphics (Alder Lake-M)", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:46a3", "Intel UHD Graphics (Alder Lake-P)", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:46b3", "Intel UHD Graphics (Alder Lake-U)", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:46c3", "Intel UHD Graphics (Alder Lake-M)", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:4626", "Intel UHD Graphics (Alder Lake-P)", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:4628", "Intel UHD Graphics (Alder Lake-U)", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:46d0", "Intel UHD Graphics (Alder Lake-N)", "Alder Lake", 202301, GPU, false, { NULL } },
	{ "8086:46d1", "Intel UHD Graphics (Alder Lake-N)", "Alder Lake", 202301, GPU, false, { NULL } },
	{ "8086:46d2", "Intel UHD Graphics (Alder Lake-N)", "Alder Lake", 202301, GPU, false, { NULL } },
	{ "8086:4680", "Intel UHD Graphics 770", "Alder Lake", 202111, GPU, false, { NULL } },
	{ "8086:4682", "Intel UHD Graphics 730", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:4688", "Intel UHD Graphics (Alder Lake-HX)", "Alder Lake", 202205, GPU, false, { NULL } },
	{ "8086:4690", "Intel UHD Graphics 770", "Alder Lake", 202111, GPU, false, { NULL } },
	{ "8086:4693", "Intel UHD Graphics 710", "Alder Lake", 202201, GPU, true, { NULL } },
	{ "8086:4692", "Intel UHD Graphics 730", "Alder Lake", 202201, GPU, false, { NULL } },
	{ "8086:9a49", "Intel Iris Xe Graphics (Tiger Lake)", "Tiger Lake", 202009, GPU, false, { NULL } },
	{ "8086:9a40", "Intel Iris Xe Graphics (Tiger Lake)", "Tiger Lake", 202009, GPU, false, { NULL } },
	{ "8086:9a60", "Intel UHD Graphics (Tiger Lake-H)", "Tiger Lake", 202105, GPU, false, { NULL } },
	{ "8086:9a68", "Intel UHD Graphics (Tiger Lake-H)", "Tiger Lake", 202105, GPU, false, { NULL } },
	{ "8086:9a78", "Intel UHD Graphics (Tiger Lake)", "Tiger Lake", 202009, GPU, false, { NULL } },
	{ "8086:4c8a", "Intel UHD Graphics 750", "Rocket Lake", 202103, GPU, true, { NULL } },
	{ "8086:4c8b", "Intel UHD Graphics 730", "Rocket Lake", 202103, GPU, false, { NULL } },
	{ "8086:8a52", "Intel Iris Plus Graphics (Ice Lake)", "Ice Lake", 201908, GPU, false, { NULL } },
	{ "8086:9b41", "Intel UHD Graphics (Comet Lake)", "Comet Lake", 201908, GPU, false, { NULL } },
	{ "8086:9bc4", "Intel UHD Graphics (Comet Lake-H)", "Comet Lake", 202004, GPU, false, { NULL } },
	{ "8086:3e9b", "Intel UHD Graphics 630", "Coffee Lake", 201804, GPU, false, { NULL } },
	{ "8086:3e92", "Intel UHD Graphics 630", "Coffee Lake", 201710, GPU, false, { NULL } },
	{ "8086:3ea0", "Intel UHD Graphics 620", "Whiskey Lake", 201808, GPU, false, { NULL } },
	{ "8086:5917", "Intel UHD Graphics 620", "Kaby Lake", 201708, GPU, false, { NULL } },
	{ "8086:5916", "Intel HD Graphics 620", "Kaby Lake", 201608, GPU, false, { NULL } },
	{ "8086:591b", "Intel HD Graphics 630", "Kaby Lake", 201701, GPU, false, { NULL } },
	/* Intel, cards */
	{ "8086:e20b", "Intel Arc B580", "Battlemage", 202412, GPU, true, { NULL } },
	{ "8086:e20c", "Intel Arc B570", "Battlemage", 202501, GPU, true, { NULL } },
	{ "8086:e212", "Intel Arc Pro B50", "Battlemage", 202509, GPU, true, { NULL } },
	{ "8086:e211", "Intel Arc Pro B60", "Battlemage", 202509, GPU, true, { NULL } },
	{ "8086:e223", "Intel Graphics (Battlemage)", "Battlemage", 202412, GPU, false, { NULL } },
	{ "8086:56a0", "Intel Arc A770", "Alchemist", 202210, GPU, true, { NULL } },
	{ "8086:56a1", "Intel Arc A750", "Alchemist", 202210, GPU, true, { NULL } },
	{ "8086:56a2", "Intel Arc A580", "Alchemist", 202310, GPU, true, { NULL } },
	{ "8086:56a5", "Intel Arc A380", "Alchemist", 202206, GPU, true, { NULL } },
	{ "8086:56a6", "Intel Arc A310", "Alchemist", 202210, GPU, true, { NULL } },
	{ "8086:5690", "Intel Arc A770M", "Alchemist", 202203, GPU, true, { NULL } },
	{ "8086:5691", "Intel Arc A730M", "Alchemist", 202203, GPU, true, { NULL } },
	{ "8086:5692", "Intel Arc A550M", "Alchemist", 202203, GPU, true, { NULL } },
	{ "8086:5693", "Intel Arc A370M", "Alchemist", 202203, GPU, true, { NULL } },
	{ "8086:5694", "Intel Arc A350M", "Alchemist", 202203, GPU, true, { NULL } },
	{ "8086:5696", "Intel Arc A570M", "Alchemist", 202308, GPU, true, { NULL } },
	{ "8086:5697", "Intel Arc A530M", "Alchemist", 202308, GPU, true, { NULL } },
	{ "8086:56b1", "Intel Arc Pro A40/A50", "Alchemist", 202208, GPU, false, { NULL } },
	{ "8086:56b3", "Intel Arc Pro A60", "Alchemist", 202306, GPU, true, { NULL } },
	{ "8086:56c0", "Intel Data Center GPU Flex 170", "Alchemist", 202208, GPU, true, { NULL } },
	{ "8086:56c1", "Intel Data Center GPU Flex 140", "Alchemist", 202208, GPU, true, { NULL } },
	{ "8086:4905", "Intel Iris Xe MAX", "DG1", 202010, GPU, true, { NULL } },
	/* AMD */
	{ "1002:1900", "AMD Radeon 780M", "Hawk Point", 202312, GPU, false, { NULL } },
	{ "1002:15bf", "AMD Radeon 780M", "Phoenix", 202304, GPU, false, { NULL } },
	{ "1002:150e", "AMD Radeon 890M", "Strix Point", 202407, GPU, true, { NULL } },
	{ "1002:1586", "AMD Radeon 8060S", "Strix Halo", 202501, GPU, true, { "Radeon 8050S", NULL } },
	{ "1002:7480", "AMD Radeon RX 7600", "Navi 33", 202305, GPU, true, { NULL } },
	{ "1002:747e", "AMD Radeon RX 7800 XT", "Navi 32", 202309, GPU, true, { "Radeon RX 7700 XT", NULL } },
	{ "1002:744c", "AMD Radeon RX 7900 XTX", "Navi 31", 202212, GPU, true, { "Radeon RX 7900 XT", "Radeon RX 7900 GRE", NULL } },
	{ "1002:7550", "AMD Radeon RX 9070 XT", "Navi 48", 202503, GPU, true, { "Radeon RX 9070", NULL } },
	{ "1002:7590", "AMD Radeon RX 9060 XT", "Navi 44", 202506, GPU, true, { NULL } },
	{ "1002:73bf", "AMD Radeon RX 6800 XT", "Navi 21", 202011, GPU, false, { NULL } },
	{ "1002:73df", "AMD Radeon RX 6700 XT", "Navi 22", 202103, GPU, false, { NULL } },
	{ "1002:73ff", "AMD Radeon RX 6600", "Navi 23", 202110, GPU, false, { NULL } },
	/* NVIDIA: cards and laptop chips share names in speech, so no name means an id */
	{ "10de:1b06", "NVIDIA GeForce GTX 1080 Ti", "Pascal", 201703, GPU, false, { NULL } },
	{ "10de:1bb1", "NVIDIA Quadro P4000", "Pascal", 201702, GPU, false, { NULL } },
	{ "10de:1c02", "NVIDIA GeForce GTX 1060 3GB", "Pascal", 201608, GPU, false, { NULL } },
	{ "10de:1e84", "NVIDIA GeForce RTX 2070 SUPER", "Turing", 201907, GPU, false, { NULL } },
	{ "10de:1eb1", "NVIDIA Quadro RTX 4000", "Turing", 201811, GPU, false, { NULL } },
	{ "10de:1f11", "NVIDIA GeForce RTX 2060", "Turing", 201901, GPU, false, { NULL } },
	{ "10de:21c4", "NVIDIA GeForce GTX 1660 SUPER", "Turing", 201910, GPU, false, { NULL } },
	{ "10de:2204", "NVIDIA GeForce RTX 3090", "Ampere", 202009, GPU, false, { NULL } },
	{ "10de:2206", "NVIDIA GeForce RTX 3080", "Ampere", 202009, GPU, false, { NULL } },
	{ "10de:2208", "NVIDIA GeForce RTX 3080 Ti", "Ampere", 202106, GPU, false, { NULL } },
	{ "10de:2684", "NVIDIA GeForce RTX 4090", "Ada Lovelace", 202210, GPU, false, { NULL } },
	{ "10de:2704", "NVIDIA GeForce RTX 4080", "Ada Lovelace", 202211, GPU, false, { NULL } },
	{ "10de:2782", "NVIDIA GeForce RTX 4070 Ti", "Ada Lovelace", 202301, GPU, false, { NULL } },
	{ "10de:26b9", "NVIDIA L40S", "Ada Lovelace", 202308, GPU, false, { NULL } },
	{ "10de:2b85", "NVIDIA GeForce RTX 5090", "Blackwell", 202501, GPU, false, { NULL } },
	{ "10de:2c02", "NVIDIA GeForce RTX 5080", "Blackwell", 202501, GPU, false, { NULL } },
	{ "10de:2c05", "NVIDIA GeForce RTX 5070 Ti", "Blackwell", 202502, GPU, false, { NULL } },
};
/* clang-format on */
const size_t n_gpus = ARRAY_SIZE(gpus);

#undef GPU
#undef NPU

static const struct {
	const char *vendor, *title;
	const char *words[8];
} vendors[] = {
	{ "8086", "Intel", { "intel", "iris", "uhd", "arc", NULL } },
	{ "1002", "AMD", { "amd", "radeon", "ryzen", "ati", NULL } },
	{ "10de",
	  "NVIDIA",
	  { "nvidia", "geforce", "quadro", "rtx", "gtx", "tesla", NULL } },
	{ "1414", "Microsoft", { NULL } },
};

const struct gpu *gpu_find(const char *pci)
{
	for_each_row(row, gpus)
		if (pci && !strcasecmp(row->pci, pci))
			return row;
	return NULL;
}

#define NAME_MAX_LENGTH 128

/* Words that say nothing in a name. */
static bool is_filler(const char *word)
{
	static const char *const fillers[] = { "r",     "tm",     "c",      "graphics",
					       "gpu",   "npu",    "nvidia", "amd",
					       "intel", "geforce" };
	for_each_row(filler, fillers)
		if (!strcmp(*filler, word))
			return true;
	return false;
}

/* Next word in lower case. "(16GB)" and other memory sizes are passed over. */
static const char *next_word(const char *text, char ret[NAME_MAX_LENGTH])
{
	while (*text && !isalnum((unsigned char)*text))
		text++;
	size_t n = 0;
	while (isalnum((unsigned char)*text)) {
		if (n + 1 < NAME_MAX_LENGTH)
			ret[n++] = (char)tolower((unsigned char)*text);
		text++;
	}
	ret[n] = '\0';
	return n ? text : NULL;
}

static bool is_memory(const char *word)
{
	size_t digits = strspn(word, "0123456789");
	return digits && !strcmp(word + digits, "gb");
}

/* The words of a name that tell it apart, each ended by a blank. */
static void normal_name(const char *name, char ret[NAME_MAX_LENGTH])
{
	char word[NAME_MAX_LENGTH];
	size_t n = 0;
	ret[0] = '\0';
	while ((name = next_word(name, word))) {
		size_t length = strlen(word);
		if (is_filler(word) || is_memory(word) ||
		    n + length + 2 > NAME_MAX_LENGTH)
			continue;
		memcpy(ret + n, word, length);
		n += length;
		ret[n++] = ' ';
		ret[n] = '\0';
	}
}

bool gpu_names_equal(const char *a, const char *b)
{
	char x[NAME_MAX_LENGTH], y[NAME_MAX_LENGTH];
	normal_name(a, x);
	normal_name(b, y);
	return *x && !strcmp(x, y);
}

static bool row_has_name(const struct gpu *row, const char *name)
{
	if (gpu_names_equal(row->name, name))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(row->aliases) && row->aliases[i]; i++)
		if (gpu_names_equal(row->aliases[i], name))
			return true;
	return false;
}

const struct gpu *gpu_find_name(const char *name)
{
	const struct gpu *found = NULL;
	for_each_row(row, gpus) {
		if (!name || !row_has_name(row, name))
			continue;
		if (found || !row->names_id)
			return NULL;
		found = row;
	}
	return found;
}

const char *gpu_vendor_of_name(const char *name)
{
	char word[NAME_MAX_LENGTH];
	while (name && (name = next_word(name, word)))
		for_each_row(row, vendors)
			for (size_t i = 0; row->words[i]; i++)
				if (!strcmp(row->words[i], word))
					return row->vendor;
	return NULL;
}

bool gpu_name_is_npu(const char *name)
{
	char word[NAME_MAX_LENGTH];
	while (name && (name = next_word(name, word)))
		if (!strcmp(word, "npu") || !strcmp(word, "boost") ||
		    !strcmp(word, "hexagon") || !strcmp(word, "xdna"))
			return true;
	return false;
}

const char *gpu_vendor_title(const char *vendor)
{
	for_each_row(row, vendors)
		if (vendor && !strcmp(row->vendor, vendor))
			return row->title;
	return NULL;
}
