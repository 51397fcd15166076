import { mediaMark } from './read-text';
import { asArray, asString } from './read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- parts of Chat Completions, Responses and Moderations */

/** The server cuts longer strings (Amplitude, HTTP V2 API). */
const longestString = 1_024;

/** Says a part of a message, or an item of `input`, in words: its text, or a mark that stands for something else. */
export function describePart(part: any): string | undefined {
  if (typeof part === 'string') return part;
  const type = asString(part?.type);
  switch (type) {
    case 'image_url':
    case 'input_image':
      return describeImage(part.image_url?.url ?? part.image_url);
    case 'input_audio':
      return mediaMark(audioType(part.input_audio?.format), part.input_audio?.data);
    case 'file':
    case 'input_file':
      return mediaMark('file', part.file?.file_data ?? part.file_data);
    // Nobody is shown what a model only thought, not where it is sent again either.
    case 'reasoning':
    case 'reasoning_text':
    case 'reasoning.text':
    case 'summary_text':
      return '[reasoning]';
    case 'thinking':
      return '[thinking]';
  }
  const text = part?.text ?? part?.refusal ?? part?.output;
  if (typeof text === 'string') return text;
  if (Array.isArray(text)) return describeParts(text);
  if (type?.endsWith('_call')) return toolMark(part.name ?? type.slice(0, -'_call'.length));
  const calls = asArray(part?.tool_calls)?.map((call: any) => call?.function ?? call?.custom);
  const called = calls ?? (part?.function_call ? [part.function_call] : []);
  if (called.length > 0) return called.map((call) => toolMark(call?.name)).join(' ');
  return type === undefined ? undefined : `[${type}]`;
}

/** What a tool gave back, as far as a string of an event can be. */
function describeParts(parts: readonly unknown[]): string {
  const pieces = parts.slice(0, 20).map((part) => describePart(part)?.slice(0, longestString));
  return pieces.filter((piece) => piece !== undefined).join('\n');
}

function toolMark(name: unknown): string {
  return `[tool_call ${asString(name) ?? ''}]`;
}

function audioType(format: unknown): string {
  return typeof format === 'string' ? `audio/${format.slice(0, 20)}` : 'audio';
}

function describeImage(url: unknown): string {
  return typeof url === 'string' && url.startsWith('data:') ? mediaMark('image', url) : mediaMark('image');
}
