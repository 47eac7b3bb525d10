/* The preprocess as a WebAssembly module: the job lies in memory of its own, all else above the initial memory. */
#include "preprocess.h"

#define EXPORT(name) __attribute__((export_name(name)))

static struct preprocess_job job;

/* Where the job's eleven fields are. */
EXPORT("job") struct preprocess_job *job_fields(void) { return &job; }

/* What this job needs; see preprocess.h for what has to be checked before. */
EXPORT("row_bytes") uint32_t row_bytes(void) { return preprocess_row_bytes(&job); }
EXPORT("frame_bytes") uint32_t frame_bytes(void) { return preprocess_frame_bytes(&job); }
EXPORT("workspace_bytes") size_t workspace_bytes(void) { return preprocess_workspace_bytes(&job); }

EXPORT("run")
enum preprocess_fault run(const uint8_t *frame, size_t frame_size, void *workspace, size_t workspace_size,
                          uint8_t *tensor, size_t tensor_size) {
  return preprocess_run(&job, frame, frame_size, workspace, workspace_size, tensor, tensor_size);
}
