import { createRequire } from 'node:module';

interface Result {
  readonly title: string;
  readonly tracked: number;
  readonly problems: readonly string[];
}

/** Plain JavaScript, since `npm run test:faults` runs it without Jest. */
const load = createRequire(__filename);
const scenarios = load('./scenarios.cjs') as { readonly title: string }[];
const { runAll } = load('./run-scenario.cjs') as {
  runAll(
    scenarios: readonly { readonly title: string }[],
    form: { events: number; isFull: boolean },
    done: (result: Result) => void,
  ): Promise<void>;
};

/** The short form: a hundred to some thousand events each. `npm run test:faults` is the long one. */
const results = new Map<string, Result>();

beforeAll(
  () => runAll(scenarios, { events: 100, isFull: false }, (result) => results.set(result.title, result)),
  240_000,
);

describe('nothing is lost, and nothing is there twice, through', () => {
  it.each(scenarios.map(({ title }) => title))('%s', (title) => {
    expect(results.get(title)?.problems).toEqual([]);
    expect(results.get(title)?.tracked).toBeGreaterThanOrEqual(30);
  });
});
