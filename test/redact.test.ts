import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextKind } from '../src/content';
import { found } from './support/secrets';
import { resolveOptions } from '../src/options';
import { redactKinds, redactorOf, type RedactKind, type Redaction } from '../src/redact/redact';

function redact(text: string, isCut = false, where: TextKind = 'output', redaction: Redaction = redactKinds): unknown {
  return redactorOf(redaction)(text, where, isCut);
}

/** Only the marks, in their order. */
function marksIn(text: string): RedactKind[] {
  const shown = String(redact(text));
  return [...shown.matchAll(/\[(email|phone|credit_card|iban|ip|api_key|us_ssn)\]/g)].map(
    ([, kind]) => kind as RedactKind,
  );
}

describe.each(Object.entries(found) as [RedactKind, readonly string[]][])('%s', (kind, texts) => {
  it.each(texts)('%s is taken out, alone and within a sentence', (text) => {
    expect(redact(text)).toBe(`[${kind}]`);
    expect(redact(`It is ${text}, and no other.`)).toBe(
      text.endsWith('MIIEvQIBADAN') ? 'It is [api_key]' : `It is [${kind}], and no other.`,
    );
    expect(redact(`(${text})`)).not.toContain(text);
    expect(redact(`"${text}"`)).not.toContain(text);
  });

  it('is taken out alone where nothing else was asked for', () => {
    const everything = Object.values(found)
      .flat()
      .filter((text) => !text.startsWith('-----'))
      .join(' ; ');
    const shown = String(redact(everything, false, 'output', [kind]));
    expect(new Set(shown.match(/\[[a-z_]+\]/g))).toEqual(new Set([`[${kind}]`]));
  });

  it('stays where it was not asked for', () => {
    const others = redactKinds.filter((other) => other !== kind && !(kind === 'credit_card' && other === 'phone'));
    for (const text of texts) expect(String(redact(text, false, 'output', others))).not.toContain(`[${kind}]`);
  });
});

describe('a key without a form of its own', () => {
  it.each([
    ['Authorization: Bearer 0123456789abcdef0123', 'Authorization: Bearer [api_key]'],
    ['curl -H "Authorization: Basic am9hbjpzZWNyZXQxMjM="', 'curl -H "Authorization: Basic [api_key]"'],
    ['api_key=0123456789abcdef0123', 'api_key=[api_key]'],
    ['{"apiKey": "0123456789abcdef0123"}', '{"apiKey": "[api_key]"}'],
    ["x-api-key: '0123456789abcdef0123'", "x-api-key: '[api_key]'"],
    ['client_secret = 0123456789abcdef0123', 'client_secret = [api_key]'],
    ['Authorization: Bearer AbCdEfGhIjKlMnOpQrStUvWx', 'Authorization: Bearer [api_key]'],
    ['api_key=AbCdEfGhIjKlMnOpQrStUvWx', 'api_key=[api_key]'],
    ['apiKey: process.env.OPENAI_API_KEY,', 'apiKey: process.env.OPENAI_API_KEY,'],
    ['const apiKey = readKeyFromTheVault(path)', 'const apiKey = readKeyFromTheVault(path)'],
    ['api key: see https://docs.Example.com/page', 'api key: see https://docs.Example.com/page'],
    ['the bearer of bad news-and-so-on-and-so-forth', 'the bearer of bad news-and-so-on-and-so-forth'],
    ['api key: please ask somebody', 'api key: please ask somebody'],
  ])('%s', (text, shown) => {
    expect(redact(text)).toBe(shown);
  });
});

