#include "line.h"

#include <stdint.h>
#include <string.h>

namespace linegate::provisioning {
namespace {

// Where the reader is. Every step looks at `at < end` first.
struct Reader {
  char* at;
  char* end;

  void SkipSpace() {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r')) ++at;
  }

  bool Take(char wanted) {
    SkipSpace();
    if (at >= end || *at != wanted) return false;
    ++at;
    return true;
  }
};

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// \uXXXX of ASCII alone: JSON.stringify writes nothing else so, but for halves of surrogates, which no setting holds.
// Zero would end the text early.
bool Unicode(Reader* reader, char* made) {
  if (reader->end - reader->at < 4) return false;
  int code = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = HexDigit(*reader->at++);
    if (digit < 0) return false;
    code = code * 16 + digit;
  }
  if (code == 0 || code > 0x7f) return false;
  *made = static_cast<char>(code);
  return true;
}

// What stands behind a backslash.
bool Escape(Reader* reader, char* made) {
  if (reader->at >= reader->end) return false;
  const char kind = *reader->at++;
  switch (kind) {
    case '"':
    case '\\':
    case '/': *made = kind; return true;
    case 'n': *made = '\n'; return true;
    case 'r': *made = '\r'; return true;
    case 't': *made = '\t'; return true;
    case 'b': *made = '\b'; return true;
    case 'f': *made = '\f'; return true;
    case 'u': return Unicode(reader, made);
    default: return false;
  }
}

// What is written never passes what is read: an escape is longer than what it stands for, and the closing quote makes
// room for the zero.
bool TakeText(Reader* reader, const char** text, size_t* size_bytes) {
  if (!reader->Take('"')) return false;
  char* const start = reader->at;
  char* to = start;
  while (reader->at < reader->end) {
    const char c = *reader->at++;
    if (c == '"') {
      *to = '\0';
      *text = start;
      *size_bytes = static_cast<size_t>(to - start);
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20) return false;
    char made = c;
    if (c == '\\' && !Escape(reader, &made)) return false;
    *to++ = made;
  }
  return false;
}

bool Place(Line* line, const char* name, const char* text, size_t size_bytes) {
  const char** place = nullptr;
  if (strcmp(name, "op") == 0) place = &line->op;
  if (strcmp(name, "key") == 0) place = &line->key;
  if (strcmp(name, "value") == 0) {
    place = &line->value;
    line->value_bytes = size_bytes;
  }
  if (place == nullptr || *place != nullptr) return false;
  *place = text;
  return true;
}

bool TakeMember(Reader* reader, Line* line) {
  const char* name = nullptr;
  const char* text = nullptr;
  size_t size_bytes = 0;
  if (!TakeText(reader, &name, &size_bytes) || !reader->Take(':')) return false;
  return TakeText(reader, &text, &size_bytes) && Place(line, name, text, size_bytes);
}

}  // namespace

bool ReadLine(char* text, size_t size_bytes, Line* line) {
  *line = Line{};
  Reader reader{text, text + size_bytes};
  if (!reader.Take('{')) return false;
  do {
    if (!TakeMember(&reader, line)) return false;
  } while (reader.Take(','));
  if (!reader.Take('}')) return false;
  reader.SkipSpace();
  return reader.at == reader.end;
}

}  // namespace linegate::provisioning
