import { type ChildProcess, spawn } from 'node:child_process';
import { Readable, type Writable } from 'node:stream';
import { endInTime } from '../../core/end-in-time.ts';
import { messageOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Answer, readAnswer } from './answers.ts';
import { encodeHeader, FRAME_TYPES, FrameReader, MAX_ANSWER_BYTES } from './frames.ts';
import { readLines } from './lines.ts';

/** How a process that runs a model is started. */
export interface ModelCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  /** Beside PATH, LD_LIBRARY_PATH and TMPDIR, which are passed on. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a model process tells its owner. */
export interface ModelProcessListener {
  onAnswer(answer: Answer): void;
  /** It sent what the protocol does not know. */
  onBroken(detail: string): void;
  /** It is gone; called once, last. */
  onEnd(end: ProcessEnd): void;
  onLine(line: string): void;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly detail: string;
}

/** One run of a model process, from its start to its end. */
export class ModelProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<ProcessEnd>;
  #requests: Writable | undefined;

  /** Starts the process; `labels` is how many scores it answers with. */
  constructor(command: ModelCommand, labels: number, listener: ModelProcessListener) {
    this.#child = spawn(command.program, command.arguments, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      // A Ctrl-C in the terminal is for the agent, which still wants the verdicts of the parts on the belt. The process ends
      // when its input does, so it cannot be left behind.
      detached: true,
      env: { ...passedOn(), ...command.environment },
    });
    this.#gone = this.#watchEnd();
    void this.#gone.then((end) => listener.onEnd(end));
    const { stdin, stdout, stderr, stdio } = this.#child;
    const answers = stdio?.[3];
    // Where the system has no pipe or process left there are no streams, and 'error' tells why.
    if (!stdin || !stdout || !stderr || !(answers instanceof Readable)) return;
    this.#requests = stdin;
    // Writing to a process that just died fails; its end is told by 'exit'.
    stdin.on('error', () => undefined);
    readLines(stdout, listener.onLine);
    readLines(stderr, listener.onLine);
    readAnswers(answers, labels, listener);
  }

  /** Sends a tensor without copying it. */
  infer(id: number, tensor: Uint8Array): void {
    this.#requests?.cork();
    this.#requests?.write(encodeHeader(FRAME_TYPES.infer, id, tensor.length));
    this.#requests?.write(tensor);
    this.#requests?.uncork();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Asks the process to end, kills it if it has not after a second, and gives it another second to be gone. */
  stop(clock: Clock): Promise<void> {
    this.#requests?.end();
    return endInTime(clock, { ask: () => this.#child.kill('SIGTERM'), force: () => this.kill(), gone: this.#gone });
  }

  #watchEnd(): Promise<ProcessEnd> {
    return new Promise((resolve) => {
      this.#child.on('error', (error) => resolve({ exitCode: null, detail: messageOf(error) }));
      this.#child.once('exit', (exitCode, signal) => {
        const detail = signal === null ? `it ended with status ${exitCode}` : `it was ended by ${signal}`;
        resolve({ exitCode, detail });
      });
    });
  }
}

function readAnswers(stream: Readable, labels: number, listener: ModelProcessListener): void {
  const reader = new FrameReader(MAX_ANSWER_BYTES);
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk, (frame) => listener.onAnswer(readAnswer(frame, labels)));
    } catch (error) {
      stream.destroy();
      listener.onBroken(messageOf(error).replace(/\.$/, ''));
    }
  });
}

/** A model needs nothing of the agent's environment but how to find its libraries. */
function passedOn(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR']) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
