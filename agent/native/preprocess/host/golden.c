/*
 * Runs golden files, given as arguments, on this computer and compares the tensors byte by byte. The format is
 * described in test/golden/preprocess/README.md. Every buffer has exactly the size promised, so that sanitizers see
 * each step out.
 */
#include "../preprocess.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0x5050474cu /* "LGPP" */

struct header {
  uint32_t magic;
  uint32_t version;
  struct preprocess_job job;
  uint32_t frame_bytes;
  uint32_t tensor_bytes;
};

/* Fails, or gives memory of exactly that size with the next bytes of the file. */
static uint8_t *read_bytes(FILE *file, size_t count) {
  uint8_t *bytes = malloc(count);
  if (bytes && fread(bytes, 1, count, file) == count) return bytes;
  free(bytes);
  return NULL;
}

static const char *compare(const struct header *header, const uint8_t *frame, const uint8_t *expected) {
  if (preprocess_check(&header->job, header->frame_bytes) != PREPROCESS_OK) return "its job is refused";
  const size_t tensor_bytes = preprocess_tensor_bytes(&header->job);
  if (tensor_bytes != header->tensor_bytes) return "its tensor has another size";
  const size_t workspace_bytes = preprocess_workspace_bytes(&header->job);
  void *workspace = malloc(workspace_bytes);
  uint8_t *tensor = malloc(tensor_bytes);
  const char *fault = "there is no memory";
  if (workspace && tensor) {
    const enum preprocess_fault status =
        preprocess_run(&header->job, frame, header->frame_bytes, workspace, workspace_bytes, tensor, tensor_bytes);
    fault = status != PREPROCESS_OK                       ? "its job fails"
            : memcmp(tensor, expected, tensor_bytes) != 0 ? "the tensor differs"
                                                          : NULL;
  }
  free(workspace);
  free(tensor);
  return fault;
}

static const char *check_file(FILE *file) {
  struct header header;
  if (fread(&header, sizeof header, 1, file) != 1 || header.magic != MAGIC || header.version != 1) {
    return "it is no golden file of version 1";
  }
  uint8_t *frame = read_bytes(file, header.frame_bytes);
  uint8_t *expected = frame ? read_bytes(file, header.tensor_bytes) : NULL;
  const char *fault = expected ? compare(&header, frame, expected) : "it is too short";
  free(frame);
  free(expected);
  return fault;
}

int main(int argc, char **argv) {
  int failed = 0;
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    const char *fault = file ? check_file(file) : "it cannot be opened";
    if (file) (void)fclose(file);
    if (!fault) continue;
    failed++;
    (void)printf("%s: %s\n", argv[i], fault);
  }
  (void)printf("%d of %d golden files agree\n", argc - 1 - failed, argc - 1);
  return failed > 0;
}
