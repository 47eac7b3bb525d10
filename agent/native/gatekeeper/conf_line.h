/* `input` and `output` lines of gatekeeper.conf. For conf.c. */
#ifndef LINEGATE_CONF_LINE_H
#define LINEGATE_CONF_LINE_H

#include "conf.h"

/* Takes `words`, the first of which is input or output. The fault has no line number. */
bool conf_take_line(struct conf *conf, char *const *words, size_t count, struct fault *fault);

/* The word for a role. */
const char *conf_role_name(enum conf_role role);

#endif
