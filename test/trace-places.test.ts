import OpenAI from 'openai';
import {
  annotate,
  annotateClient,
  currentLlmTrace,
  observe,
  serializeLlmContext,
  setLlmContext,
  withLlmContext,
  type LlmContext,
} from '../src';
import { messages, startContextBench } from './support/context-bench';
import { inSpan, manageSpans } from './support/open-telemetry-spans';

const bench = startContextBench();
const { ask, eventsOf } = bench;

const request = { model: 'gpt-5', messages };
const connect = (): OpenAI => new OpenAI({ apiKey: 'k', baseURL: `${bench.url()}/v1`, maxRetries: 0 });
const askWith = (context: LlmContext): Promise<unknown> =>
  connect().chat.completions.create(annotate({ ...request }, context));

/** Where the first call was. */
async function placeOf(work: () => unknown): Promise<{ traceId: unknown; spanId: unknown }> {
  const [event] = await eventsOf(work);
  return { traceId: event?.event_properties['trace_id'], spanId: event?.event_properties['parent_span_id'] };
}

const spanA = { traceId: 'a'.repeat(32), spanId: 'a'.repeat(16) };
const spanB = { traceId: 'b'.repeat(32), spanId: 'b'.repeat(16) };

describe('where a call is, beside spans of OpenTelemetry', () => {
  manageSpans();

  it.each<[string, (work: () => unknown) => unknown]>([
    ['in no span', (work) => work()],
    ['in a span', (work) => inSpan(spanA, work)],
  ])('setLlmContext in a span that has ended moves nothing into it (%s)', async (_where, around) => {
    let outer = {};
    const place = await placeOf(() =>
      around(
        observe(async () => {
          outer = currentLlmTrace();
          inSpan(spanB, () => setLlmContext({ userId: 'user-1' }));
          await ask();
        }),
      ),
    );
    expect(place).toEqual(outer);
  });

  it('setLlmContext with a trace goes there', async () => {
    const place = await placeOf(() =>
      observe(async () => {
        inSpan(spanB, () => setLlmContext({ traceId: 'mine', parentSpanId: 'my-span' }));
        await ask();
      })(),
    );
    expect(place).toEqual({ traceId: 'mine', spanId: 'my-span' });
  });

  it('a trace that is entered again inside a span of another trace holds, with its own span', async () => {
    let outer = {};
    for (const how of ['serialized', 'named'] as const) {
      const place = await placeOf(
        observe(() => {
          outer = currentLlmTrace();
          const { traceId } = currentLlmTrace();
          const context = how === 'serialized' ? serializeLlmContext() : { traceId };
          return inSpan(spanB, () => withLlmContext(context, () => ask()));
        }),
      );
      expect(place).toEqual(outer);
    }
  });

  it('the trace of the active span, named, is that place', async () => {
    const place = await placeOf(() =>
      inSpan(spanA, () => withLlmContext({ traceId: spanA.traceId }, () => inSpan(spanB, () => ask()))),
    );
    expect(place).toEqual({ traceId: spanA.traceId, spanId: spanA.spanId });
  });

  it('a root span inside an observed function is the place of what is called in there', async () => {
    expect(await placeOf(observe(() => inSpan(spanB, () => ask())))).toEqual(spanB);
    const named = observe(() => inSpan(spanB, () => ask()), { context: { traceId: 'mine' } });
    expect(await placeOf(named)).toMatchObject({ traceId: 'mine' });
  });
});

describe('where an annotated call is', () => {
  it('is the place around where it names the trace that is there already', async () => {
    let outer = {};
    const place = await placeOf(
      observe(() => {
        outer = currentLlmTrace();
        return askWith({ traceId: currentLlmTrace().traceId });
      }),
    );
    expect(place).toEqual(outer);
  });

  it('is the one that it names, without the parent of another trace', async () => {
    expect(await placeOf(observe(() => askWith({ traceId: 'mine' })))).toEqual({ traceId: 'mine', spanId: undefined });
    expect(await placeOf(observe(() => askWith({ parentSpanId: 'my-span' })))).toMatchObject({ spanId: 'my-span' });
  });

  it('is the one that is said of its client, where nothing is around it', async () => {
    const said = { traceId: 'of-client', parentSpanId: 'span-of-client' };
    const client = annotateClient(connect(), said);
    const call = (): unknown => client.chat.completions.create({ ...request });
    expect(await placeOf(call)).toEqual({ traceId: said.traceId, spanId: said.parentSpanId });
    expect(await placeOf(() => withLlmContext({ traceId: 'around' }, call))).toEqual({
      traceId: 'around',
      spanId: undefined,
    });
    expect(await placeOf(() => withLlmContext({ traceId: said.traceId }, call))).toEqual({
      traceId: said.traceId,
      spanId: said.parentSpanId,
    });
  });
});
