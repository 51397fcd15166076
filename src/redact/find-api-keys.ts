import type { Found } from './redact';

/**
 * Beginnings of keys and tokens as their vendors document them, or as secret scanners know them: OpenAI, Anthropic,
 * OpenRouter and DeepSeek (`sk-`), Stripe (`sk_live_`), AWS, Google, GitHub, GitLab, Slack, Hugging Face, Replicate, Groq,
 * Perplexity, xAI, NVIDIA, Cerebras, Fireworks, Together, SendGrid, npm, PyPI, DigitalOcean, Shopify. Each says how many
 * characters come at least behind it.
 */
const beginnings: ReadonlyMap<string, number> = new Map([
  ['sk-', 20],
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'pk_live_', 'pk_test_', 'whsec_'].map(
    (name) => [name, 16] as const,
  ),
  ...['AKIA', 'ASIA'].map((name) => [name, 16] as const),
  ['AIza', 30],
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'npm_'].map((name) => [name, 30] as const),
  ['github_pat_', 22],
  ['glpat-', 16],
  ...['xoxa-', 'xoxb-', 'xoxe-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'].map((name) => [name, 10] as const),
  ...['hf_', 'r8_', 'gsk_', 'xai-', 'pplx-', 'nvapi-', 'csk-'].map((name) => [name, 30] as const),
  ...['fw_', 'tgp_v1_'].map((name) => [name, 20] as const),
  ...['dop_v1_', 'shpat_', 'pypi-'].map((name) => [name, 30] as const),
  // These have dots in them; the last is a JSON web token, of which the first part is an object in base64.
  ...['ya29.', 'SG.', 'eyJ'].map((name) => [name, 20] as const),
]);

const anyBeginning = new RegExp(`(?<![A-Za-z0-9])(?:${[...beginnings.keys()].join('|').replaceAll('.', '\\.')})`, 'g');

/** What stands before a key that has no form of its own: `Authorization: Bearer`, `api_key=`, `"apiKey": "`. */
const announcement = new RegExp(
  [
    '(?<![A-Za-z0-9])(?:bearer\\s{1,3}',
    '|authorization\\s{0,3}["\']?\\s{0,3}[:=]\\s{0,4}["\']?(?:basic|bearer|token)\\s{1,3}',
    '|(?:api|access|secret|auth|client|subscription)[-_ ]?(?:key|token|secret)(?:[-_ ]?id)?',
    // An escaped quote has spaces in place of its backslashes, see `spellPlainly`.
    '\\s{0,3}["\']?\\s{0,3}[:=]\\s{0,4}["\']?)',
  ].join(''),
  'gi',
);

const shortestAnnounced = 16;

/** Keys and tokens: by how they begin, by what announces them, and private keys in PEM. */
export function findApiKeys(text: string, isCut: boolean): Found[] {
  const found: Found[] = [];
  const note = (start: number, end: number): void => void found.push({ kind: 'api_key', start, end });

  // Behind what was no key it goes on at the end of that word: nothing is read twice.
  anyBeginning.lastIndex = 0;
  for (let match = anyBeginning.exec(text); match; match = anyBeginning.exec(text)) {
    const [beginning] = match;
    const hasDots = beginning.endsWith('.') || beginning === 'eyJ';
    const end = endOfKey(text, match.index + beginning.length, hasDots ? isTokenOrDot : isToken);
    if (isKey(text.slice(match.index, end), beginning, isCut && end === text.length)) note(match.index, end);
    anyBeginning.lastIndex = end;
  }

  announcement.lastIndex = 0;
  for (let match = announcement.exec(text); match; match = announcement.exec(text)) {
    const start = match.index + match[0].length;
    const end = endOfKey(text, start, isAnnounced);
    if (end - start >= shortestAnnounced && isSecret(text.slice(start, end), text[end])) note(start, end);
    announcement.lastIndex = Math.max(start, end);
  }

  for (let at = text.indexOf(pemBegin); at !== -1; at = text.indexOf(pemBegin, at)) {
    const end = text.indexOf(pemEnd, at);
    const isPrivate = text.slice(at, at + 60).includes('PRIVATE KEY-----');
    const next = end === -1 ? text.length : text.indexOf('-----', end + pemEnd.length) + '-----'.length;
    const after = next < end ? text.length : next;
    if (isPrivate) note(at, after);
    at = after;
  }
  return found;
}

const pemBegin = '-----BEGIN ';
const pemEnd = '-----END ';

/** Nobody writes a digit, or both cases, into the words of a hyphenated name (`sk-learn-compatible-estimators`). */
function isKey(key: string, beginning: string, reachesCut: boolean): boolean {
  const rest = key.slice(beginning.length);
  if (rest.length < (beginnings.get(beginning) ?? 0)) return false;
  if (beginning === 'eyJ') return reachesCut || /^[\w-]{10,}\.[\w-]{10,}/.test(rest);
  if (beginning === 'AKIA' || beginning === 'ASIA') return /^[A-Z0-9]{16}$/.test(rest);
  return /\d/.test(rest) || (/[a-z]/.test(rest) && /[A-Z]/.test(rest));
}

/** Digits, or both cases; the latter is also what code reads a key from: `process.env.API_KEY`, `readKey(path)`. */
function isSecret(value: string, next: string | undefined): boolean {
  return /\d/.test(value) || (/[a-z]/.test(value) && /[A-Z]/.test(value) && !value.includes('.') && next !== '(');
}

function endOfKey(text: string, from: number, isPart: (code: number) => boolean): number {
  let end = from;
  while (end < text.length && isPart(text.charCodeAt(end))) end++;
  // The full stop of a sentence.
  while (end > from && text.charCodeAt(end - 1) === 46) end--;
  return end;
}

/** A to Z, a to z, 0 to 9, `-` and `_`. */
function isToken(code: number): boolean {
  if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)) return true;
  return code === 45 || code === 95;
}

function isTokenOrDot(code: number): boolean {
  return isToken(code) || code === 46;
}

/** RFC 6750: what follows `Bearer`. */
function isAnnounced(code: number): boolean {
  return isTokenOrDot(code) || code === 126 || code === 43 || code === 47 || code === 61;
}
