import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gatekeeperLineSchema } from '../../../config/gatekeeper.ts';
import { gatekeeperConf } from '../../../config/gatekeeper-conf.ts';
import { Bench, buildForBench } from './bench.ts';
import { exitOf } from './keeper-process.ts';

let bench: Bench;
const built = mkdtempSync(join(tmpdir(), 'gatekeeper-built-'));
before(() => {
  bench = new Bench(buildForBench(built));
});
after(async () => {
  await bench.clear();
  rmSync(built, { recursive: true });
});

async function check(text: string): Promise<{ status: number | string | null; log: string; output: string }> {
  const keeper = bench.start(['--conf', bench.write(text), '--check']);
  return { status: await exitOf(keeper), log: keeper.log, output: keeper.output };
}

/** The sentence with which it is refused, without the file's name. */
async function faultOf(text: string): Promise<string> {
  const { status, log } = await check(text);
  assert.equal(status, 2, log);
  assert.match(log, /^[^\n]{10,}\.\n$/, 'one sentence');
  assert.ok(log.startsWith(`${bench.folder}/gatekeeper.conf`), log);
  return log.slice(`${bench.folder}/gatekeeper.conf`.length).trim();
}

function fnv1a(text: string): string {
  const prime = 1099511628211n;
  const hash = [...Buffer.from(text)].reduce(
    (sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * prime),
    14695981039346656037n,
  );
  return hash.toString(16).padStart(16, '0');
}

test('a good file, comments and blank lines: its digest is FNV-1a of its bytes', async () => {
  const text = `# a station\n\n${bench.confOf({ width: '20000000 # ns' })}\r\n`;
  const { status, output, log } = await check(text);
  assert.equal(status, 0, log);
  assert.match(output, new RegExp(`digest ${fnv1a(text)}\\.`));
});

test('each fault is one sentence with its line', async () => {
  const faults: [Record<string, string | undefined>, RegExp][] = [
    [{ speed: '3' }, /^ line 14: "speed" is no setting; /],
    [{ delay: undefined }, /^: delay is not given; add it\.$/],
    [{ delay: '0' }, /^ line 8: delay is "0"; give a whole number from 1 to 3600000000000\.$/],
    [{ delay: '3600000000001' }, /delay is "3600000000001"/],
    [{ delay: '99999999999999999999999' }, /delay is "99999999999999999999999"/],
    [{ delay: '-5' }, /delay is "-5"/],
    [{ delay: '1.5' }, /delay is "1.5"/],
    [{ delay: '' }, /delay needs one value/],
    [{ delay: '5 6' }, /delay needs one value/],
    [{ 'plc-us': '1000001' }, /plc-us is "1000001"; give a whole number from 1 to 1000000\./],
    [{ 'wake-early-us': '10001' }, /wake-early-us is "10001"; give a whole number from 0 to 10000\./],
    [{ base: 'distance' }, /base is "distance"; give time or encoder\.$/],
    [{ 'fail-safe': 'none' }, /fail-safe is "none"; give eject, pass or stop-line\.$/],
    [{ socket: 'here' }, /socket is "here"; give an absolute path\.$/],
    [{ ring: `/${'r'.repeat(120)}` }, /ring is longer than 107 bytes/],
    [{ station: undefined }, /station is not given/],
    [{ 'input trigger': undefined }, /trigger has no line, but every station needs one; add it\.$/],
    [{ 'output gate': undefined }, /gate has no line/],
    [{ 'input nose': 'chip=a line=b' }, /There is no input "nose"/],
    [{ 'input gate': 'chip=a line=b' }, /There is no input "gate"/],
    [{ 'output trigger': 'chip=a line=b' }, /There is no output "trigger"/],
    [{ input: '' }, /There is no input ""/],
    [{ 'input trigger': 'line=TRIGGER' }, /trigger must have chip= and either line= or offset=/],
    [{ 'input trigger': 'chip=a line=b offset=3' }, /trigger must have chip= and either/],
    [{ 'input trigger': 'chip=a line=b bias=up' }, /bias=up of trigger is not a value/],
    [{ 'input trigger': 'chip=a line=b colour=red' }, /trigger cannot have "colour"/],
    [{ 'input trigger': 'chip=a line=b active' }, /trigger cannot have "active"/],
    [{ 'input trigger': 'chip=a line=b line=c' }, /trigger has line twice/],
    [{ 'input trigger': `chip=a line=${'n'.repeat(32)}` }, /is not a value/],
    [{ 'output gate': 'chip=a line=b bias=pull-up' }, /gate cannot have "bias"/],
    [{ 'input encoder-a': 'chip=a line=b debounce-us=5' }, /debounce-us=5 of encoder-a is not a value/],
    [{ 'output strobe': 'chip=bench line=S' }, /strobe has a line, but strobe-width-us is not given/],
    [{ 'output strobe': 'chip=bench line=GATE' }, /strobe has the line of gate/],
    [{ base: 'encoder' }, /encoder-a has no line, but the base is encoder/],
    [
      { base: 'encoder', 'input encoder-a': 'chip=a line=b' },
      /encoder-b has no line, but the encoder is quadrature; add it\.$/,
    ],
    [{ confirm: 'ejected' }, /confirm has no line, but ejected parts are to be confirmed/],
    [{ 'output gate2': 'chip=bench line=G2' }, /gate2 has a line, but gate2-delay is not given/],
    [{ '#': '', ' \u00e9': '' }, /line 15: There is a character that is not printable ASCII/],
    [{ lead: '149999999' }, /lead|recovery/],
  ];
  for (const [changed, expected] of faults) {
    const fault = await faultOf(bench.confOf(changed));
    assert.match(fault.startsWith('line') ? ` ${fault}` : fault, expected);
  }
});

