import { agentEvents } from './agent-events';
import { eventType } from './build-event';
import { otelEvent } from './otel-events';
import type { LlmEvent } from './types';

/** By which names events are sent: ours, those of Amplitude's Agent Analytics, both, or OpenTelemetry's. */
export type Schema = 'llm_operation' | 'agent' | 'both' | 'otel';

/**
 * What is sent of one call, in the order in which it is to be tracked. Events that are no calls stay as they are.
 *
 * @param event - as it would be sent: gated, cut, and seen by `beforeSend`.
 * @param goesOn - see `agentEvents`.
 */
export function applySchema(event: LlmEvent, schema: Schema, goesOn: boolean): readonly LlmEvent[] {
  if (schema === 'llm_operation' || event.event_type !== eventType) return [event];
  if (schema === 'otel') return [otelEvent(event)];
  return schema === 'both' ? [event, ...agentEvents(event, goesOn)] : agentEvents(event, goesOn);
}
