import { agentEvents } from '../../src/schemas/agent-events';
import type { JsonValue, LlmEvent } from '../../src/types';

export type Properties = Record<string, JsonValue>;

const call: Properties = {
  operation: 'chat_completion',
  outcome: 'ok',
  trace_id: 'trace-1',
  span_id: 'span-1',
  llm_trace_version: '1.2.3',
};

export function eventOf(properties: Properties, fields: Partial<LlmEvent> = {}): LlmEvent {
  return {
    event_type: 'llm_operation',
    event_properties: { ...call, ...properties },
    time: 1_760_000_000_000,
    insert_id: 'id-1',
    user_id: 'user-1',
    device_id: 'device-1',
    groups: { company: 'acme' },
    ...fields,
  };
}

export const shaped = (properties: Properties, goesOn = false): LlmEvent[] => agentEvents(eventOf(properties), goesOn);
export const typesOf = (events: readonly LlmEvent[]): string[] => events.map((event) => event.event_type);

/** What came of the call. */
export function mainOf(properties: Properties, goesOn = false): LlmEvent {
  return shaped(properties, goesOn).at(-1) as LlmEvent;
}
