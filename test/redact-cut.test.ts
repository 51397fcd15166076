import { gateText, type ContentRules, type TextKind } from '../src/content';
import { redactKinds, redactorOf } from '../src/redact/redact';
import { found, jwt, token } from './support/secrets';

const all = redactorOf(redactKinds);

function redact(text: string, isCut: boolean): unknown {
  return all(text, 'output', isCut);
}

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
    ...['\\n', '\\n4111 ', '\\\\\\n', '\\u0041', '\u2013', '4\u2013', '\u202f', '01 ', '01-01-2024 '],
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
