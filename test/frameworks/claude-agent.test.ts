import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { haveFrameworks, register, runFramework, type FrameworkRun } from './run-framework';

/** A home without settings of Claude Code. */
let home: string;
beforeAll(() => (home = mkdtempSync(join(tmpdir(), 'llm-trace-home-'))));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (environment: Record<string, string> = {}): Promise<FrameworkRun> =>
  runFramework('claude-agent', {
    node: process.execPath,
    start: 'start.mjs',
    preload: '--import',
    environment: { HOME: home, ...environment },
  });

const answered = { nodeOptions: null, result: 'Hello from the stand-in.' };

describe('the Claude Agent SDK makes its model calls in another process', () => {
  if (!haveFrameworks) {
    it.skip('(test/frameworks could not be installed)', () => undefined);
    return;
  }

  it('of which the application that is traced sees none', async () => {
    const { told, events, requests } = await run();
    expect(JSON.parse(told)).toEqual(answered);
    expect({ events, requests }).toEqual({ events: [], requests: 1 });
  });

  it('from which it keeps NODE_OPTIONS away, so that nothing is preloaded there', async () => {
    const { told, events } = await run({ NODE_OPTIONS: `--require=${register}` });
    expect(JSON.parse(told)).toEqual(answered);
    expect(events).toEqual([]);
  });

  it('that is traced where it is a script that loads the Anthropic SDK, by its own arguments', async () => {
    const { told, events } = await run({ EXECUTABLE_ARGUMENTS: JSON.stringify(['--require', register]) });
    expect(JSON.parse(told)).toEqual(answered);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ method: 'messages.create', model: 'claude', outcome: 'ok' });
    expect(events[0]).not.toHaveProperty('framework');
  });
});
