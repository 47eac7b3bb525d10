import path from 'node:path';
import { fail, needsStation, notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Check, Look } from '../look.ts';
import type { CameraLook } from '../probes.ts';
import type { Wants } from '../wants.ts';

/** Fewer frames than this share of what was asked for are too few. */
const leastShare = 0.9;

type Seen = Extract<CameraLook, { kind: 'seen' }>;

/** The station's camera: there, as it is asked for, and at which rate it really gives frames. */
export const camera: Check = {
  id: 'camera',
  group: 'camera',
  about: 'the camera',
  run: async (look) => {
    const { wants, probes, cameraSeconds } = look;
    if (wants === null) return needsStation('The camera');
    const config = wants.config.camera;
    if (config.kind === 'simulator') return notRun('The camera is simulated, so there is nothing to look at.');
    if (config.kind === 'folder') return folder(look, path.resolve(wants.base, config.path));
    const running = await look.running();
    if (running.kind === 'running') {
      const { state, detail } = running.status.camera;
      if (state === 'ok') return ok('The running station has the camera, and says that it works.', { running: true });
      return fail(
        `The running station has the camera, and says that it fails (${detail ?? 'no reason given'}).`,
        'Check its cable and look at the log of the station.',
        { running: true },
      );
    }
    if (running.kind === 'silent')
      return notRun(running.detail, 'Run this as the user of the station, or stop the station.');
    return judge(await probes.camera(config, cameraSeconds), config);
  },
};

async function folder({ host }: Look, at: string): Promise<Outcome> {
  const facts = await host.facts(at);
  if (facts?.kind === 'folder' && facts.readable)
    return ok(`The folder ${at}, which stands for the camera, is there.`, { folder: at });
  return fail(
    `The folder ${at}, which stands for the camera, cannot be read.`,
    'Make it, and give the user of the station the right to read it.',
    { folder: at },
  );
}

function judge(look: CameraLook, config: Wants['config']['camera']): Outcome {
  if (look.kind === 'unsupported') return notRun(look.detail);
  if (look.kind === 'busy')
    return notRun(look.detail, 'Stop the program that holds the camera and run this again, to measure its rate.');
  if (look.kind !== 'seen')
    return fail(
      look.detail,
      'Give in the station file what the camera offers (linegate-v4l2 --list), and check its cable and the rights on /dev/video*.',
    );
  return seen(look, config);
}

function seen(look: Seen, config: Wants['config']['camera']): Outcome {
  const { frames, seconds, widthPx, heightPx, format, clock, firstFrameMs, longestGapMs, missed } = look;
  const perSecond = seconds > 0 ? Math.round((frames / seconds) * 10) / 10 : 0;
  const figures = { frames, seconds, perSecond, widthPx, heightPx, format, clock, firstFrameMs, longestGapMs, missed };
  const gives = `The camera gives ${perSecond} frames a second of ${widthPx} x ${heightPx} ${format}`;
  if ('widthPx' in config && (config.widthPx !== widthPx || config.heightPx !== heightPx))
    return fail(
      `${gives}, where the station asks for ${config.widthPx} x ${config.heightPx}.`,
      'Ask for a size that the camera offers; linegate-v4l2 --list tells them.',
      figures,
    );
  if (missed > 0)
    return warn(
      `${gives}, and ${missed} of them were lost in ${seconds} s.`,
      'End other programs, use another USB port or a shorter cable, or ask for a smaller picture.',
      figures,
    );
  if ('framesPerSecond' in config && perSecond < config.framesPerSecond * leastShare)
    return warn(
      `${gives}, where the station asks for ${config.framesPerSecond}.`,
      'Shorten the exposure and switch its automatic off; in dim light cameras give half the frames.',
      figures,
    );
  return ok(`${gives}, none lost in ${seconds} s, timed by the clock ${clock}.`, figures);
}
