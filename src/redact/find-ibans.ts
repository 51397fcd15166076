import type { Found } from './redact';

/** ISO 13616: how long the numbers of a country are, as the registry of SWIFT has it. */
const ibanLengths: ReadonlyMap<string, number> = new Map(
  (
    'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22' +
    'GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20' +
    'MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26' +
    'UA29VA22VG24XK20YE30'
  )
    .match(/\D{2}\d{2}/g)
    ?.map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]) ?? [],
);

/** `DE89 3704 0044 0532 0130 00`, checked by its check digits; at the end of a text that was cut, its beginning. */
export function findIbans(text: string, isCut: boolean): Found[] {
  const found: Found[] = [];
  const begin = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}/gi;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    const length = ibanLengths.get(match[0].slice(0, 2).toUpperCase());
    if (length === undefined) continue;
    const start = match.index;
    let [iban, end] = ['', start];
    for (let at = start; at < text.length && iban.length < length; at++) {
      const character = text[at] ?? '';
      if (/[A-Za-z0-9]/.test(character)) [iban, end] = [iban + character, at + 1];
      else if (!/[ -]/.test(character) || end < at) break;
    }
    const isBeginning = isCut && text.length - end <= 1 && iban.length < length;
    const isWhole = iban.length === length && !/[A-Za-z0-9]/.test(text[end] ?? '') && isChecked(iban);
    if (isWhole || isBeginning) found.push({ kind: 'iban', start, end });
    if (isWhole) begin.lastIndex = end;
  }
  return found;
}

/** ISO 7064: the first four characters at the end, letters as 10 to 35, and 1 is left when divided by 97. */
function isChecked(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
