import { checkTracingClient, type TracingClientOptions } from '../../src/delivery/client-options';

function messageOf(options: unknown, apiKey: unknown = 'a-key'): string {
  try {
    checkTracingClient(apiKey as string, options as TracingClientOptions);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
}

describe('the options of a tracing client', () => {
  it.each<[TracingClientOptions]>([
    [{}],
    [{ serverZone: 'EU' }],
    [{ serverUrl: 'http://127.0.0.1:1/x' }],
    [{ flushInterval: 10, flushSize: 1, maxEvents: 100, maxBytes: 1_000_000, timeout: 100, connections: 1 }],
    [{ gzip: false, spool: true, durability: 'always' }],
    [{ spool: 'a-folder' }],
    [{ spool: false, durability: 'batch' }],
    [{ spool: { directory: 'a-folder', maxBytes: 1, maxAge: 1 } }],
    [{ flushSize: undefined as never }],
  ])('%j are valid', (options) => {
    expect(messageOf(options)).toBe('');
  });

  it.each<[Record<string, unknown>, string]>([
    [{ serverZone: 'eu' }, `serverZone must be 'US' or 'EU', not "eu"`],
    [{ serverUrl: 'amplitude.com' }, 'serverUrl must be an http or https URL, not "amplitude.com"'],
    [{ serverUrl: 'http://' }, 'serverUrl must be an http or https URL, not "http://"'],
    [{ flushInterval: 9 }, 'flushInterval must be a whole number from 10 to 60000, not 9'],
    [{ flushSize: 1_001 }, 'flushSize must be a whole number from 1 to 1000, not 1001'],
    [{ maxEvents: 99 }, 'maxEvents must be a whole number from 100 to 1000000, not 99'],
    [{ maxBytes: 1e12 }, 'maxBytes must be a whole number from 1000000 to 4096000000, not 1000000000000'],
    [{ timeout: Number.NaN }, 'timeout must be a whole number from 100 to 300000, not NaN'],
    [{ timeout: '100' }, 'timeout must be a whole number from 100 to 300000, not "100"'],
    [{ connections: 0.5 }, 'connections must be a whole number from 1 to 32, not 0.5'],
    [{ gzip: 'yes' }, 'gzip must be true or false, not "yes"'],
    [{ spool: '' }, 'spool must be true, false, a folder, or { directory, maxBytes, maxAge }, not ""'],
    [
      { spool: { folder: 'x' } },
      'spool must be true, false, a folder, or { directory, maxBytes, maxAge }, not an object',
    ],
    [
      { spool: { maxAge: 0 } },
      'spool must be true, false, a folder, or { directory, maxBytes, maxAge }, not an object',
    ],
    [{ spool: null }, 'spool must be true, false, a folder, or { directory, maxBytes, maxAge }, not null'],
    [{ durability: 'ALWAYS' }, `durability must be 'batch' or 'always', not "ALWAYS"`],
    [{ durability: 'always' }, `durability 'always' needs spool`],
    [{ toString: 1 }, 'toString is not one of the options serverZone, '],
  ])('%j are not', (options, message) => {
    expect(messageOf(options)).toContain(`createTracingClient: ${message}`);
  });

  it.each([null, 'spool', 5])('%j is none', (options) => {
    expect(messageOf(options)).toMatch(/^createTracingClient: the options must be an object, not /);
  });

  it.each([undefined, '', '  ', 5])('the key %j is none', (apiKey) => {
    // `undefined` in its place would be the default.
    expect(messageOf({}, apiKey ?? null)).toContain('apiKey must be the API key of a project');
  });

  it('are all wrong in one message', () => {
    expect(messageOf({ gzip: 1, timeout: 1 }).split('; ')).toHaveLength(2);
  });

  it('choose the addresses of the zone, and one’s own address for everything', () => {
    const addresses = (options: TracingClientOptions): string[] => {
      const { url, batchUrl } = checkTracingClient('a-key', options);
      return [url, batchUrl];
    };
    expect(addresses({})).toEqual(['https://api2.amplitude.com/2/httpapi', 'https://api2.amplitude.com/batch']);
    expect(addresses({ serverZone: 'EU' })).toEqual([
      'https://api.eu.amplitude.com/2/httpapi',
      'https://api.eu.amplitude.com/batch',
    ]);
    expect(addresses({ serverZone: 'EU', serverUrl: 'http://own/x' })).toEqual(['http://own/x', 'http://own/x']);
  });

  it('have no more than half of what may be in memory under way', () => {
    expect(checkTracingClient('a-key', { maxEvents: 100 }).flushSize).toBe(12);
    expect(checkTracingClient('a-key', { maxEvents: 100, connections: 32, flushSize: 1 }).flushSize).toBe(1);
    expect(checkTracingClient('a-key', { maxEvents: 100, flushSize: 10 }).flushSize).toBe(10);
    expect(checkTracingClient('a-key', {}).flushSize).toBe(200);
  });

  it('take spaces from the key, and bound a spool that has no bounds', () => {
    const { apiKey, spool } = checkTracingClient(' a-key\n', { spool: { maxBytes: 5 } });
    expect(apiKey).toBe('a-key');
    expect(spool).toEqual({ maxBytes: 5, maxAge: 604_800_000 });
  });
});
