import { agentEvents } from './agent-events';
import { eventType } from '../build-event';
import { otelEvent } from './otel-events';
import type { EventSchema } from '../options';
import type { LlmEvent } from '../types';

/**
 * What is sent of one call, in the order in which it is to be tracked. Events that are no calls stay as they are.
 *
 * @param event - as it would be sent: gated, cut, and seen by `beforeSend`.
 * @param goesOn - see `agentEvents`.
 */
export function applySchema(event: LlmEvent, schema: EventSchema, goesOn: boolean): readonly LlmEvent[] {
  if (schema === 'llm_operation' || event.event_type !== eventType) return [event];
  if (schema === 'otel') return [otelEvent(event)];
  return schema === 'both' ? [event, ...agentEvents(event, goesOn)] : agentEvents(event, goesOn);
}
