import type { Found } from './redact';

/** RFC 5321: what stands before the `@`, and behind it. */
const longestLocal = 64;
const longestDomain = 255;

/** As it is, and as it stands in an address of the web. */
const signs = /@|%40/g;

/** `name@example.org`. Where the text was cut, a domain that reaches its end may lack its last label. */
export function findEmails(text: string, isCut: boolean): Found[] {
  const found: Found[] = [];
  if (!text.includes('@') && !text.includes('%40')) return found;
  let from = 0;
  signs.lastIndex = 0;
  for (let sign = signs.exec(text); sign; sign = signs.exec(text)) {
    const at = sign.index;
    const start = startOfLocal(text, at, from);
    if (start === at) continue;
    const behind = at + sign[0].length;
    const last = lastOfDomain(text, behind);
    const end = withoutPunctuation(text, behind, last);
    if (!isDomain(text.slice(behind, end)) && !(isCut && last === text.length)) continue;
    found.push({ kind: 'email', start, end: Math.max(end, behind) });
    from = end;
  }
  return found;
}

function startOfLocal(text: string, at: number, from: number): number {
  let start = at;
  const least = Math.max(from, at - longestLocal);
  while (start > least && isLocal(text, start - 1)) start--;
  return start;
}

/** Letters, digits and . _ - +; an apostrophe within (`o'brien`), and not the quote before. */
function isLocal(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (isNameCharacter(code) || code === 46 || code === 43) return true;
  return code === 39 && at > 0 && isNameCharacter(text.charCodeAt(at - 1));
}

function lastOfDomain(text: string, from: number): number {
  let end = from;
  const most = Math.min(text.length, from + longestDomain);
  while (end < most && (isNameCharacter(text.charCodeAt(end)) || text.charCodeAt(end) === 46)) end++;
  return end;
}

/** The full stop behind it, or a hyphen, is not a part of it. */
function withoutPunctuation(text: string, from: number, last: number): number {
  let end = last;
  while (end > from && !isAlphanumeric(text.charCodeAt(end - 1))) end--;
  return end;
}

/** Labels with dots, the last of two letters or more; `1.2.0-beta.rc` is a version, and `2x.png` a picture. */
function isDomain(domain: string): boolean {
  const dot = domain.lastIndexOf('.');
  if (dot < 1 || domain.length - dot < 3 || domain.includes('..')) return false;
  const last = domain.slice(dot + 1);
  return (/^[^\d_-]{2,63}$/.test(last) || /^xn--/i.test(last)) && !/^\d{1,9}(?:\.\d|x\.)/.test(domain);
}

/** Letters of any script that has spaces between words, digits, `-` and `_`. */
function isNameCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 45 || code === 95;
}

function isAlphanumeric(code: number): boolean {
  if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)) return true;
  return code >= 0xc0 && code < 0x2000;
}

/** `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255` */
const longestIp = 45;

/** Addresses of IPv6. Those of IPv4 are found among the numbers. */
export function findIps(text: string): Found[] {
  const found: Found[] = [];
  let end = 0;
  for (let colon = text.indexOf(':'); colon !== -1; colon = text.indexOf(':', end)) {
    let start = colon;
    while (start > end && isIpCharacter(text.charCodeAt(start - 1))) start--;
    const isAttached = start > 0 && isAlphanumeric(text.charCodeAt(start - 1));
    for (end = colon + 1; end < text.length && isIpCharacter(text.charCodeAt(end)); end++);
    const isFollowed = end < text.length && isAlphanumeric(text.charCodeAt(end));
    if (isAttached || isFollowed || end - start > longestIp + 1) continue;
    const address = text.slice(start, end).replace(/\.$|(?<!:):$/, '');
    if (isIpv6(address)) found.push({ kind: 'ip', start, end: start + address.length });
  }
  return found;
}

/** 0 to 9, a to f, `:` and `.` */
function isIpCharacter(code: number): boolean {
  if ((code >= 48 && code <= 58) || code === 46) return true;
  return (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

/**
 * Eight groups, or fewer around one `::`. The short ones of those are common in code (`a::b`, `x[1::2]`): they need
 * three groups, or a first one of four digits. `::1` is an address and nothing else.
 */
function isIpv6(address: string): boolean {
  const halves = address.split('::');
  if (halves.length > 2 || !/\d/.test(address)) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const hasIpv4 = last?.includes('.') === true;
  if (hasIpv4 && !/^(\d{1,3}\.){3}\d{1,3}$/.test(last)) return false;
  if (!groups.every((group, at) => /^[0-9a-f]{1,4}$/i.test(group) || (hasIpv4 && at === groups.length - 1)))
    return false;
  const count = groups.length + (hasIpv4 ? 1 : 0);
  if (halves.length === 1) return count === 8;
  if (count > 7) return false;
  return address === '::1' || count >= 3 || groups[0]?.length === 4;
}
