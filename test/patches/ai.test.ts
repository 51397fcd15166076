import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newer } from '../support/runtimes';
import { startProviderServer } from '../support/start-provider';
import { runProgram } from '../loading/run-program';
import { differences, expected, expectedOf5, type Table } from './ai-events';
import { versionOf, type Expected } from './describe-patch';

/** What `ai-calls.mjs` prints: of each call, what the application saw of it, and its events. */
interface Seen {
  readonly report: Readonly<Record<string, Call>>;
  /** How the process was left: the global list, the channel, and the methods of the models' classes. */
  readonly left: unknown;
  readonly status: { readonly sdks: readonly object[]; readonly counters: object; readonly lastError?: string };
}

interface Call {
  readonly looks: unknown;
  readonly unhandled: readonly string[];
  readonly events: readonly Expected[];
}

/** The load hooks work outside of Jest only: the calls are made in processes, bare and traced. */
async function makeCalls(
  node: string,
  major: string,
  mode: 'bare' | 'traced',
  environment: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  // A server for each: it counts the faults that it still has to make.
  const server = await startProviderServer();
  const program = join(__dirname, 'ai-calls.mjs');
  const settings = { node, cwd: __dirname, environment: { PROVIDER: server.url, ...environment } };
  const { stdout, stderr } = await runProgram([program, major, mode], settings);
  await server.close();
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`${stdout}\n${stderr}`);
  return JSON.parse(line) as Seen;
}

interface Version {
  readonly name: string;
  readonly node: string | undefined;
  readonly expected: Table;
}

const majors: Readonly<Record<string, Version>> = {
  5: { name: 'ai-v5', node: process.execPath, expected: expectedOf5 },
  6: { name: 'ai-v6', node: process.execPath, expected },
  7: { name: 'ai', node: newer('22')[0]?.node, expected: { ...expected, ...differences } },
};

const isBuilt = existsSync(join(__dirname, '..', '..', 'dist', 'index.js'));

describe.each(Object.entries(majors))('ai %s', (major, { name, node = process.execPath, expected: events }) => {
  const isPossible = isBuilt && (major !== '7' || majors[7]?.node !== undefined || isNewEnough());
  const run = isPossible ? it : it.skip;
  let bare: Seen;
  let traced: Seen;

  beforeAll(async () => {
    if (isPossible)
      [bare, traced] = await Promise.all([makeCalls(node, major, 'bare'), makeCalls(node, major, 'traced')]);
  }, 120_000);

  run.each(Object.keys(events))('%s: the application sees what it saw, and each call is one event', (title) => {
    const call = traced.report[title] as Call;
    const { looks, unhandled } = bare.report[title] as Call;
    expect({ looks: call.looks, unhandled: call.unhandled }).toEqual({ looks, unhandled });
    const wanted = (events[title] ?? []).map((each) => ({ ...each, provider_sdk_version: expect.any(String) }));
    expect(call.events.map((event, at) => select(event, wanted[at] ?? {}))).toEqual(wanted);
  });

  run('there is a table for every call', () => {
    expect(Object.keys(traced.report)).toEqual(Object.keys(events));
  });

  run('after disabling, everything is as it is without us, and nothing went wrong', () => {
    expect(traced.left).toEqual(bare.left);
    expect(traced.status).toMatchObject({ counters: { internalErrors: 0 } });
  });

  run('status() tells the version, and that it is traced', () => {
    expect(traced.status.sdks).toContainEqual(
      expect.objectContaining({ provider: 'ai', sdk: 'ai', version: versionOf(name), methods: expect.any(Number) }),
    );
    expect(traced.status.sdks.filter((sdk) => 'reason' in sdk)).toEqual([]);
  });

  run(
    'in privacy mode nothing that was said leaves, by any of these ways',
    async () => {
      const { report } = await makeCalls(node, major, 'traced', { OPTIONS: '{ "privacyMode": true }' });
      const sent = JSON.stringify(Object.values(report).map((call) => call.events));
      for (const word of ['hello', 'Hello', 'Paris', 'lorem', 'a cat', 'Be nice', 'look'])
        expect(sent).not.toContain(word);
      const [event] = report['generateText']?.events ?? [];
      expect(event).toMatchObject({ output_length: 24, input_length: 13, message_count: 2 });
    },
    60_000,
  );

  run(
    'none is drawn at a sample rate of 0, whoever makes the call',
    async () => {
      const { report, status } = await makeCalls(node, major, 'traced', {
        OPTIONS: '{ "sampleRate": 0 }',
        ONLY: 'generateText|streamText|generateObject|embed|a community provider on a vendor’s SDK',
      });
      expect(Object.values(report).flatMap((call) => call.events)).toEqual([]);
      expect(status.counters).toMatchObject({ operations: 0, dropped: { not_sampled: 5 } });
    },
    60_000,
  );
});

function isNewEnough(): boolean {
  return Number(process.versions.node.split('.')[0]) >= 22;
}

function select(properties: Expected, wanted: Expected): Expected {
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, properties[name]]));
}
