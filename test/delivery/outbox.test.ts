import fs, {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutbox, staleAfter, type Outbox, type OutboxSettings } from '../../src/delivery/outbox';
import { spoolFolder } from '../../src/delivery/spool-folder';

const hour = 3_600_000;

let root: string;
let directory: string;
let dropped: Record<string, number>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outbox-'));
  directory = join(root, 'spool', 'project');
  dropped = {};
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

function open(settings: Partial<OutboxSettings> = {}): Outbox {
  return openOutbox({ directory, maxBytes: 1e9, maxAge: hour, ...settings }, (reason, count) => {
    dropped[reason] = (dropped[reason] ?? 0) + count;
  });
}

function files(): string[] {
  return readdirSync(directory).sort();
}

/** A file with these lines that nobody holds; its name. */
function leave(outbox: Outbox, ...lines: string[]): string {
  const segment = outbox.begin();
  segment.append(lines);
  segment.close();
  outbox.release(segment.name);
  return segment.name;
}

function age(name: string, milliseconds: number): void {
  const then = new Date(Date.now() - milliseconds);
  utimesSync(join(directory, name), then, then);
}

/** As a process leaves it that wrote its file so long ago. */
function writeOld(milliseconds: number, text: string): void {
  const name = `${(Date.now() - milliseconds).toString(36).padStart(9, '0')}-old.jsonl`;
  writeFileSync(join(directory, name), text);
}

