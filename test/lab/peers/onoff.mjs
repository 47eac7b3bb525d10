/**
 * A gate as scripts drive it: `onoff.mjs FOLDER INPUT OUTPUT`, with the package onoff in FOLDER and pins by their sysfs numbers.
 * Plain JavaScript, for it runs on whatever Node the package was compiled for.
 */
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder = '', input = '', output = ''] = process.argv.slice(2);
const { Gpio } = createRequire(path.join(folder, 'package.json'))('onoff');
const gate = new Gpio(Number(output), 'out');
const eye = new Gpio(Number(input), 'in', 'rising');
eye.watch(() => {
  setTimeout(() => {
    gate.writeSync(1);
    setTimeout(() => gate.writeSync(0), 5);
  }, 50);
});
console.log('ready');
