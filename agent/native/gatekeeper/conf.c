#define _GNU_SOURCE /* O_CLOEXEC, strtok_r */
#include "conf.h"

#include "conf_line.h"
#include "conf_values.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX 12

static const char *const texts[] = {[CONF_STATION] = "station", [CONF_SOCKET] = "socket", [CONF_RING] = "ring", NULL};

bool conf_has(const struct conf *conf, enum conf_role role) { return (conf->roles & (1U << role)) != 0; }

/* --- one line --- */

static bool take_text(struct conf *conf, int i, const char *value, struct fault *fault) {
  if ((conf->texts & (1U << i)) != 0) return fault_set(fault, "%s is given a second time; keep one.", texts[i]);
  conf->texts |= 1U << i;
  int length = snprintf(conf->text[i], CONF_TEXT_MAX, "%s", value);
  if (length >= CONF_TEXT_MAX) {
    return fault_set(fault, "%s is longer than %d bytes; shorten it.", texts[i], CONF_TEXT_MAX - 1);
  }
  if (i == CONF_STATION || value[0] == '/') return true;
  return fault_set(fault, "%s is \"%s\"; give an absolute path.", texts[i], value);
}

static bool take_words(struct conf *conf, char *const *words, size_t count, struct fault *fault) {
  if (strcmp(words[0], "input") == 0 || strcmp(words[0], "output") == 0) {
    return conf_take_line(conf, words, count, fault);
  }
  int text = conf_place_of(texts, words[0]);
  if (text < 0 && !conf_is_value(words[0])) {
    return fault_set(fault, "\"%s\" is no setting; correct or remove it.", words[0]);
  }
  if (count != 2) return fault_set(fault, "%s needs one value; give it one.", words[0]);
  return text >= 0 ? take_text(conf, text, words[1], fault) : conf_take_value(conf, words[0], words[1], fault);
}

static bool take_row(struct conf *conf, char *row, struct fault *fault) {
  char *words[WORDS_MAX];
  size_t count = 0;
  char *rest = NULL;
  row[strcspn(row, "#")] = '\0';
  for (char *word = strtok_r(row, " \t\r", &rest); word != NULL; word = strtok_r(NULL, " \t\r", &rest)) {
    if (count == WORDS_MAX) return fault_set(fault, "There are more than %d words; remove some.", WORDS_MAX);
    words[count++] = word;
  }
  return count == 0 || take_words(conf, words, count, fault);
}

/* --- the whole --- */

static bool need(const struct conf *conf, enum conf_role role, const char *why, struct fault *fault) {
  if (conf_has(conf, role)) return true;
  return fault_set(fault, "%s has no line, but %s; add it.", conf_role_name(role), why);
}

/* An output must come with these numbers. */
static bool need_number(const struct conf *conf, enum conf_role role, enum conf_number number, const char *name,
                        struct fault *fault) {
  if (!conf_has(conf, role) || (conf->numbers & (1U << number)) != 0) return true;
  return fault_set(fault, "%s has a line, but %s is not given; add it.", conf_role_name(role), name);
}

static bool check_whole(const struct conf *conf, struct fault *fault) {
  for (int i = 0; i < CONF_TEXTS; i++) {
    if (conf->text[i][0] == '\0') return fault_set(fault, "%s is not given; add it.", texts[i]);
  }
  if (!need(conf, CONF_TRIGGER, "every station needs one", fault)) return false;
  if (!need(conf, CONF_GATE, "every station needs one", fault)) return false;
  bool counts = conf->word[CONF_BASE] == CONF_BASE_ENCODER;
  bool quadrature = conf->word[CONF_ENCODER] != CONF_ENCODER_SINGLE;
  if (counts && !need(conf, CONF_ENCODER_A, "the base is encoder", fault)) return false;
  if (counts && quadrature && !need(conf, CONF_ENCODER_B, "the encoder is quadrature", fault)) return false;
  bool confirmed = conf->word[CONF_CONFIRMATION] == CONF_CONFIRMATION_EJECTED;
  if (confirmed && !need(conf, CONF_CONFIRM, "ejected parts are to be confirmed", fault)) return false;
  return need_number(conf, CONF_GATE2, CONF_GATE2_DELAY, "gate2-delay", fault) &&
         need_number(conf, CONF_GATE2, CONF_GATE2_WIDTH, "gate2-width", fault) &&
         need_number(conf, CONF_GATE2, CONF_GATE2_RECOVERY, "gate2-recovery", fault) &&
         need_number(conf, CONF_STROBE, CONF_STROBE_WIDTH_US, "strobe-width-us", fault) &&
         need_number(conf, CONF_CAMERA_TRIGGER, CONF_CAMERA_TRIGGER_WIDTH_US, "camera-trigger-width-us", fault);
}

static uint64_t fnv1a(const char *bytes, size_t length) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (uint8_t)bytes[i]) * UINT64_C(1099511628211);
  return hash;
}

static bool at_row(struct fault *fault, const char *path, unsigned row) {
  struct fault without = *fault;
  return fault_set(fault, "%s line %u: %s", path, row, without.text);
}

static bool is_plain(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    bool space = text[i] == '\n' || text[i] == '\t' || text[i] == '\r';
    if (!space && (text[i] < ' ' || text[i] > '~')) return false;
  }
  return true;
}

bool conf_parse(struct conf *conf, const char *path, char *text, size_t length, struct fault *fault) {
  memset(conf, 0, sizeof *conf);
  conf->digest = fnv1a(text, length);
  char *end = text + length;
  unsigned row = 1;
  for (char *next = text; next < end; row++) {
    char *start = next;
    char *stop = memchr(start, '\n', (size_t)(end - start));
    next = stop == NULL ? end : stop + 1;
    size_t size = (size_t)((stop == NULL ? end : stop) - start);
    if (!is_plain(start, size)) {
      (void)fault_set(fault, "There is a character that is not printable ASCII; remove it.");
      return at_row(fault, path, row);
    }
    start[size] = '\0';
    if (!take_row(conf, start, fault)) return at_row(fault, path, row);
  }
  if (conf_finish_values(conf, fault) && check_whole(conf, fault)) return true;
  struct fault without = *fault;
  return fault_set(fault, "%s: %s", path, without.text);
}

bool conf_read(struct conf *conf, const char *path, struct fault *fault) {
  static char text[CONF_FILE_MAX + 1];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return fault_set(fault, "The configuration %s cannot be read: %s; see that it exists.", path, strerror(errno));
  size_t length = 0;
  ssize_t more = 1;
  while (length < sizeof text && (more = read(fd, text + length, sizeof text - length)) > 0)
    length += (size_t)more;
  int error = errno;
  (void)close(fd);
  if (more < 0) return fault_set(fault, "The configuration %s cannot be read: %s.", path, strerror(error));
  if (length > CONF_FILE_MAX) return fault_set(fault, "%s is longer than %d bytes; shorten it.", path, CONF_FILE_MAX);
  return conf_parse(conf, path, text, length, fault);
}
