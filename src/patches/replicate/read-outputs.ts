import type { Limits, ResponseFacts } from '../../types';
import { addOutputText, outputAt } from '../shared/read-outputs';
import { mediaMark, readText } from '../shared/read-text';
import { asArray, asNumber, asString } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- outputs are the models' own */

/** More pieces of an output are not looked at one by one: a list that long is no text. */
const mostPieces = 100_000;

/** What is known of a prediction, at its start, while it runs, and at its end: the later word counts. */
export function readPrediction(facts: ResponseFacts, prediction: any, limits: Limits): ResponseFacts {
  const status = asString(prediction?.status);
  facts.id = asString(prediction?.id) ?? facts.id;
  facts.model = asString(prediction?.model) ?? facts.model;
  const usage = readUsage(prediction?.metrics);
  if (usage) facts.usage = usage;
  facts.outputs = undefined;
  readOutput(facts, prediction?.output, limits);
  facts.finished = status === undefined ? undefined : status === 'succeeded' || status === 'failed';
  if (status !== undefined && ends.includes(status)) outputAt(facts, 0).finishReason = status;
  if (status === 'failed') facts.failure = { message: readText(prediction.error, limits.response) };
  return facts;
}

/** `starting` and `processing` are no ends. */
const ends: readonly string[] = ['succeeded', 'failed', 'canceled', 'aborted'];

/** Only models that write text count tokens. */
function readUsage(metrics: any): ResponseFacts['usage'] {
  const inputTokens = asNumber(metrics?.input_token_count);
  const outputTokens = asNumber(metrics?.output_token_count);
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return { inputTokens, outputTokens };
}

/** The whole of what a stream gives in pieces. */
export function readStreamedOutput(output: unknown, limits: Limits): ResponseFacts {
  return readOutput({ finished: true }, output, limits);
}

export function readServerEvent(facts: ResponseFacts, event: any, limits: Limits): ResponseFacts {
  if (event?.event === 'output') readPiece(facts, event.data, limits);
  if (event?.event !== 'done') return facts;
  facts.finished = true;
  const reason = reasonOf(event.data);
  if (reason !== undefined) outputAt(facts, 0).finishReason = reason;
  return facts;
}

/** `{}`, or `{"reason":"canceled"}` where it did not come to its own end. */
function reasonOf(data: unknown): string | undefined {
  if (typeof data !== 'string' || data.length > 1_000) return undefined;
  try {
    return asString((JSON.parse(data) as { reason?: unknown } | null)?.reason);
  } catch {
    // Not what is documented: there is no reason in it.
    return undefined;
  }
}

/** A text, whole or in pieces; addresses of files; or an object that may have a text in it. */
function readOutput(facts: ResponseFacts, output: any, limits: Limits): ResponseFacts {
  for (const piece of asArray(output)?.slice(0, mostPieces) ?? [output]) readPiece(facts, piece, limits);
  return facts;
}

function readPiece(facts: ResponseFacts, piece: any, limits: Limits): void {
  if (piece === undefined || piece === null) return;
  const text: unknown = typeof piece === 'string' ? piece : (piece.text ?? piece.transcription);
  const type = mediaTypeOf(piece);
  if (type === undefined) {
    if (typeof text !== 'string') return;
    // A text within an object is what a model heard or saw, more often than what it wrote.
    if (typeof piece === 'string') facts.operation ??= 'text_completion';
    return addOutputText(facts, outputAt(facts, 0), text, limits.response);
  }
  if (type.startsWith('image/')) facts.operation ??= 'image_generation';
  const output = outputAt(facts, 0);
  addOutputText(facts, output, (output.text ? ' ' : '') + mediaMark(type, dataOf(piece)), limits.response);
}

/** What kind of file an output is, by its address: a string, or a `FileOutput`, which is a stream that is left alone. */
function mediaTypeOf(piece: any): string | undefined {
  if (typeof piece !== 'string') return typeof piece?.getReader === 'function' ? 'file' : undefined;
  // A model may write `data:` as a word of its own.
  const dataType = /^data:([\w.+-]+\/[\w.+-]+)[;,]/.exec(piece.slice(0, 200))?.[1];
  if (dataType !== undefined) return dataType;
  if (!/^https?:\/\/\S+$/.test(piece.slice(0, longestAddress + 1)) || piece.length > longestAddress) return undefined;
  const extension = /\.([a-z0-9]{2,5})$/i.exec(piece.split(/[?#]/, 1)[0] ?? '')?.[1]?.toLowerCase() ?? '';
  return fileTypes[extension] ?? 'file';
}

const longestAddress = 2_048;

function dataOf(piece: unknown): string | undefined {
  return typeof piece === 'string' && piece.startsWith('data:') ? piece : undefined;
}

const fileTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  webm: 'video/webm',
};
