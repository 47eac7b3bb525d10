/* The search of the model check, which model.h explains. */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 20000
#define SEEN_MAX ((size_t)1 << 25)

struct world world;
long parts_max = PARTS;
long faults_max = 1;

static struct world stack[DEPTH_MAX];
static const char *path[DEPTH_MAX];
static int depth;
static int deepest;
static uint64_t *seen;
static uint64_t states;
static uint64_t steps;

_Noreturn void fail(const char *condition, const char *file, int line) {
  (void)fprintf(stderr, "%s:%d: not true: %s\nafter:", file, line, condition);
  for (int i = 0; i < depth; i++)
    (void)fprintf(stderr, " %s", path[i]);
  (void)fprintf(stderr, "\n");
  abort();
}

/* Is this state new? */
static bool note_state(void) {
  uint64_t hash = hash_world();
  size_t place = (size_t)(hash >> 20) % SEEN_MAX;
  while (seen[place] != 0) {
    if (seen[place] == hash) return false;
    place = (place + 1) % SEEN_MAX;
  }
  CHECK(states < SEEN_MAX / 2);
  seen[place] = hash;
  states++;
  return true;
}

static void explore(void) {
  if (!note_state()) return;
  CHECK(depth < DEPTH_MAX);
  if (depth > deepest) deepest = depth;
  stack[depth] = world;
  for (size_t c = 0; c < CHOICES; c++) {
    for (int which = 0; which < choices[c].variants; which++) {
      path[depth++] = choices[c].name;
      steps++;
      if (choices[c].act(which)) {
        explore();
        world = stack[depth - 1];
      }
      depth--;
    }
  }
}

int main(int argc, char **argv) {
  if (argc > 1) parts_max = strtol(argv[1], NULL, 10);
  if (argc > 2) faults_max = strtol(argv[2], NULL, 10);
  CHECK(parts_max >= 1 && parts_max <= PARTS && faults_max >= 0 && faults_max <= 3);
  seen = calloc(SEEN_MAX, sizeof *seen);
  CHECK(seen != NULL);
  world.last_trigger = -1;
  world.ticked = -1;
  start();
  /* Begin where the doubts of the start are over and all is well. */
  world.now = DELAY + WIDTH;
  (void)do_tick(0);
  (void)do_attach(0);
  CHECK(world.levels[KEEPER_READY]);
  explore();
  (void)printf("model: %ld parts, %ld faults: %llu states, %llu steps, at most %d deep\n", parts_max, faults_max,
               (unsigned long long)states, (unsigned long long)steps, deepest);
  free(seen);
  return 0;
}
