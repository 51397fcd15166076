import { lstatSync } from 'node:fs';

/**
 * Where everybody can make folders, another user may have made one with our name before us.
 *
 * @throws Error where it is not a folder that only we can read.
 */
export function checkOwner(directory: string): void {
  const stat = lstatSync(directory);
  if (!stat.isDirectory()) throw new Error(`${directory} is not a folder`);
  if (process.getuid && stat.uid !== process.getuid()) throw new Error(`${directory} belongs to another user`);
  if (process.getuid && (stat.mode & 0o077) !== 0) throw new Error(`${directory} can be read by others`);
}
