#include "record/shape.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "record/hash.h"
#include "record/version.h"

static bool is_text(const char *text)
{
	return *text != '\0';
}

static bool has_form(const char *text, const char *form)
{
	for (; *form; form++, text++) {
		bool right = *form == '9'   ? isdigit((unsigned char)*text)
			     : *form == 'x' ? *text && strchr("0123456789abcdef", *text)
					    : *text == *form;
		if (!right)
			return false;
	}
	return *text == '\0';
}

static int days_in(int year, int month)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

static bool is_month_of_calendar(const char *text)
{
	int month = atoi(text + 5);
	return month >= 1 && month <= 12;
}

static bool is_date(const char *text)
{
	if (!has_form(text, "9999-99-99") || !is_month_of_calendar(text))
		return false;
	int day = atoi(text + 8);
	return day >= 1 && day <= days_in(atoi(text), atoi(text + 5));
}

static bool is_month(const char *text)
{
	return is_date(text) || (has_form(text, "9999-99") && is_month_of_calendar(text));
}

static bool is_pci(const char *text)
{
	return has_form(text, "xxxx:xxxx");
}

static bool is_vendor(const char *text)
{
	return has_form(text, "xxxx");
}

static bool is_revision(const char *text)
{
	return has_form(text, "xx");
}

static bool is_four_parts(const char *text)
{
	char normal[VERSION_MAX];
	return version_driver(text, normal) && !strcmp(text, normal);
}

static bool is_windows(const char *text)
{
	char normal[VERSION_MAX];
	return version_windows(text, normal) && !strcmp(text, normal);
}

static bool is_url(const char *text)
{
	return !strncmp(text, "https://", 8) || !strncmp(text, "http://", 7);
}

static bool is_word(const char *text)
{
	size_t length = strlen(text);
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '-' && text[i] != '_')
			return false;
	return length >= 1 && length <= 128;
}

static bool is_number(const char *text)
{
	size_t length = strlen(text);
	return length >= 1 && length <= 10 && strspn(text, "0123456789") == length &&
	       (*text != '0' || length == 1) && strtoll(text, NULL, 10) <= UINT32_MAX;
}

static bool is_errno(const char *text)
{
	const char *digits = text + (*text == '-');
	if (!is_number(digits) || *digits == '0')
		return false;
	long long value = strtoll(text, NULL, 10);
	return value >= INT32_MIN && value <= INT32_MAX;
}

static bool is_hex(const char *text, size_t length)
{
	return strlen(text) == length && strspn(text, "0123456789abcdef") == length;
}

static bool is_key(const char *text)
{
	return !strncmp(text, "ed25519:", 8) && is_hex(text + 8, 64);
}

static bool is_signature(const char *text)
{
	return is_hex(text, 128);
}

static bool is_pointer(const char *text)
{
	return *text == '/';
}

const struct shape shape_text = { "text, or left out where not known", is_text };
const struct shape shape_date = { "a date YYYY-MM-DD", is_date };
const struct shape shape_month = { "a date YYYY-MM-DD or a month YYYY-MM", is_month };
const struct shape shape_pci = { "vvvv:dddd in lower-case hexadecimal digits", is_pci };
const struct shape shape_vendor = { "four lower-case hexadecimal digits", is_vendor };
const struct shape shape_revision = { "two lower-case hexadecimal digits", is_revision };
const struct shape shape_four_parts = { "four numbers A.B.C.D without leading zeros",
					is_four_parts };
const struct shape shape_windows = { "10.0.BUILD or 10.0.BUILD.UBR", is_windows };
const struct shape shape_hash = { "sha256: and 64 lower-case hexadecimal digits",
				  hash_is_address };
const struct shape shape_url = { "an http or https address", is_url };
const struct shape shape_word = { "letters, digits, - and _, at most 128", is_word };
const struct shape shape_errno = { "an errno such as -22", is_errno };
const struct shape shape_number = { "a number below 2^32 without leading zeros",
				    is_number };
const struct shape shape_pointer = { "a JSON pointer", is_pointer };
const struct shape shape_key = { "ed25519: and 64 lower-case hexadecimal digits",
				 is_key };
const struct shape shape_signature = { "128 lower-case hexadecimal digits",
				       is_signature };

long shape_day(const char *date)
{
	/* Days from civil: years begin in March, so that the leap day is the last. */
	int year = atoi(date), month = atoi(date + 5), day = date[7] ? atoi(date + 8) : 1;
	year -= month <= 2;
	long era = year / 400;
	long year_of_era = year - era * 400;
	long day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	long day_of_era =
		year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}
