#include "preprocess.h"

#include "axis.h"
#include "colour.h"
#include "resample.h"

/* Where one channel lies in a row of its plane, in bytes from the row's first byte that the region needs. */
struct channel {
  uint32_t offset;
  uint32_t step;
  uint32_t sample_px; /* 1, or 2 where two columns share a sample */
};

struct plane {
  size_t offset;      /* in the frame, of the first byte of row 0 that the region needs */
  uint32_t bytes;     /* that it needs of each row */
  uint32_t sample_px; /* rows of the frame to one of the plane */
  uint32_t channel_count;
  struct channel channels[3];
};

struct planes {
  uint32_t count;
  struct plane plane[2];
};

static uint32_t half_up(uint32_t px) { return (px + 1) / 2; }

static uint32_t channels_of(uint32_t colour) { return colour == PREPROCESS_TO_RGB ? 3 : 1; }

static int side_ok(uint32_t px) { return px >= 1 && px <= PREPROCESS_MAX_SIDE_PX; }

static int inside(uint32_t start, uint32_t length, uint32_t whole) {
  return length >= 1 && start < whole && length <= whole - start;
}

uint32_t preprocess_row_bytes(const struct preprocess_job *job) {
  switch (job->format) {
  case PREPROCESS_RGB: return 3 * job->width;
  case PREPROCESS_NV12: return 2 * half_up(job->width);
  case PREPROCESS_YUYV: return 4 * half_up(job->width);
  default: return job->width;
  }
}

uint32_t preprocess_frame_bytes(const struct preprocess_job *job) {
  const uint32_t chroma_rows = job->format == PREPROCESS_NV12 ? half_up(job->height) : 0;
  return job->stride * (job->height + chroma_rows - 1) + preprocess_row_bytes(job);
}

enum preprocess_fault preprocess_check(const struct preprocess_job *job, size_t frame_bytes) {
  if (job->format > PREPROCESS_YUYV || job->colour > PREPROCESS_TO_GREY) return PREPROCESS_BAD_FORMAT;
  if (!side_ok(job->width) || !side_ok(job->height)) return PREPROCESS_BAD_SIZE;
  const int stride_ok = job->stride >= preprocess_row_bytes(job) && job->stride <= PREPROCESS_MAX_STRIDE_BYTES;
  if (!stride_ok) return PREPROCESS_BAD_STRIDE;
  if (frame_bytes < preprocess_frame_bytes(job)) return PREPROCESS_SHORT_DATA;
  const int region_ok =
      inside(job->region_x, job->region_width, job->width) && inside(job->region_y, job->region_height, job->height);
  if (!region_ok) return PREPROCESS_BAD_REGION;
  if (!side_ok(job->tensor_width) || !side_ok(job->tensor_height)) return PREPROCESS_BAD_TENSOR;
  return PREPROCESS_OK;
}

size_t preprocess_tensor_bytes(const struct preprocess_job *job) {
  return (size_t)job->tensor_width * job->tensor_height * channels_of(job->colour);
}

/* The columns of chroma that the region shares. */
static uint32_t pairs_of(const struct preprocess_job *job) {
  return half_up(job->region_x + job->region_width) - job->region_x / 2;
}

static struct planes planes_of(const struct preprocess_job *job) {
  const uint32_t x = job->region_x;
  const uint32_t w = job->region_width;
  struct planes planes = {.count = 1};
  struct plane *first = &planes.plane[0];
  switch (job->format) {
  case PREPROCESS_RGB: *first = (struct plane){(size_t)3 * x, 3 * w, 1, 3, {{0, 3, 1}, {1, 3, 1}, {2, 3, 1}}}; break;
  case PREPROCESS_YUYV:
    *first = (struct plane){(size_t)4 * (x / 2), 4 * pairs_of(job), 1, 3, {{2 * (x % 2), 2, 1}, {1, 4, 2}, {3, 4, 2}}};
    break;
  case PREPROCESS_NV12:
    *first = (struct plane){x, w, 1, 1, {{0, 1, 1}}};
    planes.plane[1] = (struct plane){
        (size_t)job->stride * job->height + (size_t)2 * (x / 2), 2 * pairs_of(job), 2, 2, {{0, 2, 2}, {1, 2, 2}}};
    planes.count = job->colour == PREPROCESS_TO_RGB ? 2 : 1;
    break;
  default: *first = (struct plane){x, w, 1, 1, {{0, 1, 1}}};
  }
  if (job->colour == PREPROCESS_TO_GREY && job->format == PREPROCESS_YUYV) first->channel_count = 1;
  return planes;
}

static uint32_t widest_row(const struct planes *planes) {
  const uint32_t first = planes->plane[0].bytes;
  return planes->count > 1 && planes->plane[1].bytes > first ? planes->plane[1].bytes : first;
}

