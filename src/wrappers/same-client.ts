import { sharedState } from '../shared-state';

/** Whether two clients of Amplitude are one: of one that can not be extended, `withLlmTracing` makes a second object. */
export function isSameClient(one: object | undefined, other: object | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && extended(one) === extended(other));
}

function extended(client: object): object {
  return sharedState().tracingClients?.get(client) ?? client;
}
