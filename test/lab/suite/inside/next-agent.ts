import { type Client, connected, kinds, until } from '../../../../agent/native/gatekeeper/testing/client.ts';

/** As the gatekeeper codes them. */
const actions = { pass: 2, missed: 3 } as const;

/** What became of the parts that no agent was there for, by the gatekeeper's own word. */
export interface Told {
  readonly parts: number;
  readonly passed: number;
  /** Not ejected, because the gate's time had gone by. */
  readonly missed: number;
}

/** Attaches an agent, which is told of `parts` parts, or of those that come within the wait. It stays attached. */
export async function nextAgent(
  socket: string,
  parts: number,
): Promise<{ readonly agent: Client; readonly told: Told }> {
  const agent = await connected(socket);
  agent.attach(1);
  await until(() => agent.of(kinds.interrupted).length >= parts);
  const told = agent.of(kinds.interrupted);
  const count = (code: number): number => told.filter(({ action }) => action === code).length;
  return { agent, told: { parts: told.length, passed: count(actions.pass), missed: count(actions.missed) } };
}
