import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openOutbox, staleAfter, type Outbox } from '../../src/delivery/outbox';

const day = 86_400_000;
const digest = 'a'.repeat(24);
const other = 'b'.repeat(24);

let spool: string;
let dropped: Record<string, number>;

beforeEach(() => {
  spool = mkdtempSync(join(tmpdir(), 'aged-'));
  dropped = {};
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(spool, { recursive: true, force: true });
});

function open(maxAge = 7 * day): Outbox {
  return openOutbox({ directory: join(spool, digest), maxBytes: 1e9, maxAge }, (reason, count) => {
    dropped[reason] = (dropped[reason] ?? 0) + count;
  });
}

/** As a process left it so many days ago. */
function leave(folder: string, days: number, ending = 'jsonl', mode = 0o700): string {
  const then = Date.now() - days * day;
  mkdirSync(join(spool, folder), { recursive: true, mode });
  const file = join(spool, folder, `${then.toString(36).padStart(9, '0')}-${crypto.randomUUID()}.${ending}`);
  writeFileSync(file, '{"n":1}\n{"n":2}\n', { mode: 0o600 });
  utimesSync(file, then / 1_000, then / 1_000);
  return file;
}

/** Looks at the outbox as each process does at its start, and waits for what comes of it. */
async function look(outbox = open()): Promise<string[]> {
  const lines = outbox.claim()?.lines ?? [];
  for (let turn = 0; turn < 20; turn++) await setImmediate();
  return [...lines];
}

describe('events that lie on disk for too long', () => {
  it('are not sent, but removed and counted: the server would not know whether it has them', async () => {
    leave(digest, 30);
    expect(await look()).toEqual([]);
    expect(readdirSync(join(spool, digest))).toEqual([]);
    expect(dropped).toEqual({ outbox_too_old: 2 });
  });

  it('are not sent by the process that wrote them either', () => {
    const outbox = open();
    const { name, append, close } = outbox.begin();
    append(['{"n":1}']);
    close();
    outbox.release(name);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 8 * day);
    expect(outbox.claim(name)).toBeUndefined();
  });

  it('are removed with a former key, too: nobody else would', async () => {
    const old = leave(other, 30);
    const stale = leave(other, 9, 'held');
    const young = leave(other, 6);
    await look();
    expect([old, stale, young].map((file) => existsSync(file))).toEqual([false, false, true]);
    expect(dropped).toEqual({ outbox_too_old: 4 });
  });

  it('of another project are kept for a week, however short ours are kept', async () => {
    const ours = leave(digest, 2);
    const theirs = leave(other, 2);
    await look(open(day));
    expect([ours, theirs].map((file) => existsSync(file))).toEqual([false, true]);
  });

  it('are left to a process that holds them', async () => {
    const held = leave(other, 30, 'held');
    const now = Date.now() / 1_000;
    utimesSync(held, now, now - staleAfter / 2_000);
    await look();
    expect(existsSync(held)).toBe(true);
    expect(dropped).toEqual({});
  });

  it('are nothing else than files with our names in folders of ours', async () => {
    const files = [
      leave('notes', 30),
      leave(join(other, 'folder'), 30),
      leave('c'.repeat(24), 30, 'txt'),
      leave('d'.repeat(24), 30),
    ];
    chmodSync(join(spool, 'd'.repeat(24)), 0o755);
    const named = join(spool, other, 'notes.jsonl');
    renameSync(leave(other, 30), named);
    await look();
    expect([...files, named].filter((file) => !existsSync(file))).toEqual([]);
    expect(dropped).toEqual({});
  });

  it('of another user are left alone', async () => {
    const file = leave(other, 30);
    const outbox = open();
    // Only root could give the folder away; so it is we who are somebody else.
    jest.spyOn(process, 'getuid').mockReturnValue(65_534);
    await look(outbox);
    expect(existsSync(file)).toBe(true);
  });
});
