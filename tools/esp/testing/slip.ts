// The framing of the serial line internet protocol (RFC 1055), which the ROM loaders of all ESP32 use.
const END = 0xc0;
const ESCAPE = 0xdb;
const ESCAPED_END = 0xdc;
const ESCAPED_ESCAPE = 0xdd;

/** One packet as a frame. */
export function frame(packet: Uint8Array): Buffer {
  const out = [END];
  for (const byte of packet) {
    if (byte === END) out.push(ESCAPE, ESCAPED_END);
    else if (byte === ESCAPE) out.push(ESCAPE, ESCAPED_ESCAPE);
    else out.push(byte);
  }
  return Buffer.from([...out, END]);
}

/** Takes bytes as they come; gives whole packets. What is between frames is thrown away, as the ROM does. */
export class Deframer {
  #packet: number[] | null = null;
  #escaped = false;

  take(bytes: Uint8Array): Buffer[] {
    const packets: Buffer[] = [];
    for (const byte of bytes) {
      if (byte === END) {
        if (this.#packet !== null && this.#packet.length > 0) packets.push(Buffer.from(this.#packet));
        this.#packet = this.#packet === null || this.#packet.length === 0 ? [] : null;
      } else this.#inside(byte);
    }
    return packets;
  }

  #inside(byte: number): void {
    if (this.#packet === null) return;
    if (this.#escaped) {
      this.#escaped = false;
      this.#packet.push(byte === ESCAPED_END ? END : ESCAPE);
    } else if (byte === ESCAPE) this.#escaped = true;
    else this.#packet.push(byte);
  }
}
