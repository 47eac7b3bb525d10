import { isPiHeader } from '../chips.ts';
import { notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Host } from '../host.ts';
import type { Check } from '../look.ts';
import { bootText, isOn } from './boot-config.ts';

const parameterFiles = [
  '/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs',
  '/sys/module/pinctrl_rp1/parameters/persist_gpio_outputs',
] as const;
const besides = 'ExecStopPost= of the unit drives the outputs inactive, and a pull-down holds them so';

/** What an output does when the process that held it is gone. */
export const persistence: Check = {
  id: 'persistence',
  group: 'lines',
  about: 'outputs after their process has died',
  run: async (look) => {
    const chips = await look.chips();
    if (chips.kind === 'unknown') return notRun(`What outputs do when their process dies is not known: ${chips.why}.`);
    const labels = chips.chips.map(({ label }) => label);
    if (labels.some(isPiHeader)) return raspberryPi(look.host);
    if (labels.some((label) => label.startsWith('tegra')))
      return warn(
        'What a Jetson does with an output whose process has died is not known, and pins were seen to drift to 3.3 V.',
        `Put a transistor or buffer with 100 kΩ to ground at each output’s pin (docs/wiring.md); ${besides}.`,
        { persists: null, chips: labels },
      );
    if (labels.length === 0) return notRun('Without a GPIO chip there is no output that could outlive its process.');
    return notRun(
      `What an output of ${labels.join(', ')} does when its process has died is not known.`,
      `Try it: end the gatekeeper with kill -9 and measure the output; ${besides}.`,
      { persists: null, chips: labels },
    );
  },
};

async function raspberryPi(host: Host): Promise<Outcome> {
  const boot = await bootText(host);
  const setting = await parameter(host);
  const strict = isOn(boot, 'strict_gpiod');
  const [, asked] = /persist_gpio_outputs=([ynYN01])/.exec(boot.commandLine) ?? [];
  const figures = { kernelSetting: setting, strictGpiod: strict, commandLine: asked ?? null };
  if (setting === 'N') return ok('The kernel returns an output to an input when its process dies.', figures);
  const wanted = strict || (asked !== undefined && /[nN0]/.test(asked));
  if (wanted && setting === null)
    return ok('The boot configuration lets an output return to an input when its process dies.', figures);
  if (wanted)
    return warn(
      'The kernel still keeps an output as it was when its process dies, though config.txt says otherwise.',
      'Reboot, so that the setting takes effect.',
      figures,
    );
  return warn(
    'The kernel keeps an output as it was when its process dies, so a gate could stay active.',
    `Add dtparam=strict_gpiod to config.txt and reboot; ${besides}.`,
    { ...figures, persists: true },
  );
}

async function parameter(host: Host): Promise<string | null> {
  for (const file of parameterFiles) {
    const text = await host.text(file);
    if (text !== undefined) return text.trim();
  }
  return null;
}
