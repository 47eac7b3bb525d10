/* Keys of gatekeeper.conf that take a word or a number, and whole numbers in general. For conf.c and conf_line.c. */
#ifndef LINEGATE_CONF_VALUES_H
#define LINEGATE_CONF_VALUES_H

#include "conf.h"

/* Takes a whole number in decimal digits from 0 to max; false for anything else. */
bool conf_take_number(const char *text, int64_t max, int64_t *number);

/* Where `word` lies in a list that ends with NULL, from 0, or -1. */
int conf_place_of(const char *const *list, const char *word);

/* Whether `key` is one of the tables' keys, and then whether its value was good. The fault has no line number. */
bool conf_is_value(const char *key);
bool conf_take_value(struct conf *conf, const char *key, const char *value, struct fault *fault);

/* Sets what was not given to its default; refuses when there is none. */
bool conf_finish_values(struct conf *conf, struct fault *fault);

#endif
