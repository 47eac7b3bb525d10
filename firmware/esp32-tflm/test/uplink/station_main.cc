// The firmware's ledger and uplink as a process, for the fault suite: parts are made up, everything behind them is what
// a board runs. A witness is told of each row, line by line, before it is
// stored (`SEQ HASH NAME ?`) and once it is (`SEQ HASH NAME`), so that an audit knows what may and what must have
// arrived.
//   linegate-firmware-uplink --host 127.0.0.1 --port 1883 --flash FILE --witness FILE
//     [--station NAME] [--sectors N] [--rate PARTS_PER_S] [--parts N] [--clock-steps] [--hold]
// --parts: stops when so many are recorded and all is acknowledged; 0 goes on until SIGTERM. --hold: does not connect.
// Prints a JSON line about its state when that changes.
#include <signal.h>
#include <stdio.h>

#include "linegate/core/ledger.h"
#include "linegate/flash_ring.h"
#include "linegate/uplink.h"
#include "posix.h"

namespace {

using namespace linegate;
using namespace linegate::host;

volatile sig_atomic_t stopping = 0;

void OnSignal(int) { stopping = 1; }

struct Options {
  const char* host = "127.0.0.1";
  const char* port = "1883";
  const char* flash = nullptr;
  const char* witness = nullptr;
  const char* station = "esp32";
  uint32_t sectors = 64;
  double rate = 20;
  uint64_t parts = 0;
  bool clock_steps = false;
  bool hold = false;
};

bool ReadText(const char* name, const char* value, Options* options) {
  const struct {
    const char* name;
    const char** text;
  } texts[] = {{"--host", &options->host},
               {"--port", &options->port},
               {"--flash", &options->flash},
               {"--witness", &options->witness},
               {"--station", &options->station}};
  for (const auto& one : texts) {
    if (strcmp(name, one.name) != 0) continue;
    *one.text = value;
    return true;
  }
  return false;
}

bool ReadNumber(const char* name, const char* value, Options* options) {
  const bool sectors = strcmp(name, "--sectors") == 0;
  const bool rate = strcmp(name, "--rate") == 0;
  const bool parts = strcmp(name, "--parts") == 0;
  if (sectors) options->sectors = static_cast<uint32_t>(strtoul(value, nullptr, 10));
  if (rate) options->rate = strtod(value, nullptr);
  if (parts) options->parts = strtoull(value, nullptr, 10);
  return sectors || rate || parts;
}

bool ReadSwitch(const char* name, Options* options) {
  const bool clock = strcmp(name, "--clock-steps") == 0;
  const bool hold = strcmp(name, "--hold") == 0;
  if (clock) options->clock_steps = true;
  if (hold) options->hold = true;
  return clock || hold;
}

bool ReadOptions(int argc, char** argv, Options* options) {
  for (int i = 1; i < argc; ++i) {
    if (ReadSwitch(argv[i], options)) continue;
    if (i + 1 == argc) return false;
    if (!ReadText(argv[i], argv[i + 1], options) && !ReadNumber(argv[i], argv[i + 1], options)) return false;
    ++i;
  }
  return options->flash != nullptr && options->witness != nullptr && options->rate > 0;
}

// Tells the witness of each row that the store took.
class WitnessedStore final : public RecordStore {
 public:
  WitnessedStore(FlashRing& ring, int file) : ring_(ring), file_(file) {}
  Status Open() override { return ring_.Open(); }
  Status State(StoreState* state) override { return ring_.State(state); }
  Status Append(const RowMark& mark, const char* text, size_t size_bytes) override {
    if (!Tell(mark, " ?")) return Status::kDeviceFault;
    const Status stored = ring_.Append(mark, text, size_bytes);
    return stored == Status::kOk && !Tell(mark, "") ? Status::kDeviceFault : stored;
  }
  Status Read(uint64_t seq, char* text, size_t capacity, size_t* size_bytes, RowMark* mark) override {
    return ring_.Read(seq, text, capacity, size_bytes, mark);
  }
  Status Acknowledge(uint64_t seq) override { return ring_.Acknowledge(seq); }

