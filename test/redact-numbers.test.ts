import { redactKinds, redactorOf, type RedactKind } from '../src/redact/redact';

function redact(text: string, kinds: readonly RedactKind[] = redactKinds): string {
  return String(redactorOf(kinds)(text, 'output', false));
}

describe('a kind that was not asked for', () => {
  it.each<[text: string, kinds: RedactKind[], shown: string]>([
    // Fifteen digits, of which one in ten has the check digit of a card.
    ['+4915112345678', ['phone'], '[phone]'],
    ['+4915112345678', ['credit_card'], '+4915112345678'],
    ['044.123.45.67', ['phone'], '[phone]'],
    ['044.123.45.67', ['ip'], '[ip]'],
    ['078 05 1120', ['phone'], '[phone]'],
    ['078 05 1120', ['us_ssn'], '[us_ssn]'],
    ['10.20.30.40', ['phone', 'credit_card', 'us_ssn'], '10.20.30.40'],
  ])('does not hide one that was: %s for %j', (text, kinds, shown) => {
    expect(redact(text, kinds)).toBe(shown);
  });

  it('leaves no mobile phone in the text, whatever its digits add up to', () => {
    for (let at = 0; at < 1_000; at++) {
      const phone = `+49151${10_000_000 + at * 7_919}`;
      expect(redact(phone, ['phone'])).toBe('[phone]');
      expect(redact(phone)).toBe('[phone]');
    }
  });
});

describe('numbers in a row', () => {
  it.each([
    ['1. 020 7946 0958', '1. [phone]'],
    ['1) 020 7946 0958', '1) [phone]'],
    ['2. 07911123456', '2. [phone]'],
    ['3. 0049 30 1234567', '3. [phone]'],
    ['12 - 06 12 34 56 78', '12 - [phone]'],
    ['5 (020) 7946 0958', '5 [phone]'],
    ['020 7946 0958 / 020 7946 0959', '[phone] / [phone]'],
    ['020 7946 0958 020 7946 0959', '[phone] [phone]'],
    ['020 7946 0958/020 7946 0959', '[phone]/[phone]'],
    ['020 7946 0958 - 020 7946 0959', '[phone] - [phone]'],
    ['07911 123456 07911 654321', '[phone] [phone]'],
    ['2024-01-15 020 7946 0958', '2024-01-15 [phone]'],
    ['15.01.2024 07911123456', '15.01.2024 [phone]'],
    ['1/15/2024 0049 30 1234567', '1/15/2024 [phone]'],
    ['415-555-2671/415-555-2672', '[phone]/[phone]'],
    ['078-05-1120/219-09-9999', '[us_ssn]/[us_ssn]'],
    ['192.168.1.1-192.168.1.50', '[ip]-[ip]'],
    ['192.168.1.1/192.168.1.50', '[ip]/[ip]'],
    ['4111111111111111/12/25', '[credit_card]/12/25'],
    ['+49 30 1234567 2024-01-15', '[phone] 2024-01-15'],
    ['+49 30 1234567 15.01.2024', '[phone] 15.01.2024'],
  ])('%s: each is found, wherever it stands', (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  it.each([
    ['Room 5 020 7946 0958, of which one space says nothing'],
    ['01. 02. 2024 - 03. 04. 2024'],
    ['01.02.2024 - 03.04.2024'],
    ['2024-01-15 - 2024-02-15'],
    ['2024.01.15.08.00, 01.02.2024.10.30'],
    ['12. 1234567890, 3. 100 200 300'],
    ['1.2.3.4.5-6.7.8.9'],
  ])('%s: what is none stays', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('numbers as some write them', () => {
  it.each([
    ['06.12.34.56.78', '[phone]'],
    ['044.123.45.67', '[ip]'],
    ['0171.123.4567', '[phone]'],
    ['(415) 5552671', '[phone]'],
    ['(415)5552671', '[phone]'],
    ['3782 8224 6310 005', '[credit_card]'],
  ])('%s', (text, shown) => {
    expect(redact(text)).toBe(shown);
    expect(redact(`It is ${text}.`)).toBe(`It is ${shown}.`);
  });
});

describe('what only looks like it', () => {
  it.each([
    ['02139-4307 is a ZIP'],
    ['chmod 0755 0644 0600'],
    ['0101 1100 1010'],
    ['{"version":"1.2.3.4"}'],
    ['{\\"version\\": \\"1.2.3.4\\"}'],
    ["'release' : '1.2.3.4'"],
    ['version = 1.2.3.4'],
    ['Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91'],
    ['nginx/1.18.0.1'],
    ['415-5552671, which is as often a part as a phone'],
    ['4111111111111111.5, 4111111111111111-1234567'],
  ])('%s stays', (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ['host/10.0.0.1', 'host/[ip]'],
    ['localhost/10.1.2.3:8080', 'localhost/[ip]:8080'],
    ['http://10.1.2.3/', 'http://[ip]/'],
    ['0170 1234 5678', '[phone]'],
    ['03641 4307', '[phone]'],
    ['06 01 02 03 04', '[phone]'],
  ])('%s does not', (text, shown) => {
    expect(redact(text)).toBe(shown);
  });
});
