#include "linegate/core/number.h"

#include <stdint.h>
#include <string.h>

#include "bignum.h"

namespace linegate {
namespace {

constexpr int kMantissaBits = 52;
constexpr int kExponentBias = 1075;
constexpr int kMostDigits = 17;

// A positive double as mantissa * 2^exponent.
struct Binary {
  uint64_t mantissa;
  int exponent;
  // The next double below is only half as far away as the next above.
  bool lower_is_closer;
};

// digits * 10^(point - count), with the decimal point before digits[point].
struct Decimal {
  char digits[kMostDigits + 1];
  int count;
  int point;
};

Binary BinaryOf(uint64_t bits) {
  const uint64_t fraction = bits & ((UINT64_C(1) << kMantissaBits) - 1);
  const int biased = static_cast<int>((bits >> kMantissaBits) & 0x7ff);
  if (biased == 0) return {fraction, 1 - kExponentBias, false};
  return {fraction | (UINT64_C(1) << kMantissaBits), biased - kExponentBias, fraction == 0 && biased > 1};
}

// At most the number of digits before the decimal point, and at least one less.
int EstimatedPoint(const Binary& binary) {
  int log2 = binary.exponent - 1;
  for (uint64_t rest = binary.mantissa; rest != 0; rest >>= 1) log2++;
  constexpr int64_t kLog10Of2 = 1292913986;  // * 2^32
  const int64_t product = log2 * kLog10Of2;
  const int64_t whole = product >= 0 ? product >> 32 : -((-product + 0xffffffff) >> 32);
  return static_cast<int>(whole) + 1;
}

// Steele and White's free-format algorithm with exact integers: value = numerator / denominator, and every decimal
// between value - minus / denominator and value + plus / denominator reads back as the value.
class Shortest {
 public:
  explicit Shortest(const Binary& binary) : even_(binary.mantissa % 2 == 0), point_(EstimatedPoint(binary)) {
    const unsigned extra = binary.lower_is_closer ? 2 : 1;
    numerator_.Set(binary.mantissa);
    numerator_.ShiftLeft(extra);
    denominator_.Set(1);
    denominator_.ShiftLeft(extra);
    minus_.Set(1);
    plus_.Set(binary.lower_is_closer ? 2 : 1);
    if (binary.exponent >= 0) {
      const auto up = static_cast<unsigned>(binary.exponent);
      numerator_.ShiftLeft(up);
      minus_.ShiftLeft(up);
      plus_.ShiftLeft(up);
    } else {
      denominator_.ShiftLeft(static_cast<unsigned>(-binary.exponent));
    }
    Scale();
  }

  Decimal Digits() {
    Decimal decimal = {{}, 0, point_};
    while (decimal.count < kMostDigits) {
      const int digit = numerator_.TakeQuotient(denominator_);
      const bool low = Below(Compare(numerator_, minus_));
      const bool high = Below(CompareSum(denominator_, numerator_, plus_));
      decimal.digits[decimal.count++] = static_cast<char>('0' + digit + (high && RoundsUp(low, digit) ? 1 : 0));
      if (low || high) break;
      TimesTen();
    }
    return decimal;
  }

 private:
  // Brings the value between 0.1 and 1, times 10^point_, then one digit before the point.
  void Scale() {
    for (int i = 0; i < point_; i++) denominator_.Multiply(10);
    for (int i = point_; i < 0; i++) TimesTen();
    if (Below(CompareSum(denominator_, numerator_, plus_))) {
      point_++;
    } else {
      TimesTen();
    }
  }

  void TimesTen() {
    numerator_.Multiply(10);
    minus_.Multiply(10);
    plus_.Multiply(10);
  }

  // The ends of the interval belong to it when the mantissa is even, because ties go to even.
  bool Below(int comparison) const { return comparison < 0 || (even_ && comparison == 0); }

  bool RoundsUp(bool low, int digit) const {
    if (!low) return true;
    const int half = -CompareSum(denominator_, numerator_, numerator_);
    return half > 0 || (half == 0 && digit % 2 != 0);
  }

  bool even_;
  int point_;
  Bignum numerator_;
  Bignum denominator_;
  Bignum minus_;
  Bignum plus_;
};

// Writes at `text` and returns the end.
char* Put(char* text, const char* characters, int count) {
  memcpy(text, characters, static_cast<size_t>(count));
  return text + count;
}

char* PutZeros(char* text, int count) {
  for (int i = 0; i < count; i++) *text++ = '0';
  return text;
}

char* PutExponent(char* text, int exponent) {
  *text++ = 'e';
  *text++ = exponent < 0 ? '-' : '+';
  const int size = exponent < 0 ? -exponent : exponent;
  if (size >= 100) *text++ = static_cast<char>('0' + size / 100);
  if (size >= 10) *text++ = static_cast<char>('0' + size / 10 % 10);
  *text++ = static_cast<char>('0' + size % 10);
  return text;
}

// ECMA-262, Number::toString, steps 6 to 10, where `point` is called n and `count` k.
char* PutDecimal(char* text, const Decimal& decimal) {
  const auto& [digits, count, point] = decimal;
  if (count <= point && point <= 21) return PutZeros(Put(text, digits, count), point - count);
  if (0 < point && point <= 21) {
    text = Put(Put(text, digits, point), ".", 1);
    return Put(text, digits + point, count - point);
  }
  if (-6 < point && point <= 0) return Put(PutZeros(Put(text, "0.", 2), -point), digits, count);
  text = Put(text, digits, 1);
  if (count > 1) text = Put(Put(text, ".", 1), digits + 1, count - 1);
  return PutExponent(text, point - 1);
}

}  // namespace

size_t NumberText(double value, char text[kNumberBytes]) {
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof bits);
  const bool negative = bits >> 63 != 0;
  bits &= ~(UINT64_C(1) << 63);
  char* end = text;
  if (bits >> kMantissaBits == 0x7ff) {
    end = Put(end, "null", 4);
  } else if (bits == 0) {
    end = Put(end, "0", 1);
  } else {
    if (negative) *end++ = '-';
    end = PutDecimal(end, Shortest(BinaryOf(bits)).Digits());
  }
  *end = '\0';
  return static_cast<size_t>(end - text);
}

double Round(double value) {
  auto whole = static_cast<double>(static_cast<int64_t>(value));
  if (whole > value) whole -= 1;
  return value - whole >= 0.5 ? whole + 1 : whole;
}

}  // namespace linegate
