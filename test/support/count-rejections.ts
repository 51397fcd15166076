/**
 * Run as a process of its own, because Jest takes unhandled rejections for itself: prints how many each way to use a
 * failing function leaves behind, bare and observed.
 */
import OpenAI from 'openai';
import { disableLlmTracing, enableLlmTracing, observe } from '../../src';

type Fails = () => Promise<unknown>;

const openai = new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: () => Promise.reject(new Error('no network')) });

async function failLater(): Promise<never> {
  await Promise.resolve();
  throw new Error('no');
}

async function* failingSteps(): AsyncGenerator<number> {
  yield await Promise.resolve(1);
  throw new Error('no');
}

class Job extends Promise<never> {}

const shared = failLater;

const functions: Readonly<Record<string, () => Fails>> = {
  'async function': () => failLater,
  'plain function': () => () => Promise.reject(new Error('no')),
  'function with one promise for all': () => {
    const promise = shared();
    return () => promise;
  },
  'call of an SDK': () => () => openai.chat.completions.create({ model: 'gpt-5', messages: [] }),
  'promise of a class of its own': () => () => Job.reject(new Error('no')),
};

const uses: Readonly<Record<string, (fails: Fails) => unknown>> = {
  'nobody handles': (fails) => void fails(),
  'nobody awaits': async (fails) => fails(),
  catch: (fails) => fails().catch(() => undefined),
  then: (fails) => fails().then(undefined, () => undefined),
  'only then': (fails) => void fails().then(() => undefined),
  'try and await': async (fails) => {
    try {
      await fails();
    } catch {
      return;
    }
  },
  'finally and catch': (fails) =>
    fails()
      .finally(() => undefined)
      .catch(() => undefined),
  allSettled: (fails) => Promise.allSettled([fails(), fails()]),
  'first ignored, second handled': (fails) => {
    void fails();
    return fails().catch(() => undefined);
  },
};

let count = 0;
process.on('unhandledRejection', () => void (count += 1));

async function countOf(run: () => unknown): Promise<number> {
  count = 0;
  try {
    // Not awaited: that would be a handler.
    void run();
  } catch {
    count += 100;
  }
  await new Promise((resolve) => setTimeout(resolve, 15));
  return count;
}

async function main(): Promise<void> {
  const found: Record<string, number[]> = {};
  const steps = (wrap: <Fn extends () => AsyncGenerator<number>>(fn: Fn) => Fn) => async (): Promise<void> => {
    const generator = wrap(failingSteps)();
    await generator.next();
    void generator.next();
  };
  for (const isOn of [false, true]) {
    if (isOn) enableLlmTracing({ track: () => undefined }, { noWarning: true, modules: { openai: OpenAI } });
    for (const options of [undefined, {}, { context: { privacyMode: true } }, { trackAs: true }]) {
      const wrap = <Fn extends (...args: never[]) => unknown>(fn: Fn): Fn =>
        options === undefined ? fn : observe(fn as never, options);
      for (const [name, make] of Object.entries(functions)) {
        for (const [use, run] of Object.entries(uses)) {
          const fails = wrap(make());
          (found[`${name}: ${use}`] ??= []).push(await countOf(() => run(fails)));
        }
      }
      (found['async generator: nobody handles a step'] ??= []).push(await countOf(steps(wrap as never)));
    }
  }
  disableLlmTracing();
  process.stdout.write(JSON.stringify(found));
}

void main();
