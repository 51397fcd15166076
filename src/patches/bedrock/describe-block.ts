import { jsonBeginning } from '../shared/read-outputs';
import { mediaMark } from '../shared/read-text';
import { asArray, asString } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- blocks of several generations */

/** The server cuts longer strings (Amplitude, HTTP V2 API). */
const longestString = 1_024;

/** Says a block of Converse in words: its text, or a mark. A block is an object with one field, which says its kind. */
export function describeBlock(block: any): string | undefined {
  if (typeof block === 'string') return block;
  if (typeof block !== 'object' || block === null) return undefined;
  if (typeof block.text === 'string') return block.text as string;
  if (block.toolUse) return `[tool_call ${asString(block.toolUse.name) ?? ''}]`;
  if (block.toolResult) return describeToolResult(block.toolResult.content);
  if (typeof block.guardContent?.text?.text === 'string') return block.guardContent.text.text as string;
  if (block.citationsContent) return describeAll(block.citationsContent.content);
  for (const kind of ['image', 'document', 'video', 'audio']) {
    if (block[kind]) return describeMedium(kind, block[kind]);
  }
  // A message without content comes here too, and a point of the cache is nothing that was said.
  if ('role' in block || 'cachePoint' in block) return undefined;
  const [name] = asArray(block.$unknown) ?? Object.keys(block as object);
  return typeof name === 'string' ? `[${name}]` : undefined;
}

/** A document can be plain text, or blocks of it. */
function describeMedium(kind: string, { format, source }: any): string {
  if (typeof source?.text === 'string') return source.text as string;
  if (asArray(source?.content)) return describeAll(source.content) ?? mediaMark(kind);
  const type = asString(format);
  return mediaMark(type === undefined ? kind : `${kind}/${type}`, source?.bytes);
}

/** What a tool gave back, where it is one text; several parts are only counted. */
function describeToolResult(content: unknown): string {
  const parts = asArray(content) ?? [];
  const [part] = parts as any[];
  const said = part?.json === undefined ? describeBlock(part) : jsonBeginning(part.json, longestString);
  return (parts.length === 1 ? said : undefined) ?? `[tool_result of ${parts.length} parts]`;
}

function describeAll(content: unknown): string | undefined {
  const pieces = (asArray(content) ?? []).slice(0, 20).map((part) => describeBlock(part)?.slice(0, longestString));
  const said = pieces.filter((piece) => piece !== undefined);
  return said.length > 0 ? said.join('\n') : undefined;
}
