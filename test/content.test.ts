import { boundedString, fitEvent, gateText, toJson, type ContentRules, type TextKind } from '../src/content';
import { propertyNames } from '../src/event-properties';
import type { JsonValue, LlmEvent } from '../src/types';

const open: ContentRules = {
  privacyMode: false,
  includePrompts: true,
  includeResponses: true,
  maxPromptLength: 10,
  maxMessageLength: 5,
  maxResponseLength: 8,
};

const kinds: readonly TextKind[] = ['message', 'input', 'output', 'tool_arguments', 'error'];

const textOf = (text: string, length = text.length): { text: string; length: number } => ({ text, length });

describe('the gate for text', () => {
  it.each<[TextKind, string, string]>([
    ['message', '12345', '12345'],
    ['message', '123456', '12345…'],
    ['tool_arguments', '123456', '12345…'],
    ['input', '1234567890', '1234567890'],
    ['input', '12345678901', '1234567890…'],
    ['output', '12345678', '12345678'],
    ['output', '123456789', '12345678…'],
    ['error', '123456789', '12345678…'],
    ['output', '', ''],
  ])('cuts %s %j to %j', (where, text, shown) => {
    expect(gateText(textOf(text), where, open)).toBe(shown);
  });

  it('says that a text was cut by its reader already', () => {
    expect(gateText(textOf('1234', 4_000), 'output', open)).toBe('1234…');
    expect(gateText(textOf('', 4_000), 'output', { ...open, maxResponseLength: 0 })).toBe('…');
  });

  it.each([
    ['1234😀', '1234…'],
    ['123😀5', '123😀…'],
    ['12345😀', '12345…'],
    ['😀😀😀', '😀😀…'],
  ])('never splits a surrogate pair: %s becomes %s', (text, shown) => {
    const gated = gateText(textOf(text), 'message', open);
    expect(gated).toBe(shown);
    expect(Buffer.from(gated ?? '', 'utf8').toString('utf8')).toBe(gated);
  });

  it('takes keys out of errors, whatever else is to be taken out: gateways echo what they were sent', () => {
    const rules = { ...open, maxResponseLength: 500 };
    const key = 'sk-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9';
    const text = `Invalid proxy server token passed. Received=Bearer ${key}, known is {"body":"\\n${key}"}`;
    const shown = 'Invalid proxy server token passed. Received=Bearer [api_key], known is {"body":"\\n[api_key]"}';
    expect(gateText(textOf(text), 'error', rules)).toBe(shown);
    expect(gateText(textOf(text), 'output', rules)).toBe(text);
    expect(gateText(textOf(text), 'error', { ...rules, redact: (given) => String(given).toUpperCase() })).toBe(
      shown.toUpperCase(),
    );
    expect(gateText(textOf(text), 'error', { ...rules, maxResponseLength: 70 })).not.toContain('sk-');
    const plain = 'You exceeded your current quota, please check your plan. '.repeat(2);
    expect(gateText(textOf(plain), 'error', { ...rules, maxResponseLength: 70 })).toBe(`${plain.slice(0, 70)}…`);
  });

  it('has nothing to say where there is no text', () => {
    for (const where of kinds) expect(gateText(undefined, where, open)).toBeUndefined();
  });

  // In privacy mode both are false: `enable` makes that of it.
  it.each<[boolean, boolean, TextKind[]]>([
    [true, true, ['message', 'input', 'output', 'tool_arguments', 'error']],
    [true, false, ['message', 'input']],
    [false, true, ['output', 'tool_arguments']],
    [false, false, []],
  ])(
    'with prompts %s and responses %s lets out %j; an error echoes either, so it needs both',
    (includePrompts, includeResponses, allowed) => {
      const rules = { ...open, includePrompts, includeResponses };
      expect(kinds.filter((where) => gateText(textOf('x'), where, rules) !== undefined)).toEqual(allowed);
    },
  );
});

