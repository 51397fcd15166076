import { describePart as describeAny } from '../shared/describe-part';
import { mediaMark } from '../shared/read-text';
import { asString } from '../shared/read-values';

/* eslint-disable @typescript-eslint/no-explicit-any -- parts of messages, in camel case */

/** Says a part of a message, or a message that only calls tools, in words. */
export function describePart(part: any): string | undefined {
  if (Array.isArray(part?.toolCalls)) return describeAny({ tool_calls: part.toolCalls });
  switch (asString(part?.type)) {
    case 'image_url':
      return describeAny({ type: 'image_url', image_url: part.imageUrl });
    case 'input_audio':
      return mediaMark('audio', part.inputAudio);
  }
  return describeAny(part);
}
