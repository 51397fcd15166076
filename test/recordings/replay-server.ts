import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies of any provider */

/** One recorded call; the format is described beside the recordings. */
export interface Recording {
  readonly id: string;
  readonly provider: string;
  readonly kind: string;
  readonly features: readonly string[];
  readonly request: { readonly url: string; readonly body: any; readonly form?: Record<string, any> };
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body?: any;
    readonly text?: string;
  };
}
/* eslint-enable @typescript-eslint/no-explicit-any */

const folder = join(__dirname, '..', '..', '..', 'shared', 'recordings');

/** They belong to other projects and are not part of this package. */
export const haveRecordings = existsSync(join(folder, 'replay-server.mjs'));

export function loadRecordings(names: readonly string[]): Recording[] {
  return names
    .flatMap((name) => readFileSync(join(folder, `${name}.jsonl`), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Recording);
}

export interface ReplayServer {
  readonly url: string;
  close(): void;
}

/** The server is an ES module, which Jest can not load: it runs as a process of its own. */
export async function startReplayServer(names: readonly string[]): Promise<ReplayServer> {
  const files = names.map((name) => join(folder, `${name}.jsonl`));
  // It compares its own URL with the path it was started by, so that must not go through a symbolic link.
  const server = spawn(process.execPath, [realpathSync(join(folder, 'replay-server.mjs')), ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await readPort(server);
  return { url: `http://127.0.0.1:${port}`, close: () => void server.kill() };
}

function readPort(server: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('\n')) resolve((JSON.parse(printed) as { port: number }).port);
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`the replay server ended with ${code ?? 'a signal'}`)));
  });
}
