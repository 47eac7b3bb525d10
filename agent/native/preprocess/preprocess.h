/*
 * Frame -> tensor: crops a region out of a camera frame, resizes it to the model's input and converts its colour.
 *
 * Freestanding C11: no allocation, clock, I/O, libc or floating point. The same sources run in Node as WebAssembly, in
 * the firmware and under the sanitizers, and give the same bytes everywhere, with SIMD or without, because all of it is
 * integer arithmetic.
 *
 * Resize, each axis by itself:
 *  - shrinking (region >= tensor): every output is the mean of exactly the area it covers, samples at its border
 *    weighted by the fraction covered (what OpenCV calls INTER_AREA);
 *  - enlarging (region < tensor): linear between the two nearest samples, pixel centres at halves, clamped to the
 *    samples of the region.
 *
 * YUV is BT.601, limited range, chroma sited in the middle of the pixels that share it. Its planes are resized first
 * and only the small image is converted, which is much faster than converting every pixel of the frame; the result
 * differs from convert-then-resize only where a converted pixel would have been clamped. A region that starts or ends
 * between two chroma samples takes the covered fraction of them, so an odd region shifts no colour. Chroma, having half
 * the samples, may be enlarged on an axis on which luma shrinks.
 *
 * Grey from colour is BT.601 luma: 0.299 R + 0.587 G + 0.114 B; from YUV it is Y stretched to full range.
 */
#ifndef LINEGATE_PREPROCESS_H
#define LINEGATE_PREPROCESS_H

#include <stddef.h>
#include <stdint.h>

#define PREPROCESS_MAX_SIDE_PX 4096u
#define PREPROCESS_MAX_STRIDE_BYTES 32768u

enum preprocess_format {
  PREPROCESS_RGB = 0,  /* R G B, 3 bytes a pixel */
  PREPROCESS_GREY = 1, /* 1 byte a pixel, full range */
  PREPROCESS_NV12 = 2, /* a plane of Y, then `stride * height` bytes on a plane of U V pairs, one for 2 x 2 pixels */
  PREPROCESS_YUYV = 3, /* Y U Y V, 4 bytes for 2 x 1 pixels */
};

enum preprocess_colour {
  PREPROCESS_TO_RGB = 0,
  PREPROCESS_TO_GREY = 1,
};

/* What to do. All fields are 32 bits wide, so that a host in another language can fill it in as an array. */
struct preprocess_job {
  uint32_t format; /* enum preprocess_format */
  uint32_t width;  /* the frame's, px, 1..4096, odd sizes too: the last chroma sample then serves one column or row */
  uint32_t height;
  uint32_t stride; /* bytes from row to row; NV12 uses it for both planes */
  uint32_t region_x;
  uint32_t region_y;
  uint32_t region_width; /* px, inside the frame, at least 1 */
  uint32_t region_height;
  uint32_t colour;       /* enum preprocess_colour */
  uint32_t tensor_width; /* px, 1..4096 */
  uint32_t tensor_height;
};

enum preprocess_fault {
  PREPROCESS_OK = 0,
  PREPROCESS_BAD_FORMAT = 1,    /* format or colour is none of the above */
  PREPROCESS_BAD_SIZE = 2,      /* width or height is not 1..4096 */
  PREPROCESS_BAD_STRIDE = 3,    /* stride is shorter than a row (see preprocess_row_bytes) or over 32768 */
  PREPROCESS_SHORT_DATA = 4,    /* the frame holds fewer bytes than its rows need: see preprocess_frame_bytes */
  PREPROCESS_BAD_REGION = 5,    /* region is empty or not inside the frame */
  PREPROCESS_BAD_TENSOR = 6,    /* tensor_width or tensor_height is not 1..4096, or the tensor's memory is too small */
  PREPROCESS_BAD_WORKSPACE = 7, /* it is too small (see preprocess_workspace_bytes) or not at a multiple of 4 */
};

/* What is wrong with a job for a frame of that many bytes, the first fault found; reads no pixel. */
enum preprocess_fault preprocess_check(const struct preprocess_job *job, size_t frame_bytes);

/* Bytes that a row needs: 3w for RGB, w for grey, 2 ceil(w/2) for NV12, 4 ceil(w/2) for YUYV. */
uint32_t preprocess_row_bytes(const struct preprocess_job *job);

/* Bytes that a frame needs: the last row need not be padded to the stride. Format, size and stride have been checked.
 */
uint32_t preprocess_frame_bytes(const struct preprocess_job *job);

/*
 * Bytes of workspace: 104 for each column of the tensor and 16 for each byte of a row of the region, so 45 kB for 1280
 * px of NV12 to 224 px and 15 kB for 320 px to 96 px. The job must have been checked.
 */
size_t preprocess_workspace_bytes(const struct preprocess_job *job);

/* Bytes of the tensor, uint8 NHWC [1, tensor_height, tensor_width, 3 or 1]; the job must have been checked. */
size_t preprocess_tensor_bytes(const struct preprocess_job *job);

/*
 * Checks the job, then makes the tensor. Reads only the rows and columns of the region (with the chroma they share).
 * Frame, workspace and tensor must not overlap. The workspace starts at a multiple of 4; its content before and after
 * means nothing.
 */
enum preprocess_fault preprocess_run(const struct preprocess_job *job, const uint8_t *frame, size_t frame_bytes,
                                     void *workspace, size_t workspace_bytes, uint8_t *tensor, size_t tensor_bytes);

#endif
