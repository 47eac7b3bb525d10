#include "linegate/settings.h"

#include <string.h>

namespace linegate {
namespace {

enum class Kind : uint8_t { kText, kPem, kNumber };

struct Field {
  const char* name;
  size_t offset;
  // Of texts: room with the zero. Of numbers: the range.
  uint32_t capacity;
  uint32_t least;
  uint32_t most;
  Kind kind;
  bool needed;
};

constexpr uint32_t kMaxDurationUs = 3600000000U;

#define LINEGATE_TEXT(name, member, needed) \
  {name, offsetof(Settings, member), sizeof(Settings::member), 0, 0, Kind::kText, needed}
#define LINEGATE_NUMBER(name, member, needed, least, most) \
  {name, offsetof(Settings, member), 0, least, most, Kind::kNumber, needed}

constexpr Field kFields[] = {
    LINEGATE_TEXT("station", station, true),
    LINEGATE_TEXT("wifi.ssid", wifi_ssid, true),
    LINEGATE_TEXT("wifi.passphrase", wifi_passphrase, false),
    LINEGATE_TEXT("mqtt.host", mqtt_host, true),
    LINEGATE_NUMBER("mqtt.port", mqtt_port, true, 1, 65535),
    LINEGATE_TEXT("mqtt.user", mqtt_user, false),
    LINEGATE_TEXT("mqtt.password", mqtt_password, false),
    {"mqtt.ca", offsetof(Settings, mqtt_ca), sizeof(Settings::mqtt_ca), 0, 0, Kind::kPem, false},
    LINEGATE_TEXT("ntp.host", ntp_host, false),
    LINEGATE_TEXT("update.url", update_url, false),
    LINEGATE_NUMBER("gate.delayUs", delay_us, true, 1, kMaxDurationUs),
    LINEGATE_NUMBER("gate.widthUs", width_us, true, 1, kMaxDurationUs),
    LINEGATE_NUMBER("gate.recoveryUs", recovery_us, true, 1, kMaxDurationUs),
    LINEGATE_NUMBER("gate.leadUs", lead_us, true, 1, kMaxDurationUs),
    LINEGATE_NUMBER("gate.triggerDeadUs", trigger_dead_us, true, 1, kMaxDurationUs),
    LINEGATE_NUMBER("gate.failSafe", fail_safe, true, 1, 3),
    LINEGATE_NUMBER("gate.tooClose", too_close, true, 1, 3),
};
constexpr size_t kFieldCount = sizeof(kFields) / sizeof(kFields[0]);

#undef LINEGATE_TEXT
#undef LINEGATE_NUMBER

uint32_t NumberAt(const Settings& settings, const Field& field) {
  uint32_t number = 0;
  memcpy(&number, reinterpret_cast<const char*>(&settings) + field.offset, sizeof number);
  return number;
}

bool IsTold(const Settings& settings, const Field& field) {
  if (field.kind == Kind::kNumber) return NumberAt(settings, field) >= field.least;
  return *(reinterpret_cast<const char*>(&settings) + field.offset) != '\0';
}

// A certificate has lines; nothing else does.
bool HasControl(const char* value, size_t size_bytes, bool lines) {
  for (size_t i = 0; i < size_bytes; ++i) {
    const auto c = static_cast<unsigned char>(value[i]);
    if (c == 0x7f || (c < 0x20 && !(lines && (c == '\n' || c == '\r')))) return true;
  }
  return false;
}

Status SetText(Settings* settings, const Field& field, const char* value, size_t size_bytes) {
  if (size_bytes >= field.capacity) return Status::kNoSpace;
  if (HasControl(value, size_bytes, field.kind == Kind::kPem)) return Status::kIllegalInput;
  char* const text = reinterpret_cast<char*>(settings) + field.offset;
  memset(text, 0, field.capacity);
  memcpy(text, value, size_bytes);
  return Status::kOk;
}

Status SetNumber(Settings* settings, const Field& field, const char* value, size_t size_bytes) {
  if (size_bytes == 0 || size_bytes > 10) return Status::kIllegalInput;
  uint64_t number = 0;
  for (size_t i = 0; i < size_bytes; ++i) {
    if (value[i] < '0' || value[i] > '9') return Status::kIllegalInput;
    number = number * 10 + static_cast<uint64_t>(value[i] - '0');
  }
  if (number < field.least || number > field.most) return Status::kIllegalInput;
  const auto fits = static_cast<uint32_t>(number);
  memcpy(reinterpret_cast<char*>(settings) + field.offset, &fits, sizeof fits);
  return Status::kOk;
}

}  // namespace

void ResetSettings(Settings* settings) {
  memset(settings, 0, sizeof *settings);
  settings->layout = kSettingsLayout;
  settings->mqtt_port = 8883;
  settings->fail_safe = 1;
  settings->too_close = 1;
}

Status SetSetting(Settings* settings, const char* name, const char* value, size_t size_bytes) {
  for (const Field& field : kFields) {
    if (strcmp(field.name, name) != 0) continue;
    return field.kind == Kind::kNumber ? SetNumber(settings, field, value, size_bytes)
                                       : SetText(settings, field, value, size_bytes);
  }
  return Status::kNotFound;
}

const char* MissingSetting(const Settings& settings, size_t* at) {
  while (*at < kFieldCount) {
    const Field& field = kFields[(*at)++];
    if (field.needed && !IsTold(settings, field)) return field.name;
  }
  return nullptr;
}

}  // namespace linegate
