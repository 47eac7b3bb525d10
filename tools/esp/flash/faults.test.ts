import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LinegateError } from '../../../agent/core/errors.ts';
import { portFault } from '../serial/open-serial.ts';
import { connectFault, writeFault } from './faults.ts';

const given = {
  port: 'COM7',
  cause: new Error('Failed to connect with the device'),
  said: [],
  heard: '',
  hasSignals: true,
};

describe('what a person is told', () => {
  it('when nothing answers: cable, power, button', () => {
    assert.match(connectFault(given).message, /^Nothing answers at COM7: check the cable .* hold its BOOT button/);
  });

  it('when the firmware runs instead of the loader', () => {
    const said = ['Debug: bootMode:0x13 downloadMode:false'];
    assert.match(connectFault({ ...given, said }).message, /runs its firmware and does not go into download mode/);
  });

  it('when the board is in download mode and hears nothing', () => {
    const said = ['Debug: bootMode:0x3 downloadMode:true'];
    assert.match(connectFault({ ...given, said }).message, /adapter's TX to the board's RX/);
  });

  it('when something else talks', () => {
    const said = ['Debug: Error at sync Error: Invalid head of packet (0x41): Possible serial noise or corruption.'];
    assert.match(connectFault({ ...given, said }).message, /no answer of a loader/);
  });

  it('when the port has no reset lines', () => {
    assert.match(
      connectFault({ ...given, hasSignals: false }).message,
      /cannot put the board into download mode by itself/,
    );
  });

  it('when the chip is not known', () => {
    const cause = new Error('Unexpected chip magic value 0x12345678');
    assert.match(connectFault({ ...given, cause }).message, /has a chip that is not known here/);
  });

  it('keeps what was already said well', () => {
    const cause = new LinegateError('missing-package', 'Install it.');
    assert.equal(connectFault({ ...given, cause }), cause);
    assert.equal(writeFault({ port: 'COM7', cause, baud: 1 }), cause);
  });

  it('when writing ends in silence: a lower rate', () => {
    const cause = new Error('Serial data stream stopped: Possible serial noise or corruption.');
    assert.match(
      writeFault({ port: 'COM7', cause, baud: 921_600 }).message,
      /fell silent: try a lower --baud than 921600/,
    );
  });

  const ports: readonly (readonly [said: string, words: RegExp])[] = [
    ['Error: Permission denied, cannot open /dev/ttyUSB0', /usermod -aG dialout/],
    ['Error Resource temporarily unavailable Cannot lock port', /is in use: close the program/],
    [
      'Error: No such file or directory, cannot open /dev/ttyUSB0',
      /There is no serial port \/dev\/ttyUSB0 \(here are \/dev\/ttyACM0\)/,
    ],
    ['Error: Inappropriate ioctl for device', /does not open as a serial port/],
  ];
  for (const [said, words] of ports) {
    it(`when a port does not open: ${said}`, () => {
      assert.match(portFault('/dev/ttyUSB0', said, ['/dev/ttyACM0'], undefined).message, words);
    });
  }
});
