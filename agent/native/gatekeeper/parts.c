#include "parts.h"

#include "../track/track.h"

#include <string.h>

#define PARTS_MAGIC UINT64_C(0x314e49474b45454c)

struct parts_header {
  uint64_t magic;
  uint64_t capacity;
  uint64_t offset;
  uint64_t lost_from; /* 0: none lost */
  uint64_t lost_to;
  uint64_t offset_known;
  uint64_t zero;
  uint64_t checksum;
};
_Static_assert(sizeof(struct parts_header) == PARTS_RECORD_BYTES, "a header takes a record's place");

#define HEADERS 2
#define HEADER_CHECKED offsetof(struct parts_header, checksum)
#define RECORD_CHECKED offsetof(struct part_record, checksum)

/* CRC-32 (IEEE 802.3), four bits at a time. */
static uint32_t checksum_of(const void *memory, size_t size) {
  static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                     0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                     0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  const uint8_t *bytes = memory;
  uint32_t crc = ~UINT32_C(0);
  for (size_t i = 0; i < size; i++) {
    crc ^= bytes[i];
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

static struct part_record *slot(const struct parts *p, uint64_t part) { return &p->records[part % p->capacity]; }

static bool is_sound(const struct part_record *r) {
  return r->part > 0 && r->part <= TRACK_PART_MAX && r->checksum == checksum_of(r, RECORD_CHECKED);
}

static bool is_empty(const struct part_record *r) {
  static const struct part_record empty;
  return memcmp(r, &empty, sizeof empty) == 0;
}

/* --- headers: one of the two is whole whenever the process dies --- */

static bool is_sound_header(const struct parts_header *h, uint64_t capacity) {
  return h->magic == PARTS_MAGIC && h->capacity == capacity && h->checksum == checksum_of(h, HEADER_CHECKED);
}

/* Keeps the compiler from joining or reordering the writes before and after: a killed process stops between any two. */
static void in_order(void) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

static void write_headers(struct parts *p, struct parts_header header) {
  header.checksum = checksum_of(&header, HEADER_CHECKED);
  p->headers[0] = header;
  in_order();
  p->headers[1] = header;
}

/* --- opening --- */

static void begin_anew(struct parts *p) {
  memset(p->records, 0, p->capacity * sizeof *p->records);
  in_order();
  write_headers(p, (struct parts_header){.magic = PARTS_MAGIC, .capacity = p->capacity});
}

/* The number after the highest; a damaged record in the next place is that of a part just opened. */
static uint64_t find_next(const struct parts *p) {
  uint64_t last = 0;
  for (uint64_t i = 0; i < p->capacity; i++) {
    const struct part_record *r = &p->records[i];
    if (is_sound(r) && r->part % p->capacity == i && r->part > last) last = r->part;
  }
  const struct part_record *r = slot(p, last + 1);
  return is_empty(r) || is_sound(r) ? last + 1 : last + 2;
}

static void skip_acknowledged(struct parts *p) {
  while (p->first < p->next && !parts_is_kept(p, p->first))
    p->first++;
}

static void find_span(struct parts *p) {
  p->next = find_next(p);
  p->first = p->next > p->capacity ? p->next - p->capacity : 1;
  skip_acknowledged(p);
  for (uint64_t part = p->first; part < p->next; part++) {
    if (parts_get(p, part) == NULL) p->unreadable++;
  }
}

size_t parts_bytes(uint64_t capacity) { return (size_t)(capacity + HEADERS) * PARTS_RECORD_BYTES; }

bool parts_open(struct parts *p, void *memory, size_t bytes) {
  if (bytes < parts_bytes(PARTS_CAPACITY_MIN)) return false;
  *p = (struct parts){.headers = memory, .capacity = bytes / PARTS_RECORD_BYTES - HEADERS};
  if (p->capacity == 0) return false; /* cannot be; the analyser does not see it */
  p->records = (struct part_record *)memory + HEADERS;
  bool sound[HEADERS];
  bool used = false;
  for (int i = 0; i < HEADERS; i++) {
    sound[i] = is_sound_header(&p->headers[i], p->capacity);
    used = used || p->headers[i].magic != 0;
  }
  if (sound[0] || sound[1]) {
    write_headers(p, p->headers[sound[0] ? 0 : 1]);
    find_span(p);
    return true;
  }
  begin_anew(p);
  p->first = p->next = 1;
  p->unreadable = used ? p->capacity : 0;
  return true;
}

/* --- parts --- */

static void write_record(struct parts *p, const struct part_record *record) {
  struct part_record whole = *record;
  whole.checksum = checksum_of(&whole, RECORD_CHECKED);
  *slot(p, record->part) = whole;
  in_order();
}

static void note_lost(struct parts *p, uint64_t part) {
  struct parts_header header = p->headers[0];
  if (header.lost_from == 0) header.lost_from = part;
  header.lost_to = part;
  write_headers(p, header);
}

uint64_t parts_add(struct parts *p, int64_t trigger_ns, int64_t trigger_counts) {
  uint64_t part = p->next;
  if (part - p->first == p->capacity) {
    note_lost(p, p->first);
    p->first++;
    skip_acknowledged(p);
  }
  write_record(p, &(struct part_record){.part = part, .trigger_ns = trigger_ns, .trigger_counts = trigger_counts});
  p->next++;
  return part;
}

const struct part_record *parts_get(const struct parts *p, uint64_t part) {
  if (part < p->first || part >= p->next) return NULL;
  const struct part_record *r = slot(p, part);
  return r->part == part && is_sound(r) ? r : NULL;
}

void parts_put(struct parts *p, const struct part_record *record) { write_record(p, record); }

bool parts_is_kept(const struct parts *p, uint64_t part) {
  return part >= p->first && part < p->next && slot(p, part)->acknowledged == 0;
}

void parts_acknowledge(struct parts *p, uint64_t part) {
  struct parts_header header = p->headers[0];
  if (header.lost_from != 0 && part == header.lost_to) {
    header.lost_from = header.lost_to = 0;
    write_headers(p, header);
  }
  if (part < p->first || part >= p->next) return;
  slot(p, part)->acknowledged = 1;
  skip_acknowledged(p);
}

bool parts_lost(const struct parts *p, uint64_t *from, uint64_t *to) {
  *from = p->headers[0].lost_from;
  *to = p->headers[0].lost_to;
  return *from != 0;
}

bool parts_offset(const struct parts *p, uint64_t *offset) {
  *offset = p->headers[0].offset;
  return p->headers[0].offset_known != 0;
}

void parts_fix_offset(struct parts *p, uint64_t offset) {
  struct parts_header header = p->headers[0];
  header.offset = offset;
  header.offset_known = 1;
  write_headers(p, header);
}
