import type { Properties } from '../support/traced-clients';
import { haveFrameworks, runFramework, runtimeFrom, type FrameworkRun, type RunOptions } from './run-framework';

interface Framework {
  readonly name: string;
  /** The oldest Node that it, or the SDK below it, runs on. */
  readonly from: number;
  /** What the events say of it; undefined where it leaves no sign. */
  readonly framework: string | undefined;
  readonly sdk: string;
  /** Every model call of `apps/NAME.cjs`, in order. */
  readonly calls: readonly string[];
}

const chat = 'chat.completions.create gpt-4o-mini';
const responses = 'responses.create gpt-4o-mini';
const embedding = 'embeddings.create text-embedding-3-small';

/** One answer, two turns with tools, the same as a stream, one with a schema. */
const agentRuns = (call: string): string[] => [
  ...[`${call} ok`, `${call} ok`, `${call} ok`, `${call} stream ok`, `${call} stream ok`, `${call} ok`],
  // The SDK has tried three times, then the runner has called it again.
  ...[`${call} error 429, 2 retries`, `${call} ok`],
  `${call} error 400`,
];

const frameworks: readonly Framework[] = [
  {
    name: 'langchain-openai',
    from: 22,
    framework: 'langchain',
    sdk: 'openai',
    calls: [
      ...[`${chat} ok`, `${chat} stream ok`],
      // A batch of two, a chain, a question with tools, and one with a schema (`chat.completions.parse`).
      ...[`${chat} ok`, `${chat} ok`, `${chat} ok`, `${chat} ok`, `${chat} ok`],
      ...[`${responses} ok`, `${responses} stream ok`],
      'completions.create gpt-3.5-turbo-instruct ok',
      ...[`${embedding} ok`, `${embedding} ok`],
      // For Azure: what the request says beside the deployment.
      'chat.completions.create gpt-3.5-turbo ok',
      // LangChain tries again: two calls of the SDK.
      ...[`${chat} error 503`, `${chat} ok`],
      `${chat} error 400`,
    ],
  },
  {
    name: 'langchain-anthropic',
    from: 20,
    framework: undefined,
    sdk: '@anthropic-ai/sdk',
    calls: ['ok', 'stream ok', 'ok', 'error 503', 'ok', 'error 400'].map((end) => `messages.create claude ${end}`),
  },
  {
    name: 'openai-agents',
    from: 22,
    framework: 'openai-agents',
    sdk: 'openai',
    calls: [...agentRuns(responses), ...agentRuns(chat)],
  },
  {
    name: 'llamaindex',
    from: 20,
    framework: undefined,
    sdk: 'openai',
    calls: [
      ...[`${chat} ok`, `${chat} stream ok`, `${chat} ok`, `${responses} ok`],
      // An index of one document, and a question to it.
      ...[`${embedding} ok`, `${embedding} ok`, `${chat} ok`],
      // LlamaIndex leaves it to the SDK to try again.
      `${chat} ok, 1 retries`,
      `${chat} error 400`,
    ],
  },
];

const ways: readonly Pick<RunOptions, 'start' | 'preload'>[] = [
  { start: 'start.cjs', preload: '-r' },
  { start: 'start.cjs', preload: '--import' },
  { start: 'start.mjs', preload: '-r' },
  { start: 'start.mjs', preload: '--import' },
];

describe.each(frameworks)('each model call of $name is one event', (framework) => {
  const runtime = runtimeFrom(framework.from);
  if (!haveFrameworks || !runtime) {
    const missing = haveFrameworks ? `Node ${framework.from}` : 'test/frameworks';
    it.skip(`(${missing} could not be installed)`, () => undefined);
    return;
  }
  const { node } = runtime;
  const bare = new Map<string, Promise<FrameworkRun>>();
  const untraced = (start: RunOptions['start']): Promise<FrameworkRun> => {
    const run = bare.get(start) ?? runFramework(framework.name, { node, start });
    bare.set(start, run);
    return run;
  };

  it.each(ways)('$preload, $start', async ({ start, preload }) => {
    const { events, ...seen } = await runFramework(framework.name, { node, start, preload });
    const { events: none, ...expected } = await untraced(start);
    expect(seen).toEqual(expected);
    expect(none).toEqual([]);
    expect(events.map(describeCall)).toEqual(framework.calls);
    expect(new Set(events.map((event) => event['framework']))).toEqual(new Set([framework.framework]));
    expect(new Set(events.map((event) => event['sdk']))).toEqual(new Set([framework.sdk]));
    // An event for every request but the ones that the SDK repeated within a call: none twice, none missing.
    expect(events.length + sumOf(events, 'retry_count')).toBe(seen.requests);
    expect(events.filter((event) => event['outcome'] === 'ok' && !tellsAnswer(event))).toEqual([]);
  });
});

/** Text, calls of tools, or vectors, of which there is nothing to tell but their tokens. */
function tellsAnswer(event: Properties): boolean {
  const { output, tool_calls: calls, operation, input_tokens: tokens } = event;
  return output !== undefined || calls !== undefined || (operation === 'embedding' && tokens !== undefined);
}

function describeCall(event: Properties): string {
  const { method, model, outcome, streaming, http_status: status, retry_count: retries } = event;
  const call = [method, model, streaming === true && 'stream', outcome, outcome === 'error' && status];
  const repeated = retries === 0 ? '' : `, ${JSON.stringify(retries)} retries`;
  return call.filter((part) => typeof part === 'string' || typeof part === 'number').join(' ') + repeated;
}

function sumOf(events: readonly Properties[], name: string): number {
  return events.reduce((sum, event) => sum + Number(event[name] ?? 0), 0);
}
