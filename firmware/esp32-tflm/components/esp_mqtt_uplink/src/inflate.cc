#include "linegate/inflate.h"

namespace linegate {
namespace {

constexpr unsigned kMostBits = 15;
constexpr size_t kLiterals = 288;
constexpr size_t kDistances = 30;

// Symbols in the order of their codes, and how many codes there are of each length.
struct Codes {
  uint16_t count[kMostBits + 1];
  uint16_t symbol[kLiterals];
};

constexpr uint16_t kLengthBase[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                      31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr uint8_t kLengthBits[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                     2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr uint16_t kDistanceBase[30] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                        33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                        1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr uint8_t kDistanceBits[30] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                       6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
constexpr uint8_t kOrder[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

class Inflater {
 public:
  Inflater(const uint8_t* source, size_t source_bytes, uint8_t* target, size_t capacity)
      : at_(source), left_(source_bytes), target_(target), capacity_(capacity) {}

  Status Run() {
    bool last = false;
    while (!last && status_ == Status::kOk) {
      last = Bits(1) == 1;
      const uint32_t kind = Bits(2);
      if (kind == 0) {
        Stored();
      } else if (kind == 1) {
        FixedBlock();
      } else if (kind == 2) {
        DynamicBlock();
      } else {
        Fail(Status::kCorrupt);
      }
    }
    return status_;
  }

  size_t Size() const { return size_; }
  const uint8_t* At() const { return at_; }
  size_t Left() const { return left_; }

 private:
  void Fail(Status why) {
    if (status_ == Status::kOk) status_ = why;
  }

  uint32_t Bits(unsigned count) {
    while (held_ < count) {
      if (left_ == 0) {
        Fail(Status::kCorrupt);
        return 0;
      }
      bits_ |= static_cast<uint32_t>(*at_++) << held_;
      --left_;
      held_ += 8;
    }
    const uint32_t value = bits_ & ((uint32_t{1} << count) - 1);
    bits_ >>= count;
    held_ -= count;
    return value;
  }

  void Put(uint8_t byte) {
    if (size_ == capacity_) return Fail(Status::kNoSpace);
    target_[size_++] = byte;
  }

  void Stored() {
    bits_ = 0;
    held_ = 0;
    const uint32_t size = Bits(16);
    const uint32_t check = Bits(16);
    if ((size ^ check) != 0xFFFF) return Fail(Status::kCorrupt);
    for (uint32_t i = 0; i < size && status_ == Status::kOk; ++i) Put(static_cast<uint8_t>(Bits(8)));
  }

  // Fails for lengths that are no code: too many of one length, or, but for a single distance, too few.
  bool Build(const uint8_t* lengths, size_t count, Codes* codes) {
    uint16_t offset[kMostBits + 1] = {};
    *codes = Codes{};
    for (size_t i = 0; i < count; ++i) codes->count[lengths[i]]++;
    int free = 1;
    for (unsigned length = 1; length <= kMostBits; ++length) {
      free = free * 2 - codes->count[length];
      if (free < 0) return false;
      if (length < kMostBits) offset[length + 1] = static_cast<uint16_t>(offset[length] + codes->count[length]);
    }
    const size_t used = count - codes->count[0];
    for (size_t i = 0; i < count; ++i) {
      if (lengths[i] != 0) codes->symbol[offset[lengths[i]]++] = static_cast<uint16_t>(i);
    }
    codes->count[0] = 0;
    return free == 0 || used <= 1;
  }

  uint32_t Symbol(const Codes& codes) {
    uint32_t code = 0;
    uint32_t first = 0;
    uint32_t index = 0;
    for (unsigned length = 1; length <= kMostBits; ++length) {
      code |= Bits(1);
      const uint32_t count = codes.count[length];
      if (code < first + count) return codes.symbol[index + code - first];
      index += count;
      first = (first + count) << 1U;
      code <<= 1U;
    }
    Fail(Status::kCorrupt);
    return 0;
  }

  void Copy(uint32_t length_symbol) {
    if (length_symbol >= 29) return Fail(Status::kCorrupt);
    const uint32_t length = kLengthBase[length_symbol] + Bits(kLengthBits[length_symbol]);
    const uint32_t symbol = Symbol(distances_);
    if (symbol >= kDistances) return Fail(Status::kCorrupt);
    const uint32_t distance = kDistanceBase[symbol] + Bits(kDistanceBits[symbol]);
    if (distance > size_) return Fail(Status::kCorrupt);
    for (uint32_t i = 0; i < length && status_ == Status::kOk; ++i) Put(target_[size_ - distance]);
  }

  void Coded() {
    while (status_ == Status::kOk) {
      const uint32_t symbol = Symbol(literals_);
      if (status_ != Status::kOk || symbol == 256) return;
      if (symbol < 256) {
        Put(static_cast<uint8_t>(symbol));
      } else {
        Copy(symbol - 257);
      }
    }
  }

  void FixedBlock() {
    uint8_t lengths[kLiterals];
    for (size_t i = 0; i < kLiterals; ++i) {
      lengths[i] = static_cast<uint8_t>(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    }
    Build(lengths, kLiterals, &literals_);
    for (size_t i = 0; i < kDistances; ++i) lengths[i] = 5;
    // Two of the 32 codes are never used.
    Build(lengths, kDistances, &distances_);
    Coded();
  }

  // How often a symbol stands for a length: 16 repeats the last, 17 and 18 stand for zeros.
  size_t TimesOf(uint32_t symbol) {
    if (symbol == 16) return 3 + Bits(2);
    if (symbol == 17) return 3 + Bits(3);
    return symbol == 18 ? 11 + Bits(7) : 1;
  }

  // Lengths of codes, themselves coded.
  bool ReadLengths(const Codes& codes, uint8_t* lengths, size_t count) {
    for (size_t at = 0; at < count;) {
      const uint32_t symbol = Symbol(codes);
      const size_t times = TimesOf(symbol);
      const bool again = symbol == 16;
      if (status_ != Status::kOk || (again && at == 0) || at + times > count) return false;
      uint8_t value = symbol < 16 ? static_cast<uint8_t>(symbol) : uint8_t{0};
      if (again) value = lengths[at - 1];
      for (size_t end = at + times; at < end; ++at) lengths[at] = value;
    }
    return true;
  }

  void DynamicBlock() {
    uint8_t lengths[kLiterals + 32] = {};
    const size_t literals = Bits(5) + 257;
    const size_t distances = Bits(5) + 1;
    const size_t ordered = Bits(4) + 4;
    if (literals > 286 || distances > kDistances) return Fail(Status::kCorrupt);
    for (size_t i = 0; i < ordered; ++i) lengths[kOrder[i]] = static_cast<uint8_t>(Bits(3));
    if (!Build(lengths, 19, &literals_)) return Fail(Status::kCorrupt);
    for (size_t i = 0; i < 19; ++i) lengths[i] = 0;
    const Codes codes = literals_;
    if (!ReadLengths(codes, lengths, literals + distances) || lengths[256] == 0) return Fail(Status::kCorrupt);
    if (!Build(lengths, literals, &literals_) || !Build(lengths + literals, distances, &distances_)) {
      return Fail(Status::kCorrupt);
    }
    Coded();
  }

  const uint8_t* at_;
  size_t left_;
  uint8_t* target_;
  size_t capacity_;
  size_t size_ = 0;
  uint32_t bits_ = 0;
  unsigned held_ = 0;
  Status status_ = Status::kOk;
  Codes literals_ = {};
  Codes distances_ = {};
};

uint32_t Adler32(const uint8_t* bytes, size_t size_bytes) {
  uint32_t low = 1;
  uint32_t high = 0;
  for (size_t i = 0; i < size_bytes; ++i) {
    low = (low + bytes[i]) % 65521U;
    high = (high + low) % 65521U;
  }
  return (high << 16U) | low;
}

}  // namespace

Status Inflate(const uint8_t* source, size_t source_bytes, uint8_t* target, size_t capacity, size_t* size_bytes) {
  *size_bytes = 0;
  if (source_bytes < 6) return Status::kCorrupt;
  const uint32_t head = (static_cast<uint32_t>(source[0]) << 8U) | source[1];
  if ((source[0] & 0x0FU) != 8 || head % 31 != 0 || (source[1] & 0x20U) != 0) return Status::kCorrupt;
  Inflater inflater(source + 2, source_bytes - 2, target, capacity);
  const Status status = inflater.Run();
  if (status != Status::kOk) return status;
  if (inflater.Left() < 4) return Status::kCorrupt;
  const uint8_t* sum = inflater.At();
  const uint32_t expected = (static_cast<uint32_t>(sum[0]) << 24U) | (static_cast<uint32_t>(sum[1]) << 16U) |
                            (static_cast<uint32_t>(sum[2]) << 8U) | sum[3];
  if (expected != Adler32(target, inflater.Size())) return Status::kCorrupt;
  *size_bytes = inflater.Size();
  return Status::kOk;
}

}  // namespace linegate
