#include "util/command.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "util/alloc.h"
#include "util/strbuf.h"

static void print_option(const struct command_option *option)
{
	const char letter[] = { '-', option->letter, ',', ' ', '\0' };
	cleanup_free char *left = xasprintf("%s--%s%s%s", option->letter ? letter : "",
					    option->name, option->argument ? " " : "",
					    option->argument ? option->argument : "");
	printf("  %-22s  %s\n", left, option->help);
}

static void print_help(const struct command *command,
		       const struct command_option *options)
{
	printf("usage: dxgmatrix %s [options]%s%s\n\n%s.\n", command->name,
	       *command->arguments ? " " : "", command->arguments, command->summary);
	if (command->help)
		printf("\n%s\n", command->help);
	puts("\noptions:");
	for (const struct command_option *option = options; option->name; option++)
		print_option(option);
	print_option(
		&(struct command_option){ .name = "help", .help = "print this and end" });
	print_option(&(struct command_option){ .name = "version",
					       .help = "print the version and end" });
}

static void take_option(const struct command_option *option, const char *value)
{
	if (option->argument)
		*(const char **)option->value = value;
	else
		*(bool *)option->value = true;
}

/* getopt's values of the rows: no character of a short option, of which there are none. */
enum { OPTION = 256, OPTION_HELP, OPTION_VERSION };

/* What getopt stumbled over: optopt is 0 for an unknown long option, the row's value for
 * a flag that was given a value, else the character of a short one. */
static struct error *unknown_option(const struct command *command, char **argv)
{
	if (optopt >= OPTION)
		return error_usage("'%s' takes no value; see dxgmatrix %s --help",
				   argv[optind - 1], command->name);
	if (optopt)
		return error_usage("unknown option '-%c'; see dxgmatrix %s --help",
				   optopt, command->name);
	return error_usage("unknown option '%s'; see dxgmatrix %s --help",
			   argv[optind - 1], command->name);
}

/* What getopt calls short options, with a row for each letter. */
static void list_letters(const struct command_option *options, struct strbuf *ret)
{
	strbuf_add_char(ret, ':'); /* a missing value is told apart */
	for (const struct command_option *option = options; option->name; option++)
		if (option->letter)
			strbuf_printf(ret, "%c%s", option->letter,
				      option->argument ? ":" : "");
}

static int find_letter(const struct command_option *options, int letter)
{
	for (int i = 0; options[i].name; i++)
		if (options[i].letter == letter)
			return i;
	return -1;
}

struct error *command_parse(const struct command *command,
			    const struct command_option *options, int argc, char **argv,
			    int *ret_first)
{
	int n = 0;
	while (options[n].name)
		n++;
	cleanup_free struct option *rows = xcalloc((size_t)n + 3, sizeof(*rows));
	for (int i = 0; i < n; i++)
		rows[i] = (struct option){ options[i].name,
					   options[i].argument ? required_argument
							       : no_argument,
					   NULL, OPTION };
	rows[n] = (struct option){ "help", no_argument, NULL, OPTION_HELP };
	rows[n + 1] = (struct option){ "version", no_argument, NULL, OPTION_VERSION };

	cleanup_strbuf struct strbuf letters;
	strbuf_init(&letters);
	list_letters(options, &letters);
	optind = 0; /* GNU: start anew, also after an earlier parse in this process */
	opterr = 0;
	for (;;) {
		int index = -1;
		int c = getopt_long(argc, argv, letters.string, rows, &index);
		if (c == -1)
			break;
		if (c == OPTION_HELP || c == OPTION_VERSION) {
			if (c == OPTION_HELP)
				print_help(command, options);
			else
				puts("dxgmatrix " DXGMATRIX_VERSION);
			exit(fflush(stdout) == 0 ? 0 : 1);
		}
		if (c == ':')
			return error_usage("%s needs a value; see dxgmatrix %s --help",
					   argv[optind - 1], command->name);
		if (c > 0 && c < OPTION)
			index = find_letter(options, c);
		if (index < 0 || c == '?')
			return unknown_option(command, argv);
		take_option(&options[index], optarg);
	}
	*ret_first = optind;
	return NULL;
}
