#include "conf_line.h"

#include "conf_values.h"

#include <stdio.h>
#include <string.h>

static const char *const roles[] = {
    [CONF_TRIGGER] = "trigger",
    [CONF_CONFIRM] = "confirm",
    [CONF_ENCODER_A] = "encoder-a",
    [CONF_ENCODER_B] = "encoder-b",
    [CONF_PART_AT_GATE] = "part-at-gate",
    [CONF_BIN_FULL] = "bin-full",
    [CONF_ESTOP_STATUS] = "estop-status",
    [CONF_GATE] = "gate",
    [CONF_GATE2] = "gate2",
    [CONF_READY] = "ready",
    [CONF_STROBE] = "strobe",
    [CONF_CAMERA_TRIGGER] = "camera-trigger",
    [CONF_PLC_BUSY] = "plc-busy",
    [CONF_PLC_OK] = "plc-ok",
    [CONF_PLC_NG] = "plc-ng",
    [CONF_ROLES] = NULL,
};
static const char *const settings[] = {"chip", "line", "offset", "active", "debounce-us", "bias", NULL};
enum setting { CHIP, LINE, OFFSET, ACTIVE, DEBOUNCE, BIAS };
static const char *const levels[] = {"high", "low", NULL};
static const char *const biases[] = {"as-is", "disabled", "pull-up", "pull-down", NULL};

#define LONGEST_DEBOUNCE_US 1000000

const char *conf_role_name(enum conf_role role) { return roles[role]; }

static bool is_encoder(uint8_t role) { return role == CONF_ENCODER_A || role == CONF_ENCODER_B; }

static bool take_name(char *name, const char *value) {
  int length = snprintf(name, GPIO_NAME, "%s", value);
  return length > 0 && length < GPIO_NAME;
}

static bool take_choice(const char *const *list, const char *value, uint8_t *choice) {
  int place = conf_place_of(list, value);
  if (place >= 0) *choice = (uint8_t)place;
  return place >= 0;
}

/* Whether a line of this role can have the setting at all. */
static bool may_have(const struct gpio_line *line, enum setting setting) {
  return !line->output || (setting != DEBOUNCE && setting != BIAS);
}

static bool take_setting(struct gpio_line *line, enum setting setting, const char *value) {
  int64_t number = 0;
  uint8_t choice = 0;
  switch (setting) {
  case CHIP: return take_name(line->chip, value);
  case LINE: return take_name(line->name, value);
  case OFFSET:
    if (!conf_take_number(value, UINT16_MAX, &number)) return false;
    line->offset = (uint32_t)number;
    return true;
  case ACTIVE:
    if (!take_choice(levels, value, &choice)) return false;
    line->active_low = choice == 1;
    return true;
  case DEBOUNCE:
    if (!conf_take_number(value, LONGEST_DEBOUNCE_US, &number)) return false;
    line->debounce_us = (uint32_t)number;
    return number == 0 || !is_encoder(line->id);
  case BIAS: return take_choice(biases, value, &line->bias);
  }
  return false;
}

/* Takes the words after the role, each `setting=value`. `given` gets a bit for each. */
static bool take_settings(struct gpio_line *line, char *const *words, size_t count, uint32_t *given,
                          struct fault *fault) {
  const char *role = roles[line->id];
  for (size_t i = 0; i < count; i++) {
    char *value = strchr(words[i], '=');
    if (value != NULL) *value++ = '\0';
    int setting = conf_place_of(settings, words[i]);
    if (value == NULL || setting < 0 || !may_have(line, (enum setting)setting)) {
      return fault_set(fault, "%s cannot have \"%s\"; see the settings that it may have.", role, words[i]);
    }
    if ((*given & (1U << setting)) != 0) return fault_set(fault, "%s has %s twice; keep one.", role, words[i]);
    *given |= 1U << setting;
    if (take_setting(line, (enum setting)setting, value)) continue;
    return fault_set(fault, "%s=%s of %s is not a value that it can have; correct it.", words[i], value, role);
  }
  return true;
}

/* Whether another role has this very line. Two names of one line are found when it is claimed. */
static const struct gpio_line *taken(const struct conf *conf, const struct gpio_line *line) {
  for (size_t i = 0; i < conf->line_count; i++) {
    const struct gpio_line *other = &conf->lines[i];
    if (strcmp(other->chip, line->chip) == 0 && strcmp(other->name, line->name) == 0 && other->offset == line->offset) {
      return other;
    }
  }
  return NULL;
}

static bool take_role(struct conf *conf, char *const *words, size_t count, struct gpio_line *line,
                      struct fault *fault) {
  line->output = strcmp(words[0], "output") == 0;
  int role = count < 2 ? -1 : conf_place_of(roles, words[1]);
  if (role < 0 || (role >= CONF_GATE) != line->output) {
    return fault_set(fault, "There is no %s \"%s\"; see the purposes that a line can have.", words[0],
                     count < 2 ? "" : words[1]);
  }
  if ((conf->roles & (1U << role)) != 0) return fault_set(fault, "%s is given a second time; keep one.", words[1]);
  conf->roles |= 1U << role;
  line->id = (uint8_t)role;
  line->many_edges = is_encoder(line->id);
  return true;
}

bool conf_take_line(struct conf *conf, char *const *words, size_t count, struct fault *fault) {
  struct gpio_line line = {0};
  uint32_t given = 0;
  if (!take_role(conf, words, count, &line, fault)) return false;
  if (!take_settings(&line, words + 2, count - 2, &given, fault)) return false;
  bool by_name = (given & (1U << LINE)) != 0;
  bool by_offset = (given & (1U << OFFSET)) != 0;
  if ((given & (1U << CHIP)) == 0 || by_name == by_offset) {
    return fault_set(fault, "%s must have chip= and either line= or offset=; add what is missing.", words[1]);
  }
  const struct gpio_line *other = taken(conf, &line);
  if (other != NULL) {
    return fault_set(fault, "%s has the line of %s; give it a line of its own.", words[1], roles[other->id]);
  }
  conf->lines[conf->line_count++] = line;
  return true;
}
