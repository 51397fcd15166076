import { definePatch } from '../src/define-patch';
import { checks } from '../src/option-checks';
import { checkClient, defaults, resolveOptions, type LlmTracingOptions } from '../src/options';
import { patches } from '../src/patches';
import type { ProviderPatch } from '../src/types';

const everyProvider = patches.map(({ name }) => name);
const acme: ProviderPatch = {
  name: 'acme',
  module: 'acme-llm',
  versions: '2',
  entryFiles: ['index', 'dist/client'],
  methods: () => [],
  servedBy: () => 'acme',
};

const resolve = (options: unknown): unknown => resolveOptions(options as LlmTracingOptions);

/** The one error that wrong options throw. */
function problem(options: unknown): string {
  try {
    resolve(options);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  throw new Error('nothing was wrong');
}

describe('options', () => {
  it('all have defaults', () => {
    expect(resolveOptions()).toEqual({
      providers: everyProvider,
      patches: [],
      modules: {},
      ...defaults,
    });
    expect(resolveOptions({ userId: undefined, maxMessages: undefined } as object)).toEqual(resolveOptions({}));
  });

  it('can be a list of providers', () => {
    expect(resolveOptions(['anthropic'])).toMatchObject({ providers: ['anthropic'], maxMessages: 5 });
    expect(resolveOptions([])).toMatchObject({ providers: [] });
  });

  it('are taken as they are where they are right', () => {
    const given: LlmTracingOptions = {
      providers: ['openai'],
      patches: [acme],
      modules: { openai: class OpenAI {}, acme: class Acme {} },
      includePrompts: false,
      includeResponses: false,
      maxPromptLength: 0,
      maxMessageLength: 1_023,
      maxMessages: 50,
      maxResponseLength: 1,
      privacyMode: true,
      excludeInput: true,
      excludeOutput: true,
      redact: (text) => text,
      trackTokens: false,
      trackCost: false,
      prices: { 'my-model': { input: 1, output: 2, cachedInput: 0.1, cacheCreation: 1.25, reasoning: 2 } },
      sampleErrors: true,
      schema: 'both',
      sampleRate: 0,
      userId: 'user-1',
      deviceId: 'device-1',
      groups: { company: 'acme', team: ['a', 'b'] },
      properties: { version: '1.0.0' },
      beforeSend: (event) => event,
      onError: () => undefined,
      debug: true,
      spool: { directory: 'outbox', maxBytes: 1_000 },
      noWarning: true,
    };
    expect(Object.keys(given).sort()).toEqual(Object.keys(checks).sort());
    expect(resolveOptions(given)).toEqual(given);
  });

  it.each<[keyof LlmTracingOptions, unknown, RegExp]>([
    ['providers', 'openai', /providers must be an array of 'openai', 'anthropic', .*, not "openai"/],
    ['providers', ['opnai'], /providers must be an array of 'openai', 'anthropic', .*, not \["opnai"\]/],
    ['patches', acme, /patches must be an array of patches/],
    ['patches', [null], /patches must be .* made with definePatch/],
    ['patches', [{ ...acme, name: 'Acme Inc.' }], /name of a patch must be a name of lower case letters/],
    ['patches', [{ ...acme, module: undefined }], /module of a patch must be the name of an npm package/],
    ['patches', [{ ...acme, entryFiles: [] }], /entryFiles of a patch must be an array of files/],
    ['patches', [{ ...acme, entryFiles: ['./index.js'] }], /entryFiles of a patch must be .* without extension/],
    ['patches', [{ ...acme, methods: [] }], /methods of a patch must be a function/],
    ['patches', [{ ...acme, servedBy: 'acme' }], /servedBy of a patch must be a function/],
    ['patches', [{ ...acme, name: 'openai' }], /names of their own \('openai' is taken\)/],
    ['patches', [acme, acme], /names of their own \('acme' is taken\)/],
    ['modules', { acme: class {} }, /modules must be/],
    ['modules', [], /modules must be an object of modules or classes by provider/],
    ['modules', { openia: class {} }, /modules .*\(openai, anthropic, .*\), not \{ openia: function \}/],
    ['modules', { openai: 'openai' }, /modules .* not \{ openai: string \}/],
    ['modules', { openai: null }, /modules must be/],
    ['includePrompts', 'false', /includePrompts must be true or false, not "false"/],
    ['includeResponses', 0, /includeResponses must be true or false, not 0/],
    ['maxPromptLength', -1, /maxPromptLength must be a whole number from 0 to 1023, not -1/],
    ['maxMessageLength', 1_024, /maxMessageLength must be a whole number from 0 to 1023, not 1024/],
    ['maxMessages', 51, /maxMessages must be a whole number from 0 to 50, not 51/],
    ['maxMessages', 2n, /not 2n/],
    ['maxResponseLength', 1.5, /maxResponseLength must be a whole number from 0 to 1023, not 1.5/],
    ['maxResponseLength', Number.NaN, /not NaN/],
    ['maxResponseLength', Infinity, /not Infinity/],
    ['maxResponseLength', '500', /not "500"/],
    ['privacyMode', null, /privacyMode must be true or false, not null/],
    ['redact', /x/, /redact must be a function, or an array of 'email', 'phone'/],
    ['redact', ['emial'], /redact must be an array of 'email', .*, not \["emial"\]/],
    ['excludeInput', 1, /excludeInput must be true or false, not 1/],
    ['trackCost', 'no', /trackCost must be true or false, not "no"/],
    ['prices', { 'my-model': { inputs: 1 } }, /prices must be .* each with input, output, cachedInput/],
    ['prices', { 'my-model': { input: '1' } }, /prices must be .* in USD per million tokens/],
    ['prices', { 'my-model': { input: -1 } }, /prices must be/],
    ['prices', [], /prices must be a function, or an object of prices by model/],
    ['sampleErrors', 'all', /sampleErrors must be true or false/],
    ['schema', 'gen_ai', /schema must be 'llm_operation' or 'agent' or 'both' or 'otel', not "gen_ai"/],
    ['sampleRate', 1.01, /sampleRate must be a number from 0 to 1, not 1.01/],
    ['sampleRate', Number.NaN, /sampleRate must be a number from 0 to 1, not NaN/],
    ['userId', 'abcd', /userId must be a string of 5 characters or more that is not a reserved word, not "abcd"/],
    ['userId', ' abcd ', /userId must be/],
    ['userId', 'Anonymous', /userId must be/],
    ['userId', 'x'.repeat(513), /userId must be/],
    ['userId', 12345, /userId must be .* not 12345/],
    ['deviceId', 'undefined', /deviceId must be/],
    ['deviceId', '00000000-0000-0000-0000-000000000000', /deviceId must be/],
    ['groups', { company: 5 }, /groups must be an object of .* not \{ company: number \}/],
    ['groups', { company: ['a', 1] }, /groups must be/],
    ['groups', { company: 'x'.repeat(1_025) }, /groups must be/],
    ['groups', { a: 'a', b: 'b', c: 'c', d: 'd', e: 'e', f: 'f' }, /up to 5 group types/],
    ['properties', ['a'], /properties must be an object, not \["a"\]/],
    ['properties', new Date(), /properties must be an object/],
    ['properties', { model: 'mine' }, /properties must be an object without 'model'/],
    ['beforeSend', {}, /beforeSend must be a function, not \{ {2}\}/],
    ['onError', 'log', /onError must be a function, not "log"/],
    ['debug', 'true', /debug must be true or false, not "true"/],
    ['noWarning', 1, /noWarning must be true or false, not 1/],
  ])('%s can not be %p', (name, value, message) => {
    expect(problem({ [name]: value })).toMatch(message);
  });

  it('are checked all at once, in one error', () => {
    const message = problem({ maxMessages: -1, privacyMode: 'yes', sampelRate: 1, userId: 'none', redact: 1 });
    for (const name of ['maxMessages', 'privacyMode', 'sampelRate', 'userId', 'redact'])
      expect(message).toContain(name);
    expect(message).toMatch(/^enableLlmTracing: /);
  });

  it.each(['sampelRate', 'toString', '__proto_', 'constructor'])('are not called %s', (name) => {
    const message = problem({ [name]: true });
    expect(message).toContain(`${name} is not one of the options providers, patches, modules, `);
  });

  it.each([[null], ['openai'], [5], [true], [() => 1], [new Map([['debug', true]])], [Promise.resolve({})]])(
    'are not %p',
    (given) => {
      expect(problem(given)).toMatch(/options must be an array of provider names or an object/);
    },
  );

  it('never put the key of a client that stands in the wrong place into the error', () => {
    class OpenAI {
      apiKey = 'sk-secret';
    }
    for (const options of [{ modules: { openia: new OpenAI() } }, { properties: [new OpenAI()] }, [new OpenAI()]]) {
      expect(problem(options)).not.toContain('sk-secret');
    }
    expect(() => checkClient(new OpenAI())).toThrow(/client must be .* not \{ apiKey: string \}/);
  });

  it('are copied, so that changing an object later changes nothing', () => {
    const given = { groups: { team: ['a'] }, properties: { tags: ['x'] }, providers: ['openai' as const] };
    const resolved = resolveOptions(given);
    given.groups.team.push('b');
    given.properties.tags.push('y');
    given.providers.pop();
    expect(resolved).toMatchObject({ groups: { team: ['a'] }, properties: { tags: ['x'] }, providers: ['openai'] });
  });

  it('make JSON of properties, whatever they are', () => {
    const cycle: Record<string, unknown> = { big: 1n, when: new Date(0), none: () => 1 };
    cycle['self'] = cycle;
    expect(resolveOptions({ properties: cycle }).properties).toEqual({ big: '1', when: '1970-01-01T00:00:00.000Z' });
  });
});

describe('a client', () => {
  it.each([[undefined], [null], ['key'], [{}], [{ track: true }], [{ logEvent: () => 1 }]])('is not %p', (client) => {
    expect(() => checkClient(client)).toThrow(TypeError);
    expect(() => checkClient(client)).toThrow(
      /enableLlmTracing: client must be an object with a track\(event\) method/,
    );
  });

  it('is anything with a method that tracks', () => {
    class Client {
      track(): void {}
    }
    expect(() => checkClient(new Client())).not.toThrow();
    expect(() => checkClient(Object.assign(() => 1, { track: () => 1 }))).not.toThrow();
  });
});

describe('definePatch', () => {
  it('gives back the patch, and nobody can change it', () => {
    const given = { ...acme };
    expect(definePatch(given)).toBe(given);
    expect(Object.isFrozen(given)).toBe(true);
  });

  it('says what is wrong with a patch, and what it has to be', () => {
    const wrong = (patch: unknown) => () => definePatch(patch as ProviderPatch);
    expect(wrong({ ...acme, versions: 2 })).toThrow(
      new TypeError("definePatch: versions of a patch must be a range of versions in words: '2 to 3'"),
    );
    expect(wrong(undefined)).toThrow(TypeError);
    expect(wrong('acme')).toThrow(TypeError);
  });
});
