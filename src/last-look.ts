import { toJson } from './content';
import { isSendable } from './mend-event';
import type { ResolvedOptions } from './options';
import { ignoreRejection } from './safely';
import type { JsonValue, LlmEvent } from './types';

/**
 * What `beforeSend` makes of an event. What it gives back is as unknown as any input: only JSON of the right form goes on.
 *
 * @returns undefined where it drops the event.
 * @throws where it throws, or gives back what is no event. It may have been there to take something out, so without its
 * consent nothing is sent.
 */
export function lookLast(built: LlmEvent, look: NonNullable<ResolvedOptions['beforeSend']>): LlmEvent | undefined {
  // A copy: what it changes in place must not be in the next event, which shares groups and properties.
  const event: unknown = look(toJson(built) as unknown as LlmEvent);
  if (event === null || event === undefined) return undefined;
  ignoreRejection(event);
  const { time, insert_id } = built;
  const checked = { time, insert_id, ...(toJson(event) as Record<string, JsonValue>) };
  if (isSendable(checked)) return checked;
  throw new TypeError('beforeSend must return null, or an event with properties and an id that the server takes');
}
