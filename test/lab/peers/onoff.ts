/** A gate as scripts drive it: `onoff.ts FOLDER INPUT OUTPUT`, with the package onoff in FOLDER and pins by their sysfs numbers. */
import { createRequire } from 'node:module';
import path from 'node:path';

/** What is used of the package onoff. */
interface Pin {
  watch(callback: (error: Error | null, value: number) => void): void;
  writeSync(value: 0 | 1): void;
}
interface Onoff {
  readonly Gpio: new (gpio: number, direction: 'in' | 'out', edge?: 'rising') => Pin;
}

const [folder = '', input = '', output = ''] = process.argv.slice(2);
const { Gpio } = createRequire(path.join(folder, 'package.json'))('onoff') as Onoff;
const gate = new Gpio(Number(output), 'out');
const eye = new Gpio(Number(input), 'in', 'rising');
eye.watch(() => {
  setTimeout(() => {
    gate.writeSync(1);
    setTimeout(() => gate.writeSync(0), 5);
  }, 50);
});
console.log('ready');
