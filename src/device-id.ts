import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/**
 * A device id that stays the same for this program on this host, so that its events belong together in Amplitude
 * without a user. It is a digest: neither the host's name nor a path leaves.
 */
export function programDeviceId(program: string | undefined = process.argv[1]): string {
  const digest = createHash('sha256')
    .update(`${hostname()}\0${program ?? ''}`)
    .digest('hex');
  return `llm-trace-${digest.slice(0, 20)}`;
}
