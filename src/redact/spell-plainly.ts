/**
 * Whatever is written in more than one way: escapes of JSON, also of JSON within JSON; hyphens and spaces that do not
 * break, which language models and word processors write between digits; digits and signs of double width. Of a run of
 * backslashes only the first is a beginning, or a text of nothing else would be read again for each.
 */
const anyOther = /[\\\u00a0\u2000-\u200a\u2010-\u2015\u202f\u205f\u2212\u3000\uff08-\uff19\uff20]/;
const others = new RegExp(
  [
    '(?<!\\\\)\\\\+(?:u[0-9a-fA-F]{4}|["\'/bfnrt])',
    '[\\u00a0\\u2000-\\u200a\\u2010\\u2011\\u202f\\u205f\\u2212\\u3000\\uff08\\uff09\\uff0b\\uff0d-\\uff19\\uff20]',
    // A dash can be the end of a thought, too: between digits it is a hyphen.
    '(?<=[\\d)])[\\u2012-\\u2015]|[\\u2012-\\u2015](?=\\d)',
  ].join('|'),
  'g',
);

/**
 * A text as those look at it who search it: of the same length, with plain spaces, hyphens, digits and signs. An escape
 * is as many spaces, and ends with what it stands for where that is a quote or a slash: the letter in `\n` is no part
 * of the word behind it.
 */
export function spellPlainly(text: string): string {
  return anyOther.test(text) ? text.replace(others, plainOf) : text;
}

function plainOf(written: string): string {
  const last = written.charAt(written.length - 1);
  if (written.length > 1) return (/["'/]/.test(last) ? last : ' ').padStart(written.length);
  const code = written.charCodeAt(0);
  if (code >= 0xff00) return String.fromCharCode(code - 0xfee0);
  return (code >= 0x2010 && code <= 0x2015) || code === 0x2212 ? '-' : ' ';
}