describe('redact', () => {
  it('gets text that is cut already, and is told what it is', () => {
    const calls: unknown[] = [];
    const redact = (text: string, where: TextKind): string => {
      calls.push([text, where]);
      return text.toUpperCase();
    };
    expect(gateText(textOf('secretive'), 'message', { ...open, redact })).toBe('SECRE…');
    expect(gateText(textOf('done'), 'output', { ...open, redact })).toBe('DONE');
    expect(calls).toEqual([
      ['secre', 'message'],
      ['done', 'output'],
    ]);
  });

  it('is not asked about text that may not leave anyway', () => {
    const redact = jest.fn((text: string) => text);
    gateText(textOf('x'), 'error', { ...open, includePrompts: false, redact });
    expect(redact).not.toHaveBeenCalled();
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', { toString: () => 'raw' }],
    ['a promise', Promise.resolve('raw')],
    ['a promise that rejects (which must not end the process)', Promise.reject(new Error('asynchronous'))],
  ])('leaves the text out where it returns %s', (...[, returned]) => {
    const redact = (() => returned) as () => string;
    expect(gateText(textOf('raw'), 'output', { ...open, redact })).toBeUndefined();
  });

  it('leaves the text out where it throws: raw text must not leave because a redaction failed', () => {
    const redact = (): string => {
      throw new Error('no');
    };
    expect(gateText(textOf('raw'), 'output', { ...open, redact })).toBeUndefined();
  });

  it('can not make a string that the server would cut, nor half of a surrogate pair', () => {
    const redact = (): string => `${'x'.repeat(1_022)}😀${'x'.repeat(5_000)}`;
    const shown = gateText(textOf('123456789'), 'output', { ...open, redact });
    expect(shown).toBe(`${'x'.repeat(1_022)}…`);
  });
});