static size_t round_up(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

/* Samples from one line of the tensor's width to the next. */
static size_t pitch_of(const struct preprocess_job *job) { return round_up(job->tensor_width, BAND_ROWS); }

/* The workspace: spans of every column for full and for half samples, a band of three lines, a band of the region. */
size_t preprocess_workspace_bytes(const struct preprocess_job *job) {
  const struct planes planes = planes_of(job);
  const size_t samples = 3 * pitch_of(job) + round_up(widest_row(&planes), BLOCK_COLUMNS);
  return 2 * sizeof(struct span) * job->tensor_width + BAND_ROWS * sizeof(uint16_t) * samples;
}

/* Spans of the columns, counted from the region's first sample, because that is where the blended row starts. */
static void column_spans(const struct preprocess_job *job, uint32_t sample_px, struct span *spans) {
  const struct axis axis = {job->region_x, job->region_width, job->tensor_width, sample_px};
  const uint32_t origin = job->region_x / sample_px;
  for (uint32_t i = 0; i < job->tensor_width; i++) {
    spans[i] = axis_span(&axis, i);
    spans[i].first -= origin;
    spans[i].last -= origin;
  }
}

static colour_line *converter_of(const struct preprocess_job *job) {
  const int rgb = job->colour == PREPROCESS_TO_RGB;
  switch (job->format) {
  case PREPROCESS_RGB: return rgb ? rgb_to_rgb : rgb_to_grey;
  case PREPROCESS_GREY: return rgb ? grey_to_rgb : grey_to_grey;
  default: return rgb ? yuv_to_rgb : yuv_to_grey;
  }
}

/* Where the parts of the workspace lie. */
struct parts {
  struct span *spans[2]; /* for samples of one and of two pixels */
  uint16_t *lines;       /* [channel][row of the band][pitch] */
  uint16_t *sideways;
};

static struct parts parts_of(const struct preprocess_job *job, void *workspace) {
  struct parts parts = {.spans = {workspace, (struct span *)workspace + job->tensor_width}};
  parts.lines = (uint16_t *)(parts.spans[1] + job->tensor_width);
  parts.sideways = parts.lines + pitch_of(job) * BAND_ROWS * 3;
  column_spans(job, 1, parts.spans[0]);
  column_spans(job, 2, parts.spans[1]);
  return parts;
}

/* The eight output rows from y on; rows below the tensor repeat its last. */
static void row_spans(const struct preprocess_job *job, uint32_t sample_px, uint32_t y, struct span spans[BAND_ROWS]) {
  const struct axis axis = {job->region_y, job->region_height, job->tensor_height, sample_px};
  const uint32_t last = job->tensor_height - 1;
  for (uint32_t r = 0; r < BAND_ROWS; r++)
    spans[r] = axis_span(&axis, y + r < last ? y + r : last);
}

/* Resizes eight output rows of every channel into the lines. */
static void resize_band(const struct preprocess_job *job, const struct planes *planes, const uint8_t *frame,
                        const struct parts *parts, uint32_t y) {
  uint16_t *lines = parts->lines;
  for (uint32_t p = 0; p < planes->count; p++) {
    const struct plane *plane = &planes->plane[p];
    struct span spans[BAND_ROWS];
    row_spans(job, plane->sample_px, y, spans);
    blend_rows(frame + plane->offset, job->stride, spans, plane->bytes, parts->sideways);
    for (uint32_t c = 0; c < plane->channel_count; c++, lines += pitch_of(job) * BAND_ROWS) {
      const struct channel *channel = &plane->channels[c];
      blend_columns(parts->sideways + (size_t)channel->offset * BAND_ROWS, channel->step,
                    parts->spans[channel->sample_px - 1], job->tensor_width, lines, pitch_of(job));
    }
  }
}

static void make_tensor(const struct preprocess_job *job, const uint8_t *frame, void *workspace, uint8_t *tensor) {
  const struct planes planes = planes_of(job);
  const struct parts parts = parts_of(job, workspace);
  colour_line *convert = converter_of(job);
  const size_t pitch = pitch_of(job);
  for (uint32_t y = 0; y < job->tensor_height; y += BAND_ROWS) {
    resize_band(job, &planes, frame, &parts, y);
    for (uint32_t r = 0; r < BAND_ROWS && y + r < job->tensor_height; r++) {
      const uint16_t *first = parts.lines + r * pitch;
      const uint16_t *const lines[3] = {first, first + pitch * BAND_ROWS, first + pitch * BAND_ROWS * 2};
      convert(lines, job->tensor_width, tensor);
      tensor += (size_t)job->tensor_width * channels_of(job->colour);
    }
  }
}

enum preprocess_fault preprocess_run(const struct preprocess_job *job, const uint8_t *frame, size_t frame_bytes,
                                     void *workspace, size_t workspace_bytes, uint8_t *tensor, size_t tensor_bytes) {
  const enum preprocess_fault fault = preprocess_check(job, frame_bytes);
  if (fault != PREPROCESS_OK) return fault;
  const int workspace_ok =
      (uintptr_t)workspace % sizeof(uint32_t) == 0 && workspace_bytes >= preprocess_workspace_bytes(job);
  if (!workspace_ok) return PREPROCESS_BAD_WORKSPACE;
  if (tensor_bytes < preprocess_tensor_bytes(job)) return PREPROCESS_BAD_TENSOR;
  make_tensor(job, frame, workspace, tensor);
  return PREPROCESS_OK;
}
