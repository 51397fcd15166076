/* eslint-disable @typescript-eslint/no-explicit-any -- clients of any SDK, known by what they are made of */

/**
 * What calls of a client are recognised by: the client, and what makes calls for it where that does not lead back to it.
 * Found by shape, since a client may come from any copy of its SDK, and before anything is traced.
 */
export function partsOf(client: any): object[] {
  return [client, ...ownParts(client), hooksOf(client)].filter(isObject);
}

function ownParts(client: any): unknown[] {
  // @google/genai: `models` is made with the client and calls itself; chats call `models`.
  if (isObject(client?.apiClient)) return [client.models];
  // cohere-ai: CohereClientV2 has methods that are bound to two others.
  if (isObject(client?.clientV2)) return [client.clientV2, client.client];
  // cohere-ai: CohereClient makes its `v2` when it is first read, and the two share nothing but copies of options.
  return isObject(client?._options) && 'v2' in client ? [client.v2] : [];
}

/** Whether `see` finds something in one of the objects that may stand for the client of a call. */
export function seekClient<Found>(self: any, see: (object: object) => Found | undefined): Found | undefined {
  if (!isObject(self)) return undefined;
  return see(self) ?? seeIn(see, (self as any)._client) ?? seeIn(see, hooksOf(self));
}

function seeIn<Found>(see: (object: object) => Found | undefined, part: unknown): Found | undefined {
  return isObject(part) ? see(part) : undefined;
}

/** @mistralai/mistralai: a client and its resources have copies of the options, with the same hooks in them. */
function hooksOf(client: any): unknown {
  const hooks: unknown = client?._options?.hooks;
  return isObject(hooks) ? hooks : undefined;
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
