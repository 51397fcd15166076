import type { MessageFacts, MethodReader } from '../../src/types';
import { limits } from './expect-facts';

/** The base64 of 45 bytes. */
export const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk';

/** What stands for a message of a request. */
export function said(reader: MethodReader, message: unknown): MessageFacts | undefined {
  const key = reader.method === 'responses.create' ? 'input' : 'messages';
  return reader.readRequest({ model: 'm', [key]: [message] }, limits).messages?.[0];
}

/** What stands for one part of a message. */
export function saidIn(reader: MethodReader, part: object): string | undefined {
  return said(reader, { role: 'user', content: [part] })?.content?.text;
}
