import { context, ROOT_CONTEXT, trace, type ContextManager } from '@opentelemetry/api';
import { extractLlmContext, injectLlmContext, serializeLlmContext, withLlmContext } from '../src';
import { openSpan } from '../src/context/context';
import { sharedState } from '../src/shared-state';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const header = `00-${traceId}-${spanId}-01`;
const place = { traceId, parentSpanId: spanId };
const written = new RegExp(`^00-${traceId}-(?!0{16})[0-9a-f]{16}-01$`);

const problems: string[] = [];

beforeEach(() => {
  problems.length = 0;
  sharedState().problem = (what, error) => problems.push(`${what}: ${String(error)}`);
});
afterEach(() => {
  delete sharedState().problem;
  context.disable();
});

/** In a trace that has this id. */
function inTrace<Result>(run: () => Result, id = traceId): Result {
  return withLlmContext({ traceId: id }, run);
}

describe('a traceparent that came in', () => {
  it.each<[string, object]>([
    ['the headers of a request of Node', { host: 'a', traceparent: header }],
    ['rawHeaders', ['Host', 'a', 'Traceparent', header]],
    ['Headers', new Headers({ traceparent: header })],
    ['a Request', new Request('http://127.0.0.1/', { headers: { TraceParent: header } }).headers],
    ['a Map', new Map([['Traceparent', header]])],
    ['an object with names in any case', { TraceParent: header }],
    ['an object of lists', { traceparent: [header] }],
    ['pairs', [['host', 'a'], ['traceparent', header]]], // prettier-ignore
    ['an object without a prototype', Object.assign(Object.create(null) as object, { traceparent: header })],
    ['white space around it', { traceparent: ` \t${header} ` }],
    ['a version to come', { traceparent: `cc-${traceId}-${spanId}-01-what-the-future-will-be-like` }],
    ['a version to come that says no more', { traceparent: `01-${traceId}-${spanId}-03` }],
    ['flags that are not known', { traceparent: `00-${traceId}-${spanId}-ff` }],
  ])('is read from %s', (...[, headers]) => {
    expect(extractLlmContext(headers)).toEqual(place);
  });

  // The cases of the W3C's own validation suite, and of level 2 of the specification.
  it.each<[string, unknown]>([
    ['no header', {}],
    ['an empty header', { traceparent: '' }],
    ['version ff', { traceparent: `ff-${traceId}-${spanId}-01` }],
    ['a version of one digit', { traceparent: `0-${traceId}-${spanId}-01` }],
    ['a version of other letters', { traceparent: `.0-${traceId}-${spanId}-01` }],
    ['more than version 00 has', { traceparent: `${header}-what-the-future-will-be-like` }],
    ['a later version without a dash', { traceparent: `cc-${traceId}-${spanId}-01.what` }],
    ['a trace of zeros', { traceparent: `00-${'0'.repeat(32)}-${spanId}-01` }],
    ['a parent of zeros', { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` }],
    ['a trace that is too short', { traceparent: `00-${traceId.slice(1)}-${spanId}-01` }],
    ['a trace that is too long', { traceparent: `00-${traceId}0-${spanId}-01` }],
    ['a trace that is no hexadecimal number', { traceparent: `00-${traceId.slice(1)}.-${spanId}-01` }],
    ['upper case', { traceparent: header.toUpperCase() }],
    ['a parent in upper case', { traceparent: `00-${traceId}-${spanId.toUpperCase()}-01` }],
    ['flags of one digit', { traceparent: `00-${traceId}-${spanId}-1` }],
    ['flags that are no number', { traceparent: `00-${traceId}-${spanId}-.0` }],
    ['no flags', { traceparent: `00-${traceId}-${spanId}` }],
    ['something before it', { traceparent: `x${header}` }],
    ['a line break in it', { traceparent: `${header}\n-x` }],
    ['two headers, as Node joins them', { traceparent: `${header}, ${header}` }],
    ['two headers', { traceparent: [header, header] }],
    ['two headers in rawHeaders', ['traceparent', header, 'Traceparent', header]],
    ['two names', { traceparent: header, Traceparent: header }],
    ['two in Headers', new Headers([['traceparent', header], ['traceparent', header]])], // prettier-ignore
    ['a value that is none', { traceparent: 7 }],
    ['a header that is very long', { traceparent: `cc-${traceId}-${spanId}-01-${'x'.repeat(100_000)}` }],
    ['a name that is a value', ['x-name', 'traceparent', 'x-other', header]],
    ['an empty list', []],
    ['nothing', undefined],
    ['null', null],
  ])('is none with %s', (...[, headers]) => {
    expect(extractLlmContext(headers as object)).toEqual({});
    expect(problems).toEqual([]);
  });

  it('says ids and nothing else, whatever else the request says', () => {
    const said = serializedWith({ privacyMode: false, userId: 'somebody-else', properties: { plan: 'free' } });
    const headers = { traceparent: header, tracestate: 'a=1', baggage: 'userId=somebody-else', llmcontext: said };
    expect(Object.keys(extractLlmContext(headers)).sort()).toEqual(['parentSpanId', 'traceId']);
  });

  it('is none, and reported, where headers throw', () => {
    const headers = { get traceparent(): string { throw new Error('broken'); } }; // prettier-ignore
    expect(extractLlmContext(headers)).toEqual({});
    expect(problems).toEqual([expect.stringContaining('broken')]);
  });
});

describe('a traceparent that goes out', () => {
  it.each<[string, () => object, (headers: never) => unknown]>([
    ['an object', () => ({ accept: 'a' }), (headers: Record<string, string>) => headers['traceparent']],
    ['Headers', () => new Headers({ accept: 'a' }), (headers: Headers) => headers.get('traceparent')],
    ['a Request', () => new Request('http://127.0.0.1/'), ({ headers }: Request) => headers.get('traceparent')],
    ['a Map', () => new Map([['accept', 'a']]), (headers: Map<string, string>) => headers.get('traceparent')],
    ['pairs', () => [['accept', 'a']], (headers: string[][]) => new Headers(headers).get('traceparent')],
    [
      'names and values in turn',
      () => ['accept', 'a'],
      (headers: string[]) => headers[headers.indexOf('traceparent') + 1],
    ],
  ])('is written to %s, which is the same object', (...[, make, read]) => {
    const headers = make();
    expect(inTrace(() => injectLlmContext(headers))).toBe(headers);
    expect(read(headers as never)).toMatch(written);
    expect(extractLlmContext(headers)).toEqual({
      traceId,
      parentSpanId: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
  });

  it('takes the place of the one that is there, in any case of letters', () => {
    const former = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-00`;
    const carriers = [
      { Traceparent: former, TRACEPARENT: former, accept: 'a' },
      new Headers({ traceparent: former }),
      new Map([['TraceParent', former]]),
      [['Traceparent', former], ['accept', 'a']], // prettier-ignore
      ['accept', 'a', 'Traceparent', former],
    ];
    for (const headers of carriers) {
      expect(extractLlmContext(inTrace(() => injectLlmContext(headers))).traceId).toBe(traceId);
    }
  });

  it('names the innermost span', () => {
    const { context: inner, run } = inTrace(() => openSpan());
    expect(run(() => injectLlmContext({}))).toEqual({ traceparent: `00-${traceId}-${inner.spanId}-01` });
  });

  it('names the span that it got itself, where the application has none of its own', () => {
    expect(withLlmContext(extractLlmContext({ traceparent: header }), () => injectLlmContext({}))).toEqual({
      traceparent: header,
    });
  });

  it('names the request itself where there is no span, each time another', () => {
    const [one, two] = inTrace(() => [injectLlmContext({}), injectLlmContext({})]);
    expect(one).not.toEqual(two);
  });

  it('says nothing of who the user is, nor anything else', () => {
    const told = { traceId, userId: 'user-1', llmSessionId: 'chat-1', properties: { plan: 'free' }, privacyMode: true };
    expect(withLlmContext(told, () => injectLlmContext({}))).toEqual({
      traceparent: expect.stringMatching(written) as string,
    });
  });

  it('is not written outside of a trace', () => {
    expect(injectLlmContext({})).toEqual({});
  });

  it.each(['conversation-1', crypto.randomUUID(), '0'.repeat(32), traceId.toUpperCase(), `${traceId}0`])(
    'is not written for the trace %s, which is none of W3C',
    (id) => {
      expect(inTrace(() => injectLlmContext({}), id)).toEqual({});
      expect(problems).toEqual([]);
    },
  );

  it.each<[string, object]>([
    ['an empty array', []],
    ['a frozen object', Object.freeze({ accept: 'a' })],
    ['a carrier that throws', { set: () => fail() }],
    ['nothing', undefined as never],
    ['null', null as never],
  ])('leaves %s as it is, and reports it', (...[, headers]) => {
    const before = headers && { ...headers };
    expect(inTrace(() => injectLlmContext(headers))).toBe(headers);
    expect(headers && { ...headers }).toEqual(before);
    expect(problems).toHaveLength(1);
  });
});

describe('with an active span of OpenTelemetry', () => {
  it.each([
    [1, '01'],
    [0, '00'],
  ])('its ids and its flags %d are written', (traceFlags, flags) => {
    activate({ traceId, spanId, traceFlags });
    expect(injectLlmContext({})).toEqual({ traceparent: `00-${traceId}-${spanId}-${flags}` });
  });

  it('a trace that the application named is written as recorded', () => {
    activate({ traceId: '1'.repeat(32), spanId, traceFlags: 0 });
    expect(inTrace(() => injectLlmContext({}))).toEqual({ traceparent: expect.stringMatching(written) as string });
  });
});

function serializedWith(told: object): string {
  return withLlmContext(told, serializeLlmContext);
}

function activate(span: { traceId: string; spanId: string; traceFlags: number }): void {
  const active = trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(span));
  const manager: ContextManager = {
    active: () => active,
    with: () => undefined as never,
    bind: () => undefined as never,
    enable: () => manager,
    disable: () => manager,
  };
  expect(context.setGlobalContextManager(manager)).toBe(true);
}

function fail(): never {
  throw new Error('broken');
}
