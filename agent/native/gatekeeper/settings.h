/* gatekeeper.conf in the keeper's words. */
#ifndef LINEGATE_SETTINGS_H
#define LINEGATE_SETTINGS_H

#include "conf.h"
#include "keeper.h"

/* The keeper's word for the role of an input. */
enum keeper_input settings_input(uint8_t role);

/* The role of an output. */
enum conf_role settings_role(enum keeper_output output);

/* All that the file says but for lines, paths and users; whether it fits together is keeper_init's to say. */
void settings_of(const struct conf *conf, struct keeper_conf *settings);

#endif
