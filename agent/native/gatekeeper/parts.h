/*
 * The ring of parts that no agent has acknowledged yet, over a block of memory that the host maps from a file in /run,
 * so that it outlives the process (not the power). Pure.
 *
 * One record of 64 bytes a part, at part % capacity, after two equal headers. A record has a checksum: the process may
 * die in the middle of writing it, and then it is told as a part of which nothing is known. The number of a part here
 * begins with 1 in a new ring; outside it is told with `offset` added, which is fixed once, when the first agent
 * attaches.
 */
#ifndef LINEGATE_PARTS_H
#define LINEGATE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARTS_RECORD_BYTES 64
#ifndef PARTS_CAPACITY_MIN
#define PARTS_CAPACITY_MIN 1024 /* many more than can be open at once */
#endif
#define PARTS_CAPACITY_DEFAULT 65536

struct part_record {
  uint64_t part; /* 0: empty */
  int64_t trigger_ns;
  int64_t trigger_counts;
  int64_t pulse_ns; /* when the gate began to be active for it; 0: it did not */
  int64_t closed_ns;
  int64_t closed_due_ns;
  uint8_t verdict; /* as the agent gave it: enum track_verdict */
  uint8_t action;  /* these as in track.h */
  uint8_t cause;
  uint8_t confirmation;
  bool too_close;
  bool closed;
  uint8_t gates_closed; /* bit 0 and 1: the gates that are done with it */
  uint8_t gate;         /* 1 or 2: the gate that ejects it; 0: none */
  uint32_t checksum;    /* of all before it */
  uint8_t acknowledged; /* one byte apart, so that setting it cannot be torn */
  uint8_t zeros[3];
};
_Static_assert(sizeof(struct part_record) == PARTS_RECORD_BYTES, "a record is 64 bytes");

struct parts {
  struct parts_header *headers; /* two */
  struct part_record *records;
  uint64_t capacity;
  uint64_t first;      /* oldest that may not be acknowledged */
  uint64_t next;       /* number of the next part */
  uint64_t unreadable; /* records found damaged when opened; the whole ring when its headers were */
};

/* Bytes of memory for this many records. */
size_t parts_bytes(uint64_t capacity);

/*
 * Opens what lies in the memory, or begins anew where it is all 0, of another layout or damaged beyond use. The memory
 * is aligned to 8 bytes; its size gives the capacity. False: less than PARTS_CAPACITY_MIN records.
 */
bool parts_open(struct parts *p, void *memory, size_t bytes);

/* Opens the next part and returns its number; forgets the oldest where the ring is full. */
uint64_t parts_add(struct parts *p, int64_t trigger_ns, int64_t trigger_counts);

/* The part's record, or NULL when it is not kept: forgotten, never opened, or damaged. */
const struct part_record *parts_get(const struct parts *p, uint64_t part);

/* Replaces the record of a part that parts_get has given. */
void parts_put(struct parts *p, const struct part_record *record);

/* Is the part's record to be told still? True for damaged ones as well. */
bool parts_is_kept(const struct parts *p, uint64_t part);

/* The part is an agent's now. Also ends the span of lost parts when it is the last of them. */
void parts_acknowledge(struct parts *p, uint64_t part);

/* The span of parts that were forgotten unacknowledged, as numbers of the ring. */
bool parts_lost(const struct parts *p, uint64_t *from, uint64_t *to);

/* What is added to numbers told outside; false: not fixed yet. */
bool parts_offset(const struct parts *p, uint64_t *offset);
void parts_fix_offset(struct parts *p, uint64_t offset);

#endif