 private:
  bool Tell(const RowMark& mark, const char* end) {
    char line[128];
    Hash hash{};
    memcpy(hash.bytes, mark.hash, sizeof hash.bytes);
    char hex[kHashTextBytes];
    HexOf(hash, hex);
    const int size = snprintf(line, sizeof line, "%llu %s %s%s\n", static_cast<unsigned long long>(mark.seq), hex,
                              mark.counted_as, end);
    return write(file_, line, static_cast<size_t>(size)) == size;
  }

  FlashRing& ring_;
  int file_;
};

// The mark in a file of its own, as a board has it in another partition than its rows.
class FileReserve final : public PartReserve {
 public:
  explicit FileReserve(const char* flash) { (void)snprintf(path_, sizeof path_, "%s.parts", flash); }
  Status Read(uint64_t* up_to) override {
    *up_to = 0;
    const int file = open(path_, O_RDONLY | O_CLOEXEC);
    if (file < 0) return errno == ENOENT ? Status::kOk : Status::kDeviceFault;
    const bool whole = read(file, up_to, sizeof *up_to) == static_cast<ssize_t>(sizeof *up_to);
    (void)close(file);
    return whole ? Status::kOk : Status::kDeviceFault;
  }
  Status Write(uint64_t up_to) override {
    const int file = open(path_, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return Status::kDeviceFault;
    const bool whole = write(file, &up_to, sizeof up_to) == static_cast<ssize_t>(sizeof up_to);
    (void)close(file);
    return whole ? Status::kOk : Status::kDeviceFault;
  }

 private:
  char path_[512];
};

class Station {
 public:
  explicit Station(const Options& options)
      : options_(options),
        transport_(options.host, options.port),
        ring_(flash_, platform_, mutex_),
        reserve_(options.flash),
        uplink_(ring_, transport_, clock_, platform_, FactsOf(options)) {}