describe('what only looks like it', () => {
  it.each([
    ['a date', '2024-01-15, 15.01.2024, 01/15/2024 and 2024-01-15T10:30:00.000+02:00'],
    ['a time', 'at 10:30:45, from 9:00 to 17:30, in 1714564800 or 1714564800000, 1714564800.123'],
    ['a version', 'v1.2.3.4, version 10.0.0.1, 1.22.333, ^6.49.0, 3.0.0-rc.1, node 20.19.0'],
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000 12345678-1234-1234-1234-123456789012'],
    [
      'a hash',
      'da39a3ee5e6b4b0d3255bfef95601890afd80709 sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ],
    [
      'a number',
      '3.14159265358979, 0.30000000000000004, 1,234,567.89, 1 000 000, 1e10, 0x41111111, -12345678901234567890',
    ],
    ['numbers in a row', '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16, 100 200 300 400, 0123456789'],
    ['an order, a book, a device', '112-3456789-1234567, ISBN 978-3-16-148410-0, IMEI 490154203237518'],
    ['a card with a wrong check digit', '4111 1111 1111 1112, 4111111111111112, 1234567812345670'],
    ['an account with wrong check digits', 'DE88 3704 0044 0532 0130 00, XX89 3704 0044 0532 0130 00'],
    [
      'a social security number that is never given',
      '000-12-3456, 666-12-3456, 900-12-3456, 123-00-4567, 123-45-0000, 123-456-789',
    ],
    ['an address that is none', '256.1.1.1, 1.2.3, 1.2.3.4.5, 10:30:45, aa:bb:cc:dd:ee:ff'],
    ['code', 'a::b std::vector x[1::2] x[::2] @Injectable() foo@bar C++11 i += 12345678 arr[0] a/b/c.d'],
    ['a package', '@scope/package@1.2.3 lodash@4.17.21 react@18.0.0-beta.rc actions/checkout@v4 icon@2x.png'],
    ['a mention', 'thanks @joan, see you @ noon, 5 @ 3.50 each'],
    ['hyphens', 'sk-learn-compatible-estimators-guide, task-force-one, hf_transformers, pk_live_, eyJ'],
    ['prices and ratios', '$1,299.00, 50 EUR, 16:9, 3/4, 12-14, 5-10 %, 2 x 4.5'],
    ['coordinates', '48.858370, 2.294481 and 37.7749, -122.4194'],
  ])('%s stays', (_what, text) => {
    expect(redact(text)).toBe(text);
  });

  it('is hardly found in pages of prose and code', () => {
    const root = join(__dirname, '..');
    const pages = [
      'docs/event.md',
      'docs/architecture.md',
      'docs/adding-a-provider.md',
      'src/loading/hook-module.ts',
      'package.json',
    ];
    const marks = pages.map((page) => [page, marksIn(readFileSync(join(root, page), 'utf8'))]);
    expect(marks).toEqual(pages.map((page) => [page, []]));
  });
});

describe('arguments of a tool', () => {
  const shownOf = (json: string): string => String(redact(json, false, 'tool_arguments'));

  it('stay JSON: a number that is taken out becomes a string', () => {
    const json = '{"card":4111111111111111,"debit":-4111111111111111,"list":[4111111111111111,7],"n":12}';
    expect(JSON.parse(shownOf(json))).toEqual({
      ...{ card: '[credit_card]', debit: '[credit_card]' },
      ...{ list: ['[credit_card]', 7], n: 12 },
    });
  });

  it('stay JSON: no escape is torn apart', () => {
    const given = { a: 'Hi\njoan@example.org\tand\\joan@example.org', b: '"+49 30 1234567"', c: ', 078-05-1120, ' };
    expect(JSON.parse(shownOf(JSON.stringify(given)))).toEqual({
      ...{ a: 'Hi\n[email]\tand\\[email]', b: '"[phone]"', c: ', [us_ssn], ' },
    });
    expect(JSON.parse(shownOf('{"a":"\\u00e9joan@example.org"}'))).toEqual({ a: 'é[email]' });
  });

  it('that are no JSON are text', () => {
    expect(shownOf('mail joan@example.org')).toBe('mail [email]');
  });
});

describe('kinds and functions together', () => {
  it('goes by the kinds first, and then by the functions in their order', () => {
    const seen: unknown[] = [];
    const first = (text: string, where: TextKind): string => {
      seen.push([text, where]);
      return `${text}!`;
    };
    const second = (text: string): string => text.toUpperCase();
    expect(redact('a@b.example', false, 'message', [first, 'email', second])).toBe('[EMAIL]!');
    expect(seen).toEqual([['[email]', 'message']]);
  });

  it('stops at what a function gives back that is no string, for the gate to judge', () => {
    const promised = Promise.resolve('x');
    const after = jest.fn();
    expect(redact('x', false, 'output', [(() => promised) as never, after])).toBe(promised);
    expect(after).not.toHaveBeenCalled();
  });

  it('changes nothing where nothing is asked for', () => {
    expect(redact('a@b.example', true, 'output', [])).toBe('a@b.example');
  });
});

describe('the option', () => {
  it('takes kinds, functions, and both', () => {
    const shown = (given: Redaction): unknown =>
      resolveOptions({ redact: given }).redact?.('a@b.example is up', 'output', false);
    expect(shown(['email'])).toBe('[email] is up');
    expect(shown((text) => text.slice(0, 3))).toBe('a@b');
    expect(shown(['email', (text) => text.toUpperCase()])).toBe('[EMAIL] IS UP');
  });

  it.each([[['emial']], [['email', 1]], ['email'], [/email/]])('throws a TypeError for %p', (given) => {
    expect(() => resolveOptions({ redact: given as unknown as Redaction })).toThrow(TypeError);
    expect(() => resolveOptions({ redact: given as unknown as Redaction })).toThrow(/redact must be/);
  });
});
