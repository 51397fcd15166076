import { makeWorkspace, type Workspace } from './workspace';
import { runProgram, type Finished, type ProgramOptions } from './run-program';

/** What a program that uses the `recorder` prints at its end. */
export interface Recorded {
  readonly methods: string[];
  readonly events: { event_properties: Record<string, unknown> }[];
  readonly status: {
    enabled: boolean;
    sdks: {
      provider: string;
      sdk: string;
      version?: string;
      format: string;
      place: string;
      methods: number;
      reason?: string;
    }[];
    counters: { operations: number; tracked: number; internalErrors: number };
    lastError?: string;
  };
  readonly extra: Record<string, unknown>;
}

/**
 * A package for the programs of these tests: a client that keeps events, one call a provider, and the report at the
 * end. It loads neither this package nor an SDK before it is asked to.
 */
const recorder = `
const events = [];
exports.events = events;
exports.client = { track: (event) => void events.push(event) };
exports.settings = { apiKey: 'sk-none', baseURL: process.env.PROVIDER + '/v1', maxRetries: 0 };
exports.chat = (openai, prompt = 'Hi') =>
  openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: prompt }] });
exports.message = (anthropic, prompt = 'Hi') =>
  anthropic.messages.create({ model: 'claude', max_tokens: 9, messages: [{ role: 'user', content: prompt }] });
exports.anthropicSettings = { apiKey: 'sk-none', baseURL: process.env.PROVIDER, maxRetries: 0 };
exports.finish = async (extra = {}) => {
  const { llmTracingStatus } = require('@amp/llm-trace');
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  const methods = events.map((event) => event.event_properties.method);
  process.stdout.write('\\n' + JSON.stringify({ methods, events, status: llmTracingStatus(), extra }) + '\\n');
};
`;

/** A workspace whose programs can `require` the recorder. */
export function makeRecordingWorkspace(packages: readonly string[] = []): Workspace {
  const workspace = makeWorkspace(packages);
  workspace.write('node_modules/recorder/index.js', recorder);
  workspace.write('node_modules/recorder/package.json', '{ "name": "recorder", "main": "index.js" }');
  return workspace;
}

/** Writes the program, runs it, and reads its report. */
export async function record(
  workspace: Workspace,
  file: string,
  source: string,
  options: Omit<ProgramOptions, 'cwd'> & { cwd?: string } = {},
): Promise<Recorded & { finished: Finished }> {
  const program = workspace.write(file, source);
  const finished = await runProgram([program], { cwd: workspace.directory, ...options });
  const line = finished.stdout.trim().split('\n').at(-1) ?? '';
  if (finished.code !== 0 || !line.startsWith('{')) {
    throw new Error(`${file} ended with ${finished.code ?? finished.signal}\n${finished.stdout}\n${finished.stderr}`);
  }
  return { ...(JSON.parse(line) as Recorded), finished };
}
