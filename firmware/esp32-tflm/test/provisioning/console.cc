// The firmware's provisioning on a host: lines on standard input, answers on standard output, as at the board's
// console. What is saved is written to the file that is its argument, so that a test can look at it; the board has it
// in flash.
#include <stdio.h>
#include <string.h>

#include "linegate/provisioning.h"

namespace {

class FileStore final : public linegate::SettingsStore {
 public:
  explicit FileStore(const char* file) : file_(file) {}

  linegate::Status Load(linegate::Settings* settings) override {
    FILE* const from = fopen(file_, "rb");
    if (from == nullptr) return linegate::Status::kNotFound;
    const size_t count = fread(settings, sizeof *settings, 1, from);
    fclose(from);
    return count == 1 && settings->layout == linegate::kSettingsLayout ? linegate::Status::kOk
                                                                       : linegate::Status::kCorrupt;
  }

  linegate::Status Save(const linegate::Settings& settings) override {
    FILE* const to = fopen(file_, "wb");
    if (to == nullptr) return linegate::Status::kDeviceFault;
    const size_t count = fwrite(&settings, sizeof settings, 1, to);
    return fclose(to) == 0 && count == 1 ? linegate::Status::kOk : linegate::Status::kDeviceFault;
  }

 private:
  const char* file_;
};

char line[linegate::kMaxProvisioningLineBytes + 2];
char reply[linegate::kMaxProvisioningReplyBytes];

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  FileStore store(arguments[1]);
  static linegate::Provisioning provisioning(&store, "host");
  provisioning.Open();
  while (fgets(line, sizeof line, stdin) != nullptr) {
    size_t size_bytes = strlen(line);
    while (size_bytes > 0 && (line[size_bytes - 1] == '\n' || line[size_bytes - 1] == '\r')) --size_bytes;
    provisioning.Take(line, size_bytes, reply, sizeof reply);
    // Other lines of a log come between the answers, as on a board.
    printf("I (1234) wifi: something else\r\n%s\r\n", reply);
    fflush(stdout);
    if (provisioning.TakeWish() == linegate::Wish::kRestart) printf("linegate {\"event\":\"restart\"}\r\n");
  }
  return 0;
}
