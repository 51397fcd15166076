import type { TextKind } from '../src/content';
import { redactKinds, redactorOf, type RedactKind } from '../src/redact/redact';
import { found } from './support/secrets';

const all = redactorOf(redactKinds);

function redact(text: string, where: TextKind = 'output', isCut = false): string {
  return String(all(text, where, isCut));
}

const secrets = (Object.entries(found) as [RedactKind, readonly string[]][]).flatMap(([kind, texts]) =>
  texts.map((text) => [kind, text] as const),
);

describe('text in JSON', () => {
  it.each(secrets)('%s: %s is found behind and before each escape', (kind, secret) => {
    for (const [before, after] of [
      ['Hello,\n', '\nbye'],
      ['\t', '\t'],
      ['\r\n', '\r\n'],
      ['"', '"'],
      ['\u0007', '\u0007'],
    ] as const) {
      // A private key without an end goes on to that of the text.
      const shown = secret.endsWith('MIIEvQIBADAN') ? `${before}[api_key]` : `${before}[${kind}]${after}`;
      const json = JSON.stringify({ body: before + secret + after });
      const within = JSON.stringify({ body: JSON.stringify({ body: before + secret + after }) });
      if (!secret.endsWith('MIIEvQIBADAN')) {
        expect(JSON.parse(redact(json, 'tool_arguments'))).toEqual({ body: shown });
        expect(JSON.parse(redact(json))).toEqual({ body: shown });
        expect(JSON.parse(JSON.parse(redact(within, 'tool_arguments')).body)).toEqual({ body: shown });
      }
      expect(redact(json)).toContain(`[${kind}]`);
      expect(redact(json)).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(redact(within)).not.toContain(secret);
    }
  });

  it('has keys in it whose announcement is quoted, once and twice', () => {
    const json = JSON.stringify({ apiKey: '0123456789abcdef0123' });
    expect(redact(JSON.stringify({ body: json }))).toBe('{"body":"{\\"apiKey\\":\\"[api_key]\\"}"}');
    expect(redact(JSON.stringify({ body: JSON.stringify({ body: json }) }))).not.toContain('0123456789abcdef');
  });

  it('is no JSON in a path: what stands behind a backslash stays', () => {
    for (const text of [
      'C:\\new\\tables\\2024',
      '\\d{3}-\\d{2}-\\d{4}',
      'C:\\Users\\joan',
      '\\u12',
      '\\\\server\\share',
    ])
      expect(redact(text)).toBe(text);
    expect(redact('DOMAIN\\joan@example.org')).toBe('DOMAIN\\[email]');
    expect(redact('x\\4111 1111 1111 1111')).toBe('x\\[credit_card]');
  });
});

describe('what language models and word processors write between digits', () => {
  it.each([
    ['4111\u20111111\u20111111\u20111111', '[credit_card]'],
    ['4111\u202f1111\u202f1111\u202f1111', '[credit_card]'],
    ['4111\u20131111\u20131111\u20131111', '[credit_card]'],
    ['415\u2011555\u20112671', '[phone]'],
    ['+1\u2011415\u2011555\u20112671', '[phone]'],
    ['+49\u202f30\u202f1234567', '[phone]'],
    ['+49\u200930\u20091234567', '[phone]'],
    ['(415)\u202f555\u20112671', '[phone]'],
    ['+1\u00a0(415)\u00a0555\u20102671', '[phone]'],
    ['020\u20077946\u20070958', '[phone]'],
    ['078\u201105\u20111120', '[us_ssn]'],
    ['078\u221205\u22121120', '[us_ssn]'],
    ['DE89\u202f3704\u202f0044\u202f0532\u202f0130\u202f00', '[iban]'],
    ['GB29\u2011NWBK\u20116016\u20111331\u20119268\u201119', '[iban]'],
    ['\uff0b\uff11\uff14\uff11\uff15\uff15\uff15\uff15\uff12\uff16\uff17\uff11', '[phone]'],
    ['joan\uff20example.org', '[email]'],
  ])('%j', (text, shown) => {
    expect(redact(text)).toBe(shown);
    expect(redact(`It is ${text}, and no other \u2013 yes.`)).toBe(`It is ${shown}, and no other \u2013 yes.`);
    const tail = redact(`It is ${text.slice(0, -3)}`, 'output', true);
    expect(tail.replace(shown, '').trim()).toBe('It is');
  });

  it('stays what it is elsewhere', () => {
    const text =
      '2020\u20132021, pages 123\u2013456, 10\u202f000\u202f000, a \u2014 b, minus \u22125, 5\u00a0000\u00a0000';
    expect(redact(text)).toBe(text);
    expect(redact('Mail\u2014joan@example.org')).toBe('Mail\u2014[email]');
  });
});
