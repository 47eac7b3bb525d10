import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { describe, it } from 'node:test';
import { lineAt, wire } from '../testing/wire.ts';
import type { Signals } from './line.ts';
import { WebSerialPort } from './web-serial.ts';

function made(hasLines = true) {
  const [stream, far] = wire();
  const seen: Signals[] = [];
  let closed = 0;
  const port = new WebSerialPort(async () => ({
    stream,
    usb: { vendorId: 0x303a, productId: 0x1001 },
    setBaudRate: async () => {},
    setSignals: async (signals) => {
      seen.push(signals);
      return hasLines;
    },
    close: async () => {
      closed += 1;
    },
  }));
  return { port, far, seen, closed: () => closed };
}

describe('a serial port in the shape of Web Serial', () => {
  it('keeps the state of the line that is not named', async () => {
    const { port, seen } = made();
    await port.open({ baudRate: 115_200 });
    await port.setSignals({ requestToSend: true });
    await port.setSignals({ dataTerminalReady: true });
    await port.setSignals({ requestToSend: false });
    assert.deepEqual(seen, [
      { dtr: false, rts: true },
      { dtr: true, rts: true },
      { dtr: true, rts: false },
    ]);
    assert.equal(port.hasSignals, true);
  });

  it('notes that a port has no such lines', async () => {
    const { port } = made(false);
    await port.open({ baudRate: 115_200 });
    await port.setSignals({ requestToSend: true });
    assert.equal(port.hasSignals, false);
  });

  it('names its USB numbers while it is open', async () => {
    const { port } = made();
    assert.deepEqual(port.getInfo(), {});
    await port.open({ baudRate: 115_200 });
    assert.deepEqual(port.getInfo(), { usbVendorId: 0x303a, usbProductId: 0x1001 });
  });

  it('passes bytes on both ways, and ends its stream with the line', async () => {
    const { port, far } = made();
    await port.open({ baudRate: 115_200 });
    const reader = port.readable?.getReader();
    far.write(Buffer.from('hello'));
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'hello');
    const written = new Promise<string>((resolve) => far.once('data', (bytes: Buffer) => resolve(bytes.toString())));
    await port.writable?.getWriter().write(Buffer.from('there'));
    assert.equal(await written, 'there');
    await reader?.cancel();
    far.write(Buffer.from('late'));
    assert.equal((await reader?.read())?.done, true);
  });

  it('fails a write that the port takes and, unplugged, never ends', async () => {
    const stream = new Duplex({ read: () => {}, write: () => {} });
    const port = new WebSerialPort(async () => lineAt(stream));
    await port.open({ baudRate: 115_200 });
    const written = port.writable?.getWriter().write(Buffer.from('there'));
    stream.destroy();
    await assert.rejects(written ?? Promise.resolve(), /closed/);
  });

  it('closes once, and refuses signals afterwards', async () => {
    const { port, closed } = made();
    await port.open({ baudRate: 115_200 });
    await port.close();
    await port.close();
    assert.equal(closed(), 1);
    await assert.rejects(port.setSignals({ requestToSend: true }), { code: 'illegal-input' });
  });
});
