/* signature_table.h: kernel log lines that are known, as rows. */
#pragma once

#include "diagnosis/signature.h"
#include "web/html.h"

void signature_table_write(struct html *h, const struct signature *rows, size_t n,
			   const char *caption);
/* One line of the log: the handler and its number. error 0: any number. */
void signature_write_line(struct html *h, const char *ioctl, int error);
/* What a class says, with its sign. */
void signature_write_class(struct html *h, enum signature_class class);
