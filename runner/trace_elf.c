#include "runner/trace_elf.h"

#include <elf.h>
#include <string.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/array.h"
#include "util/cleanup.h"

#define HEADERS_MAX 512
#define SYMBOLS_MAX (4 * 1024 * 1024) /* 96 MiB of table, read piece by piece */

static bool read_at(int fd, void *ret, size_t size, uint64_t offset)
{
	return offset <= (uint64_t)INT64_MAX - size &&
	       pread(fd, ret, size, (off_t)offset) == (ssize_t)size;
}

static bool read_header(int fd, Elf64_Ehdr *ret)
{
	return read_at(fd, ret, sizeof(*ret), 0) &&
	       !memcmp(ret->e_ident, ELFMAG, SELFMAG) &&
	       ret->e_ident[EI_CLASS] == ELFCLASS64 &&
	       ret->e_ident[EI_DATA] == ELFDATA2LSB;
}

/* The address that a place in the file has by its program headers. */
static bool find_address(int fd, const Elf64_Ehdr *header, uint64_t offset, uint64_t *ret)
{
	if (header->e_phentsize != sizeof(Elf64_Phdr))
		return false;
	for (unsigned int i = 0; i < header->e_phnum && i < HEADERS_MAX; i++) {
		Elf64_Phdr program;
		if (!read_at(fd, &program, sizeof(program),
			     header->e_phoff + i * sizeof(program)))
			return false;
		if (program.p_type != PT_LOAD || offset < program.p_offset ||
		    offset - program.p_offset >= program.p_filesz)
			continue;
		*ret = program.p_vaddr + (offset - program.p_offset);
		return true;
	}
	return false;
}

static bool covers(const Elf64_Sym *symbol, uint64_t address)
{
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);
	return (type == STT_FUNC || type == STT_GNU_IFUNC) &&
	       symbol->st_shndx != SHN_UNDEF && address >= symbol->st_value &&
	       address - symbol->st_value < symbol->st_size;
}

static bool find_symbol(int fd, const Elf64_Shdr *table, uint64_t address, Elf64_Sym *ret)
{
	enum { PIECE = 4096 };
	cleanup_free Elf64_Sym *symbols = xcalloc(PIECE, sizeof(*symbols));
	uint64_t n = table->sh_size / sizeof(*symbols);
	if (table->sh_entsize != sizeof(*symbols) || n > SYMBOLS_MAX)
		return false;
	for (uint64_t done = 0; done < n; done += PIECE) {
		uint64_t some = n - done < PIECE ? n - done : PIECE;
		if (!read_at(fd, symbols, some * sizeof(*symbols),
			     table->sh_offset + done * sizeof(*symbols)))
			return false;
		for (uint64_t i = 0; i < some; i++) {
			if (!covers(&symbols[i], address))
				continue;
			*ret = symbols[i];
			return true;
		}
	}
	return false;
}

static bool read_name(int fd, const Elf64_Shdr *strings, uint32_t at, char *ret,
		      size_t size)
{
	if (at >= strings->sh_size || strings->sh_offset > (uint64_t)INT64_MAX - at)
		return false;
	cleanup_free char *name = xcalloc(size, 1);
	uint64_t left = strings->sh_size - at;
	ssize_t n = pread(fd, name, left < size - 1 ? left : size - 1,
			  (off_t)(strings->sh_offset + at));
	if (n <= 0 || !*name)
		return false;
	memcpy(ret, name, size);
	return true;
}

/* Looks at each section until `is_it` knows the one that is wanted. */
static bool find_section(int fd, const Elf64_Ehdr *header,
			 bool (*is_it)(int fd, const Elf64_Shdr *section,
				       const void *wanted),
			 const void *wanted, Elf64_Shdr *ret)
{
	if (header->e_shentsize != sizeof(Elf64_Shdr))
		return false;
	for (unsigned int i = 0; i < header->e_shnum && i < HEADERS_MAX; i++) {
		if (!read_at(fd, ret, sizeof(*ret), header->e_shoff + i * sizeof(*ret)))
			return false;
		if (is_it(fd, ret, wanted))
			return true;
	}
	return false;
}

static bool has_type(int fd, const Elf64_Shdr *section, const void *wanted)
{
	(void)fd;
	return section->sh_type == *(const uint32_t *)wanted;
}

/* Of a type there is at most one table (System V ABI, "Sections"). */
static bool find_name(int fd, const Elf64_Ehdr *header, uint32_t type, uint64_t address,
		      char *ret, size_t size)
{
	Elf64_Shdr table, strings;
	Elf64_Sym symbol;
	return find_section(fd, header, has_type, &type, &table) &&
	       find_symbol(fd, &table, address, &symbol) &&
	       table.sh_link < header->e_shnum &&
	       read_at(fd, &strings, sizeof(strings),
		       header->e_shoff + table.sh_link * sizeof(strings)) &&
	       read_name(fd, &strings, symbol.st_name, ret, size);
}

bool elf_symbol(int fd, uint64_t offset, char *ret, size_t size)
{
	Elf64_Ehdr header;
	uint64_t address;
	/* What a library exports says more than what a stripped one would lack anyway. */
	static const uint32_t types[] = { SHT_DYNSYM, SHT_SYMTAB };
	if (!read_header(fd, &header) || !find_address(fd, &header, offset, &address))
		return false;
	for_each_row(type, types)
		if (find_name(fd, &header, *type, address, ret, size))
			return true;
	return false;
}

struct wanted_section {
	const char *name;
	Elf64_Shdr names;
};

static bool has_name(int fd, const Elf64_Shdr *section, const void *wanted_)
{
	const struct wanted_section *wanted = wanted_;
	char name[64];
	return read_name(fd, &wanted->names, section->sh_name, name, sizeof(name)) &&
	       !strcmp(name, wanted->name);
}

bool elf_section(int fd, const char *name, uint64_t *ret_address, uint64_t *ret_size)
{
	Elf64_Ehdr header;
	Elf64_Shdr found;
	struct wanted_section wanted = { .name = name };
	if (!read_header(fd, &header) || header.e_shstrndx >= header.e_shnum ||
	    !read_at(fd, &wanted.names, sizeof(wanted.names),
		     header.e_shoff + header.e_shstrndx * sizeof(wanted.names)) ||
	    !find_section(fd, &header, has_name, &wanted, &found))
		return false;
	*ret_address = found.sh_addr;
	*ret_size = found.sh_size;
	return true;
}
