import { hostname } from 'node:os';

/**
 * A device id that stays the same for this program on this host, so that its events belong together in Amplitude
 * without a user. It is a digest: neither the host's name nor a path leaves.
 */
export function programDeviceId(program: string | undefined = process.argv[1]): string {
  // Loaded with the first event: it would be a quarter of the time that loading this package takes.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  const digest = createHash('sha256')
    .update(`${hostname()}\0${program ?? ''}`)
    .digest('hex');
  return `llm-trace-${digest.slice(0, 20)}`;
}