  int Run() {
    const int witness = open(options_.witness, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (witness < 0 || !flash_.Open(options_.flash, options_.sectors)) return Fail("files");
    WitnessedStore store(ring_, witness);
    Ledger ledger(store, reserve_, clock_);
    char boot[16];
    (void)snprintf(boot, sizeof boot, "boot-%08x", platform_.Random());
    if (ledger.Open(boot) != Status::kOk) return Fail("ledger");
    if (uplink_.Start() != Status::kOk) return Fail("uplink");
    part_ = ledger.FirstPart();
    if (ledger.Use(part_ - 1) != Status::kOk) return Fail("reserve");
    started_ns_ = clock_.NowNs();
    while (stopping == 0 && !IsDone()) {
      if (!RecordDue(&ledger)) return Fail("append");
      Work();
    }
    return End(&ledger);
  }

 private:
  static UplinkFacts FactsOf(const Options& options) {
    return {options.station, nullptr, nullptr, "boot", "linegate-esp32 host", "rings@1", ""};
  }

  static int Fail(const char* what) {
    (void)fprintf(stderr, "%s failed\n", what);
    return 1;
  }

  bool IsDone() {
    if (options_.parts == 0 || made_ < options_.parts) return false;
    const UplinkState state = uplink_.State();
    StoreState store{};
    return options_.hold || (ring_.State(&store) == Status::kOk && state.acked_seq == store.last.seq);
  }

  void Work() {
    if (options_.hold) {
      if (options_.rate < 1000) platform_.SleepMs(1);
    } else {
      uplink_.Turn(10);
    }
    Tell();
  }

  bool RecordDue(Ledger* ledger) {
    const double due = static_cast<double>(clock_.NowNs() - started_ns_) / 1e9 * options_.rate;
    // Parts pass by whether there is time for them or not; the flash must not starve the uplink.
    for (int i = 0; i < 50 && static_cast<double>(made_) < due && !HasAll(); ++i) {
      if (options_.clock_steps && platform_.Random() % 50 == 0) StepClock();
      if (!Record(ledger)) return false;
    }
    return true;
  }

  bool HasAll() const { return options_.parts > 0 && made_ >= options_.parts; }

  void StepClock() {
    static constexpr int64_t kDayMs = 86400000;
    const int64_t steps_ms[] = {-kDayMs, int64_t{50} * 365 * kDayMs, -3600000, 0, -clock_.WallMs()};
    clock_.offset_ms = steps_ms[platform_.Random() % 5];
  }

  bool Record(Ledger* ledger) {
    static const char* const kOutcomes[] = {"pass", "pass", "pass", "pass", "pass", "pass", "reject", "no-verdict"};
    const char* outcome = kOutcomes[platform_.Random() % 8];
    const bool judged = strcmp(outcome, "no-verdict") != 0;
    char payload[400];
    (void)snprintf(payload, sizeof payload,
                   "{\"action\":\"%s\",\"cause\":\"verdict\",\"closedMs\":%u,\"confirmation\":\"none\",\"%s\":\"%s\","
                   "\"note\":\"%.*s\",\"tooClose\":false}",
                   strcmp(outcome, "pass") == 0 ? "pass" : "eject", 100 + platform_.Random() % 900,
                   judged ? "label" : "detail", judged ? "scratch" : "no frame",
                   static_cast<int>(platform_.Random() % 200), kFiller);
    const Entry entry{"part",
                      static_cast<double>(clock_.NowNs()) / 1e6,
                      static_cast<double>(clock_.WallMs()),
                      part_,
                      outcome,
                      judged ? static_cast<double>(platform_.Random() % 256) / 256 : -1,
                      "rings@1",
                      payload};
    if (ledger->Use(part_) != Status::kOk || ledger->Append(entry) != Status::kOk) return false;
    ++part_;
    ++made_;
    return true;
  }

  void Tell() {
    const UplinkState state = uplink_.State();
    const int64_t now_ns = clock_.NowNs();
    if (state.last_seq == told_last_ && state.acked_seq == told_acked_) return;
    if (now_ns - told_ns_ < 50000000 && !IsDone()) return;
    told_ns_ = now_ns;
    told_last_ = state.last_seq;
    told_acked_ = state.acked_seq;
    StoreState store{};
    (void)ring_.State(&store);
    (void)printf(
        "{\"link\":%d,\"last\":%llu,\"acked\":%llu,\"first\":%llu,\"made\":%llu,\"connections\":%u,\"bad\":%u,"
        "\"notice\":%d,\"notices\":%u}\n",
        static_cast<int>(state.link), static_cast<unsigned long long>(store.last.seq),
        static_cast<unsigned long long>(state.acked_seq), static_cast<unsigned long long>(store.first_seq),
        static_cast<unsigned long long>(made_), state.connections, state.bad_messages, static_cast<int>(state.notice),
        state.notices);
    (void)fflush(stdout);
  }

  // Ends the session and gives its last rows some seconds to arrive.
  int End(Ledger* ledger) {
    if (ledger->Close() != Status::kOk) return Fail("close");
    const int64_t until_ns = clock_.NowNs() + 5000000000;
    StoreState store{};
    (void)ring_.State(&store);
    while (!options_.hold && clock_.NowNs() < until_ns && uplink_.State().acked_seq < store.last.seq) Work();
    told_ns_ = 0;
    told_last_ = 0;
    Tell();
    uplink_.Stop();
    return 0;
  }

  static constexpr char kFiller[] =
      "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"
      "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz";

  const Options& options_;
  PosixClock clock_;
  PosixPlatform platform_;
  NoMutex mutex_;
  FileFlash flash_;
  SocketTransport transport_;
  FlashRing ring_;
  FileReserve reserve_;
  Uplink uplink_;
  int64_t started_ns_ = 0;
  uint64_t part_ = 1;
  uint64_t made_ = 0;
  int64_t told_ns_ = 0;
  uint64_t told_last_ = 0;
  uint64_t told_acked_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  static Options options;
  if (!ReadOptions(argc, argv, &options)) {
    (void)fprintf(stderr, "see the head of station_main.cc\n");
    return 2;
  }
  (void)signal(SIGTERM, OnSignal);
  (void)signal(SIGINT, OnSignal);
  (void)signal(SIGPIPE, SIG_IGN);
  static Station station(options);
  return station.Run();
}
