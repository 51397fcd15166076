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

/**
 * A folder for temporary files is shared by users; each has one of their own. By number: a container may run as a user
 * who is in no list of users (OpenShift, `docker run --user`), of whom `userInfo` knows nothing and throws.
 */
function nameOfUser(): string {
  const uid = process.getuid?.();
  return uid === undefined ? loginName().replace(/[^\w.-]/g, '_') : String(uid);
}

/** On Windows, where users have folders for temporary files of their own. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'user';
  }
}
