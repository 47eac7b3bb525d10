/*
 * Any bytes as a job with its frame: hostile geometry is refused or handled, under the address and undefined-behaviour
 * sanitizers, and what is handled leaves no byte of the tensor unwritten. Build and run:
 *   clang-19 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all agent/native/preprocess/{axis,colour,
 *     fuzz,preprocess,resample}.c -o /tmp/fuzz-preprocess && /tmp/fuzz-preprocess -max_len=8192 -max_total_time=300
 */
#include "preprocess.h"

#include <stdlib.h>

#define LARGEST_TENSOR_BYTES 200000u /* larger ones only cost time */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fill(uint8_t *bytes, size_t count, uint8_t value) {
  for (size_t i = 0; i < count; i++)
    bytes[i] = value;
}

static void copy(uint8_t *to, const uint8_t *from, size_t count) {
  for (size_t i = 0; i < count; i++)
    to[i] = from[i];
}

/* Makes a small job of any, valid but for a tensor of 0, so that most inputs get past the checks. */
static void tame(struct preprocess_job *job) {
  job->format %= 4;
  job->colour %= 2;
  job->width = 1 + job->width % 96;
  job->height = 1 + job->height % 320;
  job->stride = preprocess_row_bytes(job) + job->stride % 16;
  job->region_x %= job->width;
  job->region_y %= job->height;
  job->region_width = 1 + job->region_width % (job->width - job->region_x);
  job->region_height = 1 + job->region_height % (job->height - job->region_y);
  job->tensor_width %= 80;
  job->tensor_height %= 80;
}

/* Runs the job on memory filled with one byte and gives the tensor. */
static uint8_t *tensor_over(const struct preprocess_job *job, const uint8_t *frame, size_t frame_bytes, uint8_t byte) {
  const size_t tensor_bytes = preprocess_tensor_bytes(job);
  const size_t workspace_bytes = preprocess_workspace_bytes(job);
  uint8_t *tensor = malloc(tensor_bytes);
  uint8_t *workspace = malloc(workspace_bytes);
  if (!tensor || !workspace) abort();
  fill(tensor, tensor_bytes, byte);
  fill(workspace, workspace_bytes, byte);
  const enum preprocess_fault fault =
      preprocess_run(job, frame, frame_bytes, workspace, workspace_bytes, tensor, tensor_bytes);
  if (fault != PREPROCESS_OK) abort();
  free(workspace);
  return tensor;
}

/* What the memory held before shows nowhere in the tensor. */
static void check_twice(const struct preprocess_job *job, const uint8_t *frame, size_t frame_bytes) {
  uint8_t *first = tensor_over(job, frame, frame_bytes, 0);
  uint8_t *second = tensor_over(job, frame, frame_bytes, 0xff);
  for (size_t i = 0; i < preprocess_tensor_bytes(job); i++) {
    if (first[i] != second[i]) abort();
  }
  free(first);
  free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct preprocess_job job;
  if (size < 2 + sizeof job) return 0;
  copy((uint8_t *)&job, data + 1, sizeof job);
  const uint8_t *pixels = data + 1 + sizeof job;
  const size_t pixel_bytes = size - 1 - sizeof job;
  size_t frame_bytes = pixel_bytes;
  if (data[0] >= 16) {
    tame(&job);
    frame_bytes = preprocess_frame_bytes(&job);
  }
  if (preprocess_check(&job, frame_bytes) != PREPROCESS_OK) return 0;
  if (preprocess_tensor_bytes(&job) > LARGEST_TENSOR_BYTES) return 0;
  uint8_t *frame = malloc(frame_bytes); /* of its own, so that the sanitizer sees its ends */
  if (!frame) abort();
  for (size_t i = 0; i < frame_bytes; i++)
    frame[i] = pixels[i % pixel_bytes];
  check_twice(&job, frame, frame_bytes);
  free(frame);
  return 0;
}
