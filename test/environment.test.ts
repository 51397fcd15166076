import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTracingClient } from '../src/delivery/client-options';
import { readEnvironment, type Output } from '../src/environment';
import { resolveOptions } from '../src/options';

const key = { AMPLITUDE_API_KEY: 'key' };

describe('the environment', () => {
  it('of nothing is tracing without an output', () => {
    expect(readEnvironment({})).toEqual({
      enabled: true,
      output: undefined,
      flushTimeout: 2_000,
      options: {},
      problems: [],
    });
  });

  it.each<[string, string, object]>([
    ['LLM_TRACE_PROVIDERS', 'openai', { providers: ['openai'] }],
    ['LLM_TRACE_PROVIDERS', ' OpenAI , anthropic,', { providers: ['openai', 'anthropic'] }],
    ['LLM_TRACE_INCLUDE_PROMPTS', 'false', { includePrompts: false }],
    ['LLM_TRACE_INCLUDE_PROMPTS', 'Yes', { includePrompts: true }],
    ['LLM_TRACE_INCLUDE_RESPONSES', '0', { includeResponses: false }],
    ['LLM_TRACE_MAX_PROMPT_LENGTH', '100', { maxPromptLength: 100 }],
    ['LLM_TRACE_MAX_RESPONSE_LENGTH', '0', { maxResponseLength: 0 }],
    ['LLM_TRACE_PRIVACY_MODE', 'on', { privacyMode: true }],
    ['LLM_TRACE_PRIVACY_MODE', 'OFF', { privacyMode: false }],
    ['LLM_TRACE_SAMPLE_RATE', '0.25', { sampleRate: 0.25 }],
    ['LLM_TRACE_USER_ID', ' user-1 ', { userId: 'user-1' }],
    ['LLM_TRACE_DEVICE_ID', 'device-1', { deviceId: 'device-1' }],
    ['LLM_TRACE_DEBUG', 'true', { debug: true }],
    ['LLM_TRACE_NO_WARNING', '1', { noWarning: true }],
  ])('%s=%s is an option that is valid', (name, value, options) => {
    const environment = readEnvironment({ [name]: value });
    expect(environment.options).toEqual(options);
    expect(environment.problems).toEqual([]);
    expect(resolveOptions(environment.options)).toMatchObject(options);
  });

  it.each<[string, string, string]>([
    ['LLM_TRACE_ENABLED', 'maybe', 'true is used'],
    ['LLM_TRACE_FLUSH_TIMEOUT', '2s', '2000 is used'],
    ['LLM_TRACE_FLUSH_TIMEOUT', '-1', '2000 is used'],
    ['LLM_TRACE_FLUSH_TIMEOUT', '60001', '2000 is used'],
    ['LLM_TRACE_FLUSH_TIMEOUT', '1.5', '2000 is used'],
    ['LLM_TRACE_PROVIDERS', 'opnai', 'all of them are used'],
    ['LLM_TRACE_PROVIDERS', ' , ', 'all of them are used'],
    ['LLM_TRACE_MAX_PROMPT_LENGTH', '100k', '500 is used'],
    ['LLM_TRACE_MAX_PROMPT_LENGTH', '-1', '500 is used'],
    ['LLM_TRACE_MAX_RESPONSE_LENGTH', 'Infinity', '500 is used'],
    ['LLM_TRACE_SAMPLE_RATE', '50%', '1 is used'],
    ['LLM_TRACE_SAMPLE_RATE', '1.5', '1 is used'],
    ['LLM_TRACE_USER_ID', 'none', '5 characters or more'],
    ['LLM_TRACE_DEVICE_ID', 'abc', '5 characters or more'],
    ['LLM_TRACE_DEBUG', 'loud', 'false is used'],
    ['LLM_TRACE_NO_WARNING', 'please', 'false is used'],
    ['AMPLITUDE_SERVER_URL', 'ftp://example.org', 'http or https'],
    ['AMPLITUDE_SERVER_URL', 'https://', 'http or https'],
    ['AMPLITUDE_SERVER_ZONE', 'ASIA', 'US or EU'],
    ['LLM_TRACE_OUTPUT', 'events.json', '.jsonl'],
  ])('%s=%s is one line of complaint, and the default', (name, value, said) => {
    const environment = readEnvironment({ ...key, [name]: value });
    expect(environment.problems).toHaveLength(1);
    expect(environment.problems[0]).toContain(name);
    expect(environment.problems[0]).toContain(JSON.stringify(value.trim()));
    expect(environment.problems[0]).toContain(said);
    expect({ ...environment, problems: [] }).toEqual(readEnvironment(key));
  });

  // Their defaults let text leave, and whoever sets one of them wants less to leave.
  it.each<[string, object]>([
    ['LLM_TRACE_PRIVACY_MODE', { privacyMode: true }],
    ['LLM_TRACE_INCLUDE_PROMPTS', { includePrompts: false }],
    ['LLM_TRACE_INCLUDE_RESPONSES', { includeResponses: false }],
  ])('%s that can not be read lets no text leave', (name, closed) => {
    const environment = readEnvironment({ [name]: 'ture' });
    expect(environment.options).toEqual(closed);
    expect(environment.problems).toEqual([
      `${name} must be true or false (${String(Object.values(closed)[0])} is used), not "ture"`,
    ]);
  });

  it('complains about each value that is wrong', () => {
    const { problems } = readEnvironment({ LLM_TRACE_DEBUG: 'x', LLM_TRACE_SAMPLE_RATE: 'y', LLM_TRACE_USER_ID: 'z' });
    expect(problems).toHaveLength(3);
  });

  it('repeats no long value, and no line break, in its complaints', () => {
    const { problems } = readEnvironment({ LLM_TRACE_DEBUG: `a\n${'x'.repeat(5_000)}` });
    expect(problems[0]).not.toContain('\n');
    expect(problems[0]?.length).toBeLessThan(250);
  });

  it.each(['', '  ', undefined])('takes an empty variable (%p) for one that is not set', (empty) => {
    const names = ['ENABLED', 'PROVIDERS', 'INCLUDE_PROMPTS', 'PRIVACY_MODE', 'SAMPLE_RATE', 'OUTPUT', 'USER_ID'];
    const variables = Object.fromEntries(names.map((name) => [`LLM_TRACE_${name}`, empty]));
    expect(readEnvironment({ ...variables, AMPLITUDE_API_KEY: empty })).toEqual(readEnvironment({}));
  });

  // What one of these throws for is an application that is not traced at all.
  it.each([
    ...['0', '-0', '1', '1.5', '1e3', '0x10', '-1', '1e400', 'NaN', 'true', 'off', 'a,b', 'US', 'always', '[]', '{}'],
    ...['http://a', 'HTTP://a b', 'https://', '  x  ', 'é', 'undefined', 'null', '_'.repeat(5_000), '5 minutes', '𝟙'],
  ])('of %j everywhere is nothing that an option or a client throws for', (value) => {
    const names = readFileSync(join(__dirname, '..', 'src', 'environment.ts'), 'utf8').match(/'(LLM|AMPL)[A-Z_]+'/g);
    const variables = Object.fromEntries((names ?? []).map((name) => [name.slice(1, -1), value]));
    expect(Object.keys(variables).length).toBeGreaterThan(20);
    const { options, output, flushTimeout } = readEnvironment({ ...variables, LLM_TRACE_OUTPUT: 'amplitude' });
    expect(() => resolveOptions(options)).not.toThrow();
    expect(output).toMatchObject({ kind: 'amplitude' });
    const { apiKey, ...settings } = output as Extract<Output, { kind: 'amplitude' }>;
    const given = { ...settings, kind: undefined, exitTimeout: flushTimeout };
    expect(() => checkTracingClient(apiKey, given)).not.toThrow();
  });

  it('can switch everything off', () => {
    expect(readEnvironment({ ...key, LLM_TRACE_ENABLED: 'false' }).enabled).toBe(false);
    expect(readEnvironment({ LLM_TRACE_FLUSH_TIMEOUT: '0' }).flushTimeout).toBe(0);
  });

  it.each<[string, Record<string, string>, unknown]>([
    ['a key', key, { kind: 'amplitude', apiKey: 'key', spool: true }],
    ['a key and no spool', { ...key, LLM_TRACE_SPOOL: 'off' }, { kind: 'amplitude', apiKey: 'key', spool: false }],
    [
      'a key, a folder and durability',
      { ...key, LLM_TRACE_SPOOL_DIR: '/var/spool/app', LLM_TRACE_DURABILITY: 'always' },
      { kind: 'amplitude', apiKey: 'key', spool: '/var/spool/app', durability: 'always' },
    ],
    [
      'a key, a folder and no spool',
      { ...key, LLM_TRACE_SPOOL: 'false', LLM_TRACE_SPOOL_DIR: '/var/spool/app', LLM_TRACE_DURABILITY: 'always' },
      { kind: 'amplitude', apiKey: 'key', spool: false },
    ],
    [
      'a key, a server and a zone',
      { ...key, AMPLITUDE_SERVER_URL: 'http://127.0.0.1:8080/2/httpapi', AMPLITUDE_SERVER_ZONE: 'eu' },
      { kind: 'amplitude', apiKey: 'key', serverUrl: 'http://127.0.0.1:8080/2/httpapi', serverZone: 'EU', spool: true },
    ],
    [
      'a key and amplitude',
      { ...key, LLM_TRACE_OUTPUT: 'Amplitude' },
      { kind: 'amplitude', apiKey: 'key', spool: true },
    ],
    ['amplitude without a key', { LLM_TRACE_OUTPUT: 'amplitude' }, undefined],
    ['the console', { LLM_TRACE_OUTPUT: 'CONSOLE' }, { kind: 'console' }],
    ['the console before a key', { ...key, LLM_TRACE_OUTPUT: 'console' }, { kind: 'console' }],
    ['a file', { LLM_TRACE_OUTPUT: './Events.JSONL' }, { kind: 'jsonl', file: './Events.JSONL' }],
    ['a bad output and no key', { LLM_TRACE_OUTPUT: 'file' }, undefined],
  ])('with %s chooses the output', (...[, variables, output]) => {
    expect(readEnvironment(variables).output).toEqual(output);
  });
});
