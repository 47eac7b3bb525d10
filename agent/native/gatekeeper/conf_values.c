#include "conf_values.h"

#include <string.h>

#define HOUR INT64_C(3600000000000) /* the tracker's longest duration, ns or counts */
#define REQUIRED INT64_C(-1)
#define SECOND_US 1000000

struct number_key {
  const char *name;
  int64_t min;
  int64_t max;
  int64_t standard; /* what it is when it is not given */
};

/* Durations without a unit in their name are ns with `base time`, counts with `base encoder`. */
static const struct number_key number_keys[CONF_NUMBERS] = {
    [CONF_DELAY] = {"delay", 1, HOUR, REQUIRED},
    [CONF_WIDTH] = {"width", 1, HOUR, REQUIRED},
    [CONF_RECOVERY] = {"recovery", 1, HOUR, REQUIRED},
    [CONF_LEAD] = {"lead", 1, HOUR, REQUIRED},
    [CONF_TRIGGER_DEAD] = {"trigger-dead", 1, HOUR, REQUIRED},
    [CONF_CONFIRM_FROM] = {"confirm-from", 0, HOUR, 0},
    [CONF_CONFIRM_TO] = {"confirm-to", 0, HOUR, 0},
    [CONF_GATE2_DELAY] = {"gate2-delay", 1, HOUR, 0},
    [CONF_GATE2_WIDTH] = {"gate2-width", 1, HOUR, 0},
    [CONF_GATE2_RECOVERY] = {"gate2-recovery", 1, HOUR, 0},
    [CONF_HEARTBEAT_MS] = {"heartbeat-ms", 50, 60000, 1000},
    [CONF_LATE_US] = {"late-us", 1, SECOND_US, 2000},
    [CONF_WAKE_EARLY_US] = {"wake-early-us", 0, 10000, 5000},
    [CONF_GATE_MAX_MS] = {"gate-max-ms", 1, 60000, 1000},
    [CONF_AGENT_UID] = {"agent-uid", 0, (int64_t)CONF_NOBODY - 1, CONF_NOBODY},
    [CONF_STROBE_DELAY_US] = {"strobe-delay-us", 0, SECOND_US, 0},
    [CONF_STROBE_WIDTH_US] = {"strobe-width-us", 1, SECOND_US, 0},
    [CONF_CAMERA_TRIGGER_DELAY_US] = {"camera-trigger-delay-us", 0, SECOND_US, 0},
    [CONF_CAMERA_TRIGGER_WIDTH_US] = {"camera-trigger-width-us", 1, SECOND_US, 0},
    [CONF_PLC_US] = {"plc-us", 1, SECOND_US, 20000},
};

struct word_key {
  const char *name;
  uint8_t standard; /* from 1; 0: required */
  const char *words[4];
};

static const struct word_key word_keys[CONF_WORDS] = {
    [CONF_BASE] = {"base", 0, {"time", "encoder", NULL}},
    [CONF_ENCODER] = {"encoder", 1, {"quadrature", "single", "quadrature-reversed", NULL}},
    [CONF_FAIL_SAFE] = {"fail-safe", 1, {"eject", "pass", "stop-line", NULL}},
    [CONF_TOO_CLOSE] = {"too-close", 1, {"eject-neighbour", "escape", "stop-line", NULL}},
    [CONF_CONFIRMATION] = {"confirm", 1, {"none", "ejected", NULL}},
};

bool conf_take_number(const char *text, int64_t max, int64_t *number) {
  int64_t value = 0;
  if (*text == '\0') return false;
  for (; *text != '\0'; text++) {
    if (*text < '0' || *text > '9' || value > (max - (*text - '0')) / 10) return false;
    value = value * 10 + (*text - '0');
  }
  *number = value;
  return true;
}

int conf_place_of(const char *const *list, const char *word) {
  for (int i = 0; list[i] != NULL; i++) {
    if (strcmp(list[i], word) == 0) return i;
  }
  return -1;
}

static int number_of(const char *key) {
  for (int i = 0; i < CONF_NUMBERS; i++) {
    if (strcmp(number_keys[i].name, key) == 0) return i;
  }
  return -1;
}

static int word_of(const char *key) {
  for (int i = 0; i < CONF_WORDS; i++) {
    if (strcmp(word_keys[i].name, key) == 0) return i;
  }
  return -1;
}

bool conf_is_value(const char *key) { return number_of(key) >= 0 || word_of(key) >= 0; }

static bool take_number(struct conf *conf, int i, const char *value, struct fault *fault) {
  const struct number_key *key = &number_keys[i];
  if ((conf->numbers & (1U << i)) != 0) return fault_set(fault, "%s is given a second time; keep one.", key->name);
  conf->numbers |= 1U << i;
  if (conf_take_number(value, key->max, &conf->number[i]) && conf->number[i] >= key->min) return true;
  return fault_set(fault, "%s is \"%s\"; give a whole number from %lld to %lld.", key->name, value, (long long)key->min,
                   (long long)key->max);
}

static bool take_word(struct conf *conf, int i, const char *value, struct fault *fault) {
  const struct word_key *key = &word_keys[i];
  if ((conf->words & (1U << i)) != 0) return fault_set(fault, "%s is given a second time; keep one.", key->name);
  conf->words |= 1U << i;
  conf->word[i] = (uint8_t)(conf_place_of(key->words, value) + 1);
  if (conf->word[i] != 0) return true;
  const char *third = key->words[2];
  return fault_set(fault, "%s is \"%s\"; give %s%s%s or %s.", key->name, value, key->words[0],
                   third == NULL ? "" : ", ", third == NULL ? "" : key->words[1],
                   third == NULL ? key->words[1] : third);
}

bool conf_take_value(struct conf *conf, const char *key, const char *value, struct fault *fault) {
  int number = number_of(key);
  if (number >= 0) return take_number(conf, number, value, fault);
  return take_word(conf, word_of(key), value, fault);
}

bool conf_finish_values(struct conf *conf, struct fault *fault) {
  for (int i = 0; i < CONF_NUMBERS; i++) {
    if ((conf->numbers & (1U << i)) != 0) continue;
    if (number_keys[i].standard == REQUIRED) return fault_set(fault, "%s is not given; add it.", number_keys[i].name);
    conf->number[i] = number_keys[i].standard;
  }
  for (int i = 0; i < CONF_WORDS; i++) {
    if ((conf->words & (1U << i)) != 0) continue;
    if (word_keys[i].standard == 0) return fault_set(fault, "%s is not given; add it.", word_keys[i].name);
    conf->word[i] = word_keys[i].standard;
  }
  return true;
}
