/* eslint-disable @typescript-eslint/no-explicit-any -- requests and answers of any SDK */

/** How a canary sits in a text: as a part of its last word, or as a sentence of its own. */
export type Style = 'word' | 'sentence';

/** Values of these stay as they are: the SDKs, or their servers, know the kinds of things by them. */
const kinds: ReadonlySet<string> = new Set([
  ...['type', 'object', 'role', 'event', 'event_type', 'eventType', '__type', 'status'],
  // Kinds of media, and media themselves: base64 has to stay base64.
  ...[
    'media_type',
    'mimeType',
    'mime_type',
    'format',
    'encoding_format',
    'response_mime_type',
    'data',
    'b64_json',
    'bytes',
  ],
  // Where the next request goes, and the document types of Bedrock.
  ...['stream', 'get', 'cancel', 'anthropic_version', 'schemaVersion', 'taskType'],
]);

/** Below these, names are the user's, too. */
const named: ReadonlySet<string> = new Set(['properties', 'metadata', 'variables', 'labels', 'args']);

/** What a model only thinks, in all requests and answers here, and how such a place is called. */
const reasoning = /^(?:Thought|Hm|Let me think|Think|I plan)$/;
export const ofReasoning = ' (reasoning)';

const pattern = /Kanari\d{5}z/g;

/** Plants a canary of its own in every string, and knows where each of them is. */
export class Canaries {
  private readonly places = new Map<string, string>();

  constructor(
    private readonly style: Style,
    private readonly from = 0,
  ) {}

  /** A copy with a canary in every string leaf, and in the names that a user gives; `keep` are further keys to spare. */
  plant<Value>(value: Value, place: string, keep: readonly string[] = []): Value {
    return this.visit(value, place, '', new Set(keep)) as Value;
  }

  /** Where the canaries were planted that are in a text, each place once. */
  placesIn(text: string): string[] {
    return [...new Set(text.match(pattern) ?? [])].map((canary) => this.places.get(canary) ?? `unknown ${canary}`);
  }

  get count(): number {
    return this.places.size;
  }

  private visit(value: any, place: string, key: string, keep: ReadonlySet<string>): unknown {
    if (typeof value === 'string') return kinds.has(key) || keep.has(key) ? value : this.inString(value, place, keep);
    if (Array.isArray(value)) return value.map((item, at) => this.visit(item, `${place}[${at}]`, key, keep));
    if (typeof value !== 'object' || value === null) return value;
    // Bytes, schemas of Zod, files.
    if (![Object.prototype, null].includes(Object.getPrototypeOf(value))) return value;
    return Object.fromEntries(
      Object.entries(value as Record<string, unknown>).map(([name, item]) => [
        named.has(key) ? this.mark(name, `${place}.${name} (name)`, true) : name,
        this.visit(item, `${place}.${name}`, name, keep),
      ]),
    );
  }

  /** Arguments of tools are JSON in a string. */
  private inString(text: string, place: string, keep: ReadonlySet<string>): string {
    if (/^[{[]/.test(text)) return JSON.stringify(this.visit(JSON.parse(text), `${place} (JSON)`, '', keep));
    return this.mark(text, place, this.style === 'word' || /^\w+:\/\//.test(text));
  }

  private mark(text: string, place: string, isWord: boolean): string {
    const isReasoning = reasoning.test(text);
    const canary = `Kanari${String(this.from + this.places.size).padStart(5, '0')}z`;
    this.places.set(canary, isReasoning ? `${place}${ofReasoning}` : place);
    return isWord ? `${text}${canary}` : `${text} says ${canary}`;
  }
}
