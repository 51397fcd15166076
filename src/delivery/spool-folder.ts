import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * The folder of one project on one server: events of another one must not be sent with this key. The key itself is not
 * in its name.
 */
export function spoolFolder(
  { directory }: { readonly directory?: string | undefined },
  apiKey: string,
  url: string,
): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded where there is an outbox only: it is slow
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  const digest = createHash('sha256').update(`${apiKey}\0${url}`).digest('hex').slice(0, 24);
  return join(directory ?? join(tmpdir(), `llm-trace-${nameOfUser()}`), digest);
}

/** A folder for temporary files is shared by users; each has one of their own. */
function nameOfUser(): string {
  const { uid, username } = userInfo();
  return uid >= 0 ? String(uid) : username.replace(/[^\w.-]/g, '_');
}
