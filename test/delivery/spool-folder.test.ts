import os from 'node:os';
import { join } from 'node:path';
import { spoolFolder } from '../../src/delivery/spool-folder';

const folderOf = (spool: { directory?: string }): string => spoolFolder(spool, 'a-key', 'https://example.com/');
const { getuid } = process;

afterEach(() => {
  jest.restoreAllMocks();
  Object.assign(process, { getuid });
});

const noSuchUser = (): void =>
  void jest.spyOn(os, 'userInfo').mockImplementation(() => {
    throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT (no such file or directory)');
  });

describe('the folder of an outbox', () => {
  it('is one of each project and server, in the folder that was asked for, and does not name the key', () => {
    const folders = [folderOf({ directory: '/a' }), spoolFolder({ directory: '/a' }, 'a-key', 'https://example.org/')];
    expect(new Set([...folders, spoolFolder({ directory: '/a' }, 'b-key', 'https://example.com/')]).size).toBe(3);
    expect(folderOf({ directory: '/a' })).toBe(folders[0]);
    expect(folders[0]).toMatch(/^[\\/]a[\\/][0-9a-f]{24}$/);
  });

  it('is this user’s by number, also where the user is in no list of users (docker run --user 12345)', () => {
    noSuchUser();
    Object.assign(process, { getuid: () => 12_345 });
    expect(folderOf({})).toContain(join(os.tmpdir(), 'llm-trace-12345'));
  });

  it('is this user’s by name where users have no number, and there all the same without a name', () => {
    Object.assign(process, { getuid: undefined });
    jest.spyOn(os, 'userInfo').mockReturnValue({ ...os.userInfo(), username: 'Anna/B' });
    expect(folderOf({})).toContain(join(os.tmpdir(), 'llm-trace-Anna_B'));
    noSuchUser();
    expect(folderOf({})).toContain(join(os.tmpdir(), 'llm-trace-user'));
  });
});
