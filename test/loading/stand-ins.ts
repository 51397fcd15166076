import { createRequire } from 'node:module';

interface StandIn {
  readonly url: string;
  close(): Promise<void>;
}

export type ProviderServer = StandIn;

export interface AmplitudeServer extends StandIn {
  readonly events: { readonly event_properties: Readonly<Record<string, unknown>> }[];
  readonly refused: unknown[];
  readonly requests: unknown[];
}

/** The servers of the demo are plain JavaScript. */
const load = createRequire(__filename);

export const { startProviderServer } = load('../../demo/stand-ins/provider-server.js') as {
  startProviderServer(): Promise<ProviderServer>;
};

export const { startAmplitudeServer } = load('../../demo/stand-ins/amplitude-server.js') as {
  startAmplitudeServer(options?: { status?: number; delay?: number }): Promise<AmplitudeServer>;
};
