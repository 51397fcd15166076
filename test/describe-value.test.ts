import { runInNewContext } from 'node:vm';
import { describeArguments, describeValue } from '../src/observe/describe-value';

const said = (value: unknown, limit = 500): string | undefined => describeValue(value, limit)?.text;

describe('a value in words', () => {
  it.each<[unknown, string | undefined]>([
    ['text', 'text'],
    ['', ''],
    [5, '5'],
    [-0, '0'],
    [NaN, 'null'],
    [10n, '"10"'],
    [true, 'true'],
    [null, 'null'],
    [undefined, undefined],
    [() => 1, undefined],
    [Symbol('secret'), undefined],
    [[1, undefined, () => 1, 'a'], '[1,null,null,"a"]'],
    [{ a: 1, b: undefined, c: () => 1, d: [{}] }, '{"a":1,"d":[{}]}'],
    [Object.create(null), '{}'],
    [runInNewContext('({ a: [1] })'), '{"a":[1]}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [new Date(NaN), '"[Date]"'],
    [new Map([['key', 'value']]), '"[Map]"'],
    [Buffer.from('secret'), '"[Buffer]"'],
    [new Error('secret'), '"[Error]"'],
    [new (class extends URL {})('https://user:secret@example.com'), '"[object]"'],
    [{ image: `data:image/png;base64,${'A'.repeat(2_000)}` }, '{"image":"[image/png 1.5 kB]"}'],
  ])('%p is %p', (value, expected) => {
    expect(said(value)).toBe(expected);
  });

  it('is its JSON where that is all that there is', () => {
    const value = { a: [1, 'two', { three: null }], 'b"c': 'd\n' };
    expect(said(value)).toBe(JSON.stringify(value));
    expect(describeValue(value, 500)).toEqual({ text: JSON.stringify(value), length: JSON.stringify(value).length });
  });

  it('marks a circle, and what is deep', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(said(circle)).toBe('{"self":"[circular]"}');
    const deep = Array.from({ length: 30 }).reduce<object>((inner) => [inner], []);
    expect(said(deep)).toBe(`${'['.repeat(10)}"[...]"${']'.repeat(10)}`);
    const twice = { same: 1 };
    expect(said([twice, twice])).toBe('[{"same":1},{"same":1}]');
  });

  it('is cut, and then says that it is longer, but not how much', () => {
    const text = describeValue({ text: 'x'.repeat(100) }, 20);
    expect(text).toEqual({ text: `{"text":"${'x'.repeat(11)}`, length: 21, isLonger: true });
    expect(describeValue('x'.repeat(100), 20)).toEqual({ text: 'x'.repeat(20), length: 100 });
    expect(describeValue({ any: 'thing' }, 0)).toBeUndefined();
  });

  it('calls no getter', () => {
    let called = 0;
    const value = {
      get secret(): number {
        called += 1;
        return 1;
      },
      plain: 1,
    };
    expect(said(value)).toBe('{"plain":1}');
    expect(called).toBe(0);
  });

  it.each([
    ...['apiKey', 'api_key', 'API-KEY', 'x-api-key', 'apikey', 'openaiApiKey', 'OPENAI_API_KEY', 'x-goog-api-key'],
    ...['api_key_2', 'apiKeys', 'openaiKey', 'AZURE_KEY', 'subscriptionKey', 'SUPABASE_SERVICE_ROLE_KEY', 'privateKey'],
    ...[
      'password',
      'DB_PASSWORD',
      'dbPassword',
      'dbpassword',
      'PGPASSWORD',
      'passwd',
      'passwords',
      'smtp_pass',
      'pwd',
      'github_pat',
    ],
    ...['token', 'access_token', 'githubToken', 'X-Amz-Security-Token', 'refreshTokens', 'jwt', 'userJWT', 'bearer'],
    ...['secret', 'clientSecret', 'secretAccessKey', 'AWS_SECRET_ACCESS_KEY', 'credentials', 'auth', 'basicAuth'],
    ...['Authorization', 'proxy-authorization', 'authHeader', 'set-cookie', 'cookies', 'connStr'],
    ...['connectionString', 'connection_string', 'DATABASE_URL', 'mongoUri', 'dsn'],
    `${'of a long name '.repeat(1_000)}password`,
  ])('says nothing of what is called %s', (name) => {
    expect(said({ [name]: 'canary', other: { [name]: { deep: 'canary' } } }, 100_000)).not.toContain('canary');
    expect(said([name, 'canary'], 100_000)?.includes('canary')).toBe(/ /.test(name) || name.length > 60);
  });

  it.each([
    ...['tokens', 'maxTokens', 'max_tokens', 'token_count', 'tokenizer', 'key', 'cacheKey', 'primaryKey', 'publicKey'],
    ...['monkey', 'secretary', 'compass', 'author', 'authors', 'keyboard', 'url', 'baseURL', 'imageUrl', 'string'],
    ...['passage', 'path', 'bypass', 'passwordless', 'stringify', 'cookieBanner', 'toString'],
  ])('shows what is called %s', (name) => {
    expect(said({ [name]: 'shown' })).toContain('shown');
    expect(said([name, 'shown'])).toContain('shown');
  });

  it('shows what is true, false or null under any name', () => {
    expect(said({ password: null, auth: false, pass: true })).toBe('{"password":null,"auth":false,"pass":true}');
    expect(said({ password: 1234 })).toBe('{"password":"[secret]"}');
  });

  it('says nothing of the secrets among headers, in pairs or in turns', () => {
    const headers = { accept: 'text/plain', authorization: 'Bearer canary', 'x-api-key': 'canary' };
    for (const list of [Object.entries(headers), Object.entries(headers).flat()]) {
      expect(said(list)).not.toContain('canary');
      expect(said(list)).toContain('text/plain');
    }
    expect(said(['the', 'secret', 'garden', 'of', 'token', 'words'])).toBe(
      '["the","secret","garden","of","token","words"]',
    );
    expect(said(['a secret', 'shown'])).toContain('shown');
  });

  it('takes no time for names that are made to take some', () => {
    const names = ['key'.repeat(100_000), 'api_'.repeat(100_000), '_'.repeat(100_000), 'aA'.repeat(100_000)];
    const started = performance.now();
    for (const name of names) for (let round = 0; round < 100; round++) said({ [name]: 1 });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('of several arguments is a list, of one it is that one', () => {
    expect(describeArguments([], 500)).toBeUndefined();
    expect(describeArguments(['Paris'], 500)?.text).toBe('Paris');
    expect(describeArguments(['Paris', { days: 3 }], 500)?.text).toBe('["Paris",{"days":3}]');
  });

  it('costs as little as it shows, whatever there is', () => {
    const rows = Array.from({ length: 1_000_000 }, (_, id) => ({ id, text: 'x'.repeat(50) }));
    const [text, holes, bytes] = ['x'.repeat(10_000_000), Array<undefined>(1_000_000), Buffer.alloc(10_000_000)];
    const started = performance.now();
    for (let round = 0; round < 100; round++) {
      said(rows);
      said({ text, rows });
      said(holes);
      said(bytes);
    }
    // About 10 ms; to serialise it once takes a second.
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