describe('an outbox', () => {
  it('gives each file to one of several claimants', () => {
    const outboxes = Array.from({ length: 4 }, () => open());
    const [first] = outboxes as [Outbox];
    for (let index = 0; index < 40; index++) leave(first, `{"n":${index}}`);
    const lines = Array.from({ length: 60 }, (_, index) => outboxes[index % 4]?.claim()).flatMap(
      (claim) => claim?.lines ?? [],
    );
    expect(lines.length).toBe(40);
    expect(new Set(lines).size).toBe(40);
  });

  it('gives the oldest first', () => {
    const outbox = open();
    writeOld(60_000, '{"n":2}\n');
    writeOld(120_000, '{"n":1}\n');
    expect([outbox.claim(), outbox.claim()].flatMap((claim) => claim?.lines)).toEqual(['{"n":1}', '{"n":2}']);
  });

  it('finds what came after it had listed the rest', () => {
    const outbox = open();
    leave(outbox, '{"n":1}');
    leave(outbox, '{"n":2}');
    expect(outbox.claim()).toBeDefined();
    leave(open(), '{"n":3}');
    expect([outbox.claim(), outbox.claim()].map((claim) => claim?.lines.length)).toEqual([1, 1]);
    expect(outbox.claim()).toBeUndefined();
  });

  it('does not list a folder of thousands for each of them', () => {
    const outbox = open();
    for (let index = 0; index < 200; index++) writeOld(index * 50, '{}\n{"n":1}\n');
    const list = jest.spyOn(fs, 'readdirSync');
    let count = 0;
    for (; outbox.claim(); count++);
    expect(count).toBe(200);
    expect(list.mock.calls.length).toBeLessThan(5);
  });

  it('skips torn lines, counted, and a file that is nothing else', () => {
    const outbox = open();
    const name = leave(outbox, '{"n":1}', '{"n":2}').replace('.held', '.jsonl');
    truncateSync(join(directory, name), 13);
    expect(outbox.claim(name)?.lines).toEqual(['{"n":1}']);
    writeOld(5, '{"a":1\nnull\n\u0000\u0000');
    expect(outbox.claim()).toBeUndefined();
    expect(dropped).toEqual({ outbox_torn: 4 });
    expect(files()).toHaveLength(1);
  });

  it('leaves what is held to its holder, for a minute after the last sign of it', () => {
    const segment = open().begin();
    segment.append(['{"n":1}']);
    const other = open();
    expect(other.claim()).toBeUndefined();
    age(segment.name, staleAfter + 1_000);
    expect(other.claim()?.lines).toEqual(['{"n":1}']);
  });

  it('hears the sign of a holder', () => {
    const outbox = open();
    const { name } = outbox.begin();
    age(name, staleAfter + 1_000);
    outbox.touch([name, 'gone.held']);
    expect(open().claim()).toBeUndefined();
    expect(existsSync(join(directory, name))).toBe(true);
  });

  it('takes what is held in the future: the clock was set back', () => {
    const segment = open().begin();
    segment.append(['{"n":1}']);
    age(segment.name, -hour);
    expect(open().claim()?.lines).toEqual(['{"n":1}']);
  });

  it('tells a holder that was taken for gone that its file is not its own (a laptop that slept)', () => {
    const segment = open().begin();
    expect(segment.append(['{"n":1}'])).toBe(true);
    age(segment.name, staleAfter + 1_000);
    const claim = open().claim();
    expect(segment.append(['{"n":2}'])).toBe(false);
    expect(claim?.lines).toEqual(['{"n":1}']);
  });

  it('can be removed, released and claimed when somebody else was faster', () => {
    const outbox = open();
    const name = leave(outbox, '{"n":1}');
    const claim = open().claim();
    expect(outbox.claim(name)).toBeUndefined();
    outbox.release(name);
    outbox.remove(name);
    open().remove(claim?.name ?? '');
    outbox.remove(claim?.name ?? '');
    expect(files()).toEqual([]);
  });

  it('drops the oldest when it is full, counted, and nothing that is held', () => {
    const outbox = open();
    const holding = outbox.begin();
    holding.append([`{"n":"${'x'.repeat(500)}"}`]);
    writeOld(3_000, `{"n":1}\n{"n":"${'x'.repeat(500)}"}\n`);
    writeOld(2_000, `{"n":"${'x'.repeat(500)}"}\n`);
    open({ maxBytes: 1_200 }).begin().close();
    expect(dropped).toEqual({ outbox_full: 2 });
    expect(existsSync(join(directory, holding.name))).toBe(true);
  });

  it('drops what is too old, counted, however often somebody has tried it', () => {
    const outbox = open();
    writeOld(2 * hour, '{"n":1}\n');
    // This touches it, and would make it young.
    const claim = outbox.claim();
    outbox.release(claim?.name ?? '');
    open().begin().close();
    expect(dropped).toEqual({ outbox_too_old: 1 });
  });

  it('makes its folder again when it was cleaned up', () => {
    const outbox = open();
    rmSync(join(root, 'spool'), { recursive: true });
    expect(outbox.claim()).toBeUndefined();
    const segment = outbox.begin();
    expect(segment.append(['{"n":1}'])).toBe(true);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('leaves nothing of lines that the disk did not take', () => {
    const segment = open().begin();
    segment.append(['{"n":1}']);
    const write = fs.writeSync;
    jest.spyOn(fs, 'writeSync').mockImplementationOnce(((file: number, data: Buffer) => {
      write(file, data, 0, 3);
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    }) as unknown as typeof fs.writeSync);
    expect(() => segment.append(['{"n":2}'])).toThrow('no space');
    segment.append(['{"n":3}']);
    segment.close();
    open().release(segment.name);
    expect(open().claim()?.lines).toEqual(['{"n":1}', '{"n":3}']);
    expect(dropped).toEqual({});
  });

  it('appends nothing to a file that is closed', () => {
    const segment = open().begin();
    segment.close();
    segment.close();
    expect(() => segment.append(['{}'])).toThrow('closed');
  });

  it('is read by nobody else', () => {
    const segment = open().begin();
    expect(statSync(join(directory, segment.name)).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'spool')).mode & 0o777).toBe(0o700);
  });

  it('is not opened in a folder that others can read', () => {
    open();
    chmodSync(directory, 0o755);
    expect(() => open()).toThrow('can be read by others');
  });

  it('is not opened where a link or a file is', () => {
    open();
    rmSync(directory, { recursive: true });
    symlinkSync(root, directory);
    expect(() => open()).toThrow('is not a folder');
    rmSync(directory);
    writeFileSync(directory, '');
    expect(() => open()).toThrow();
  });

  it('is not opened in a folder for temporary files where the one above it is not only ours', () => {
    open({ isInTemporaryFolder: true });
    chmodSync(join(root, 'spool'), 0o777);
    expect(() => open({ isInTemporaryFolder: true })).toThrow('can be read by others');
    // Where the user chose the folder, it may be shared.
    expect(() => open()).not.toThrow();
  });

  it('is not opened in a folder of another user', () => {
    open();
    // Only root could give the folder away; so it is we who are somebody else.
    jest.spyOn(process, 'getuid').mockReturnValue(65_534);
    expect(() => open()).toThrow('belongs to another user');
  });
});

describe('the folder of an outbox', () => {
  it('is one for each project and server, and does not tell the key', () => {
    const folders = [
      spoolFolder({ directory: 'spool' }, 'a-key', 'http://a'),
      spoolFolder({ directory: 'spool' }, 'b-key', 'http://a'),
      spoolFolder({ directory: 'spool' }, 'a-key', 'http://b'),
    ];
    expect(new Set(folders).size).toBe(3);
    for (const folder of folders) expect(folder).toMatch(/^spool[\\/][0-9a-f]{24}$/);
    expect(spoolFolder({ directory: 'spool' }, 'a-key', 'http://a')).toBe(folders[0]);
  });

  it('lies with temporary files where nobody names one, apart from those of other users', () => {
    const folder = spoolFolder({}, 'a-key', 'http://a');
    expect(folder.startsWith(join(tmpdir(), 'llm-trace-'))).toBe(true);
    expect(folder).toContain(`llm-trace-${process.getuid?.() ?? ''}`);
  });
});