describe('a copy that JSON can hold', () => {
  const cycle: Record<string, unknown> = { name: 'a' };
  cycle['self'] = cycle;
  const list: unknown[] = [1];
  list.push(list);
  const throwing = {
    before: 1,
    get bad(): never {
      throw new Error('getter');
    },
    after: 2,
  };
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  it.each<[string, unknown, JsonValue | undefined]>([
    ['a string', 'text', 'text'],
    ['a number', 1.5, 1.5],
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', -Infinity, '-Infinity'],
    ['a boolean', false, false],
    ['null', null, null],
    ['undefined', undefined, undefined],
    ['a BigInt, which ends the process in analytics-node', 12345678901234567890n, '12345678901234567890'],
    ['a function', () => 1, undefined],
    ['a symbol', Symbol('s'), undefined],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a date that is none', new Date(Number.NaN), undefined],
    ['bytes', Buffer.alloc(1_000), undefined],
    ['a list with holes and odd values', [1, undefined, () => 1, 2n], [1, null, null, '2']],
    ['an object with odd values', { a: undefined, b: Symbol('s'), c: { d: 1n } }, { c: { d: '1' } }],
    ['a cycle, which loses the batch', cycle, { name: 'a' }],
    ['a list that holds itself', list, [1, null]],
    ['the same object twice, which is no cycle', [list[0], { a: throwing.before }], [1, { a: 1 }]],
    ['an object with a getter that throws', throwing, { before: 1, after: 2 }],
    ['a revoked proxy', proxy, undefined],
    ['an object that holds one', { proxy, other: 1 }, { other: 1 }],
    ['inherited properties', Object.create({ inherited: 1 }), {}],
    ['a prototype in the text of a JSON', JSON.parse('{"__proto__":{"polluted":1},"a":1}'), { a: 1 }],
  ])('of %s', (...[, value, json]) => {
    expect(toJson(value)).toEqual(json);
  });

  it('cuts long strings and names', () => {
    expect(toJson('x'.repeat(2_000))).toBe(`${'x'.repeat(1_023)}…`);
    expect(toJson(`${'x'.repeat(1_022)}😀x`)).toBe(`${'x'.repeat(1_022)}…`);
    expect(Object.keys(toJson({ ['k'.repeat(2_000)]: 1 }) as object)[0]).toHaveLength(1_024);
    expect(boundedString('short')).toBe('short');
  });

  it('holds no more values than an event can', () => {
    expect(toJson(Array.from({ length: 100_000 }, (_, index) => index))).toHaveLength(4_000);
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`name${index}`, index]));
    expect(Object.keys(toJson(wide) as object)).toHaveLength(4_000);
  });

  it('goes no deeper than the server takes', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 10_000; level++) deep = { deep };
    const depth = JSON.stringify(toJson(deep)).split('{').length - 1;
    expect(depth).toBeGreaterThan(5);
    expect(depth).toBeLessThanOrEqual(40);
  });

  it('does bounded work on an object that holds itself or others many times over', () => {
    const knot: Record<string, unknown> = {};
    const layers = [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}] as Record<string, unknown>[];
    for (const [index, layer] of layers.entries()) {
      for (const name of 'abcdefgh') layer[name] = layers[index + 1] ?? 'leaf';
      knot[index] = layer;
      knot[`self${index}`] = knot;
    }
    const start = performance.now();
    expect(JSON.stringify(toJson(knot)).length).toBeLessThan(1_000_000);
    expect(JSON.stringify(toJson(Array.from({ length: 100_000 }, () => knot))).length).toBeLessThan(1_000_000);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('the size of an event', () => {
  const size = (event: LlmEvent): number => Buffer.byteLength(JSON.stringify(event));
  const eventWith = (properties: Record<string, JsonValue>): LlmEvent => ({
    event_type: 'llm_operation',
    event_properties: { provider: 'openai', input_tokens: 20, ...properties },
    time: 1,
    insert_id: 'id',
    device_id: 'device',
  });

  it('leaves an event alone that is small enough', () => {
    const event = eventWith({ output: 'x'.repeat(1_000), mine: [1, 2] });
    const before = structuredClone(event);
    expect(fitEvent(event, propertyNames)).toBe(true);
    expect(event).toEqual(before);
  });

  it('drops the oldest messages first, and only as many as it must', () => {
    const messages = Array.from({ length: 50 }, (_, index) => ({
      role: 'user',
      content: `${index} ${'é'.repeat(900)}`,
    }));
    const event = eventWith({ messages, output: 'answer' });
    expect(fitEvent(event, propertyNames)).toBe(true);
    const kept = event.event_properties['messages'] as readonly { content: string }[];
    expect(kept.length).toBeGreaterThanOrEqual(8);
    expect(kept.at(-1)?.content).toMatch(/^49 /);
    expect(event.event_properties['output']).toBe('answer');
    expect(size(event)).toBeLessThanOrEqual(16 * 1_024);
  });

  it('keeps the names of called tools when their arguments are too long', () => {
    const calls = Array.from({ length: 20 }, (_, index) => ({ name: `tool_${index}`, arguments: 'x'.repeat(1_023) }));
    const event = eventWith({ tool_calls: [...calls, { arguments: 'x' }], output: 'answer' });
    expect(fitEvent(event, propertyNames)).toBe(true);
    expect(event.event_properties['tool_calls']).toEqual([...calls.map(({ name }) => ({ name })), {}]);
    expect(event.event_properties['output']).toBe('answer');
  });

  it('keeps names and numbers of its own when what users added is too much', () => {
    const event = eventWith({ mine: Array.from({ length: 900 }, () => 'x'.repeat(100)), output: 'x'.repeat(1_000) });
    expect(fitEvent(event, propertyNames)).toBe(true);
    expect(event.event_properties).toEqual({ provider: 'openai', input_tokens: 20 });
  });

  it('counts bytes and not characters', () => {
    const event = eventWith({ output: '\u0000'.repeat(1_000), input: '語'.repeat(1_000), mine: '語'.repeat(4_000) });
    expect(fitEvent(event, propertyNames)).toBe(true);
    expect(size(event)).toBeLessThanOrEqual(16 * 1_024);
  });

  it('gives up where the names alone are too many', () => {
    const event = { ...eventWith({}), more: 'x'.repeat(20_000) };
    expect(fitEvent(event, propertyNames)).toBe(false);
  });

  it('survives properties of unknown shape that beforeSend has made', () => {
    const event = eventWith({ messages: 'x'.repeat(9_000), tool_calls: [null, 'x'.repeat(9_000), 1] });
    expect(fitEvent(event, propertyNames)).toBe(true);
  });
});
