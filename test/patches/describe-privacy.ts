import { enableLlmTracing, type LlmEvent, type LlmTracingOptions } from '../../src/index';
import type { World } from './describe-patch';
import { readAll } from './stream-doors';

/** What the user says, and what the stand-in answers: in text, and in the arguments of a tool. */
const asked = 'CANARY_ASKED';
const answered = ['Hello from', 'Paris'];
const everything = [asked, ...answered];

const tools = [
  { type: 'function', function: { name: 'get_weather', description: asked, parameters: { type: 'object' } } },
];

/** Nothing leaves that was not allowed: not in messages, nor in answers, arguments of tools, or errors that echo them. */
export function describePrivacy(world: World): void {
  const { ask, openStream, provider, exports } = world.subject;

  async function wordsSent(options: LlmTracingOptions): Promise<string[]> {
    const sent: LlmEvent[] = [];
    const handle = enableLlmTracing(
      { track: (event) => sent.push(event) },
      { modules: { [provider]: exports }, noWarning: true, ...options },
    );
    const { connect } = world.lab();
    await ask(connect(), `hello ${asked}`);
    await ask(connect(), `weather ${asked}`, { tools });
    for (const prompt of [`hello ${asked}`, `think ${asked}`]) {
      await readAll(await (openStream?.(connect(), prompt) ?? ask(connect(), prompt, { stream: true, tools })));
    }
    await ask(connect('/400-99'), asked).catch(() => undefined);
    await handle.flush();
    handle.disable();
    expect(sent).toHaveLength(5);
    expect(sent.map((event) => event.event_properties['outcome'])).toEqual(['ok', 'ok', 'ok', 'ok', 'error']);
    return everything.filter((word) => sent.some((event) => JSON.stringify(event).includes(word)));
  }

  it.each<[string, LlmTracingOptions, string[]]>([
    ['by default: everything', {}, everything],
    ['in privacy mode: nothing', { privacyMode: true }, []],
    ['without prompts and answers: nothing', { includePrompts: false, includeResponses: false }, []],
    ['without prompts: what the model said', { includePrompts: false }, answered],
    ['without answers: what the user said', { includeResponses: false }, [asked]],
  ])('of what was said, this leaves %s', async (_title, options, words) => {
    expect(await wordsSent(options)).toEqual(words);
  });
}