test('a setting given twice, too many words, too long a file', async () => {
  const good = bench.confOf();
  assert.match(await faultOf(`${good}width 5\n`), /width is given a second time/);
  assert.match(await faultOf(`${good}station again\n`), /station is given a second time/);
  assert.match(await faultOf(`${good}base time\n`), /base is given a second time/);
  assert.match(await faultOf(`${good}output gate chip=x line=y\n`), /gate is given a second time/);
  assert.match(await faultOf(`${good}${'word '.repeat(13)}\n`), /more than 12 words/);
  const long = bench.start(['--conf', bench.write(`${good}#${'x'.repeat(16_384)}\n`), '--check']);
  assert.equal(await exitOf(long), 2);
  assert.match(long.log, /is longer than 16384 bytes; shorten it\.\n$/);
});

test("the kernel's debounce on the trigger is warned of", async () => {
  const { status, log } = await check(bench.confOf({ 'input trigger': 'chip=bench line=TRIGGER debounce-us=500' }));
  assert.equal(status, 0);
  assert.match(log, /^trigger has debounce-us=500, .* trigger-dead take the bounces\.\n$/);
  assert.equal((await check(bench.confOf())).log, '');
});

test('no bytes bring it down', async () => {
  const good = bench.confOf();
  for (let cut = 0; cut < good.length; cut += 37) {
    const { status, log } = await check(good.slice(0, cut));
    assert.ok(status === 0 || status === 2, log);
  }
  assert.equal((await check('\0'.repeat(100))).status, 2);
  assert.equal((await check('='.repeat(16_000))).status, 2);
  assert.equal((await check('')).status, 2);
});

test('what the agent writes is accepted', async () => {
  const pin = (line: string): object => ({ chip: 'pinctrl-rp1', line });
  const line = gatekeeperLineSchema.parse({
    kind: 'gatekeeper',
    calibration: 'calibration.yaml',
    inputs: {
      trigger: { ...pin('GPIO17'), bias: 'pull-down', activeLevel: 'low' },
      confirm: pin('GPIO5'),
      encoderA: pin('GPIO6'),
      encoderB: pin('GPIO7'),
      partAtGate: pin('GPIO8'),
      binFull: { ...pin('GPIO9'), debounceUs: 20_000 },
      estopStatus: pin('GPIO10'),
    },
    outputs: {
      gate: pin('GPIO27'),
      reviewGate: pin('GPIO22'),
      ready: pin('GPIO23'),
      strobe: { ...pin('GPIO24'), delayUs: 100, widthUs: 200 },
      cameraTrigger: { ...pin('GPIO25'), widthUs: 200 },
      plcBusy: pin('GPIO11'),
      plcOk: pin('GPIO12'),
      plcNg: pin('GPIO13'),
    },
    agentUid: 1000,
  });
  const gate = { delay: 4000, width: 200, recovery: 100 };
  const text = gatekeeperConf({
    station: 'line-3',
    line,
    calibration: {
      ...gate,
      base: 'encoder',
      encoder: 'quadrature',
      lead: 100,
      triggerDead: 90,
      failSafe: 'eject',
      tooClose: 'eject-neighbour',
      confirmation: { from: 300, to: 600 },
      reviewGate: { ...gate, delay: 6000 },
    },
  });
  const { status, log } = await check(text);
  assert.equal(status, 0, log);
});
