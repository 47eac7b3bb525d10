#include "linegate/provisioning.h"

#include <string.h>

#include "line.h"

namespace linegate {
namespace {

// Adds texts to an answer; what does not fit is left out, as it can only be where `capacity` is too small.
class Writer {
 public:
  Writer(char* text, size_t capacity) : text_(text), capacity_(capacity) {
    if (capacity_ > 0) text_[0] = '\0';
  }

  Writer& Add(const char* more) {
    const size_t size_bytes = strlen(more);
    if (used_ + size_bytes < capacity_) {
      memcpy(text_ + used_, more, size_bytes + 1);
      used_ += size_bytes;
    }
    return *this;
  }

 private:
  char* text_;
  size_t capacity_;
  size_t used_ = 0;
};

// Keys are repeated in answers, so they must be harmless in JSON; all names of settings are.
bool IsPlain(const char* key) {
  if (strlen(key) > 32) return false;
  for (; *key != '\0'; ++key) {
    const char c = *key;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && c != '.') return false;
  }
  return true;
}

void Refuse(const char* why, char* reply, size_t capacity) {
  Writer(reply, capacity).Add("linegate {\"reply\":\"error\",\"error\":\"").Add(why).Add("\"}");
}

}  // namespace

void Provisioning::Open() {
  if (store_->Load(&settings_) != Status::kOk) ResetSettings(&settings_);
}

void Provisioning::Take(char* line, size_t size_bytes, char* reply, size_t capacity) {
  provisioning::Line read;
  const bool whole = size_bytes <= kMaxProvisioningLineBytes && provisioning::ReadLine(line, size_bytes, &read);
  const char* const op = whole && read.op != nullptr ? read.op : "";
  if (strcmp(op, "hello") == 0) {
    Hello(reply, capacity);
  } else if (strcmp(op, "save") == 0) {
    Save(reply, capacity);
  } else if (strcmp(op, "update") == 0) {
    Update(reply, capacity);
  } else if (strcmp(op, "set") == 0 && read.key != nullptr && read.value != nullptr && IsPlain(read.key)) {
    Set(read.key, read.value, read.value_bytes, reply, capacity);
  } else {
    Refuse("bad-line", reply, capacity);
  }
  // The line may hold a password; it is not left in memory.
  memset(line, 0, size_bytes);
}

Wish Provisioning::TakeWish() {
  const Wish wish = wish_;
  wish_ = Wish::kNone;
  return wish;
}

void Provisioning::Hello(char* reply, size_t capacity) const {
  Writer writer(reply, capacity);
  writer.Add("linegate {\"reply\":\"hello\",\"firmware\":\"").Add(firmware_).Add("\",\"missing\":[");
  size_t at = 0;
  const char* separator = "\"";
  for (const char* name = MissingSetting(settings_, &at); name != nullptr; name = MissingSetting(settings_, &at)) {
    writer.Add(separator).Add(name).Add("\"");
    separator = ",\"";
  }
  writer.Add("]}");
}

void Provisioning::Set(const char* key, const char* value, size_t value_bytes, char* reply, size_t capacity) {
  const Status status = SetSetting(&settings_, key, value, value_bytes);
  Writer writer(reply, capacity);
  writer.Add("linegate {\"reply\":\"set\",\"key\":\"").Add(key);
  if (status == Status::kOk) {
    writer.Add("\",\"ok\":true}");
  } else {
    writer.Add("\",\"ok\":false,\"error\":\"").Add(NameOf(status)).Add("\"}");
  }
}

void Provisioning::Save(char* reply, size_t capacity) {
  const Status status = store_->Save(settings_);
  Writer writer(reply, capacity);
  writer.Add("linegate {\"reply\":\"save\",\"ok\":").Add(status == Status::kOk ? "true" : "false");
  if (status != Status::kOk) writer.Add(",\"error\":\"").Add(NameOf(status)).Add("\"");
  writer.Add("}");
  if (status == Status::kOk) wish_ = Wish::kRestart;
}

// https alone: the signature of the image protects the station, and TLS what is known of it.
void Provisioning::Update(char* reply, size_t capacity) {
  const bool told = strncmp(settings_.update_url, "https://", 8) == 0;
  Writer(reply, capacity)
      .Add("linegate {\"reply\":\"update\",\"ok\":")
      .Add(told ? "true}" : "false,\"error\":\"bad-config\"}");
  if (told) wish_ = Wish::kUpdate;
}

}  // namespace linegate
