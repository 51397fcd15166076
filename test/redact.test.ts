import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateText, type ContentRules, type TextKind } from '../src/content';
import { redactKinds, redactorOf, type RedactKind, type Redaction } from '../src/redact';

const all = redactorOf(redactKinds);

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

const letters = 'abcdefghijklmnopqrstuvwxyz';
const token = 'Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3';
const jwt =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

const found: Readonly<Record<RedactKind, readonly string[]>> = {
  email: [
    'joan@example.org',
    'joan.of-arc+news@mail.example.co.uk',
    "o'brien@example.ie",
    'joan%40example.org',
    'jürgen@müller.example',
    'joan@xn--mller-kva.de',
    '1@2b.example',
  ],
  phone: [
    '+49 30 1234567',
    '+49 (0)30 123456-78',
    '+14155552671',
    '+1-415-555-2671',
    '+44 20 7946 0958',
    '0049 30 1234567',
    '(415) 555-2671',
    '415-555-2671',
    '415.555.2671',
    '1-800-555-0199',
    '020 7946 0958',
    '06 12 34 56 78',
    '030/1234567',
    '07911123456',
  ],
  credit_card: [
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '5555555555554444',
    '2223003122003222',
    '378282246310005',
    '3782 822463 10005',
    '30569309025904',
    '6011111111111117',
    '3530111333300000',
    '6200000000000005',
    '4000 0000 0000 0000 006',
  ],
  iban: [
    'DE89370400440532013000',
    'DE89 3704 0044 0532 0130 00',
    'GB29 NWBK 6016 1331 9268 19',
    'FR14 2004 1010 0505 0001 3M02 606',
    'nl91abna0417164300',
    'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
    'NO93-8601-1117-947',
  ],
  ip: [
    '192.168.1.254',
    '8.8.8.8',
    '2001:db8:85a3::8a2e:370:7334',
    '2001:0db8:85a3:0000:0000:8a2e:0370:7334',
    'fe80::1',
    '::1',
    '::ffff:10.0.0.1',
  ],
  api_key: [
    `sk-${token}`,
    `sk-proj-${token}_${token}`,
    `sk-ant-api03-${token}`,
    `sk-or-v1-${'0123456789abcdef'.repeat(4)}`,
    'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
    'AKIAIOSFODNN7EXAMPLE',
    `AIza${token.slice(0, 35)}`,
    `ghp_${token.slice(0, 36)}`,
    `github_pat_11ABCDEFG0${token}`,
    'xoxb-123456789012-abcdefGHIJ',
    `hf_${letters}ABCDEFGH`,
    `r8_${token.slice(0, 37)}`,
    `gsk_${token}`,
    `xai-${token}`,
    `SG.${token.slice(0, 22)}.${token}`,
    `ya29.${token}`,
    jwt,
    '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADAN',
  ],
  us_ssn: ['078-05-1120', '078 05 1120'],
};

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
      'src/hook-module.ts',
      'package.json',
    ];
    const marks = pages.map((page) => [page, marksIn(readFileSync(join(root, page), 'utf8'))]);
    expect(marks).toEqual(pages.map((page) => [page, []]));
  });
});

describe('text that was cut', () => {
  it.each([
    ['an address', 'Write to joan@exam', 'Write to [email]'],
    ['an address at its sign', 'Write to joan@', 'Write to [email]'],
    ['the name in an address', 'Write to joan.of.ar', 'Write to '],
    ['a phone', 'Call +49 170 12', 'Call'],
    ['a phone within a group', 'Call (415) 55', 'Call'],
    ['a card', 'It is 4111 1111 11', 'It is'],
    ['an account', 'Pay DE89 3704 0044 05', 'Pay [iban]'],
    ['an address of IPv6', 'From 2001:db8:85', 'From '],
    ['a key', 'Use sk-ant-a', 'Use '],
    ['a longer key', `Use sk-ant-api03-${token.slice(0, 20)}`, 'Use [api_key]'],
    ['a web token', `Use ${jwt.slice(0, 30)}`, 'Use [api_key]'],
    ['a number', 'My number is 078-05-', 'My number is'],
    ['a key of no known form', 'token: 0123456789ab', 'token:'],
    ['a word', 'That was all there is to sa', 'That was all there is to '],
    ['nothing', 'That was all. ', 'That was all'],
  ])('ends without the beginning of %s', (_what, text, shown) => {
    expect(String(redact(text, true)).trimEnd()).toBe(shown.trimEnd());
  });

  it('shows no character more of anything, wherever the cut is', () => {
    for (const [kind, texts] of Object.entries(found)) {
      for (const text of texts) {
        for (let length = 1; length < text.length; length++) {
          const shown = String(redact(`So it is ${text.slice(0, length)}`, true));
          const rest = shown
            .replace(/\[[a-z_]+\]/g, '')
            .replace(/^So it is ?/, '')
            .trim();
          // Two letters of a country, and the lines before the key itself.
          const isHarmless = rest.length <= 2 || text.startsWith('-----BEGIN');
          expect([kind, text.slice(0, length), isHarmless ? '' : rest]).toEqual([kind, text.slice(0, length), '']);
        }
      }
    }
  });

  it('is cut before, and has its mark behind', () => {
    const rules: ContentRules = {
      ...{ privacyMode: false, includePrompts: true, includeResponses: true },
      ...{ maxPromptLength: 20, maxMessageLength: 20, maxResponseLength: 20, redact: all },
    };
    const text = 'Write to joan@example.org today';
    expect(gateText({ text, length: text.length }, 'output', rules)).toBe('Write to [email]…');
    expect(gateText({ text: 'a@b.example', length: 11 }, 'input', rules)).toBe('[email]');
  });

  it('stays within what the server takes, however many marks are in it', () => {
    const rules: ContentRules = {
      ...{ privacyMode: false, includePrompts: true, includeResponses: true },
      ...{ maxPromptLength: 1_023, maxMessageLength: 1_023, maxResponseLength: 1_023, redact: all },
    };
    const text = 'a@b.co '.repeat(500);
    const shown = gateText({ text: text.slice(0, 1_023), length: text.length }, 'output', rules) ?? '';
    expect(shown.length).toBeLessThanOrEqual(1_024);
    expect(shown).not.toContain('@');
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

describe('the time that it takes', () => {
  it.each([
    ...[
      '1',
      'a',
      ' ',
      '@',
      'a@',
      'a.',
      '1.',
      '1 ',
      '+1 ',
      '0 ',
      '4111 ',
      '41-',
      'DE89 ',
      'DE89',
      ':',
      'a:',
      '::1 ',
      '1:',
    ],
    ...[
      'sk-',
      'sk-a1',
      'eyJ',
      'eyJ.',
      'api_key=',
      'bearer ',
      '-----BEGIN ',
      '-----BEGIN PRIVATE KEY-----',
      "'",
      '\\',
      '"',
    ],
    ...['a@a.', 'a%40', '(1) ', '1(', '12-', '012 ', '1/', 'x@x.xx ', '4111111111111111', '٣'],
  ])('is linear in the length of a text of %j', (piece) => {
    const timeOf = (length: number, where: TextKind): number => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      const start = performance.now();
      all(text, where, true);
      return performance.now() - start;
    };
    // Two hundred times the longest text that there is. A quadratic one would take minutes.
    expect(timeOf(200_000, 'output')).toBeLessThan(2_000);
    expect(timeOf(200_000, 'tool_arguments')).toBeLessThan(2_000);
  });
});
