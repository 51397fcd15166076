import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Runtime {
  readonly label: string;
  readonly node: string;
}

const folder = join(__dirname, '..', 'runtimes', 'node_modules');

/** The Node binaries to test on: the one that runs the tests, and the newer ones that are installed. */
export const runtimes: readonly Runtime[] = [
  { label: `node ${process.versions.node.split('.')[0] ?? ''}`, node: process.execPath },
  ...newer('22'),
  ...newer('24'),
];

/** A newer Node, where it is installed. */
export function newer(major: string): Runtime[] {
  const node = join(folder, `node${major}`, 'bin', 'node');
  return existsSync(node) && process.versions.node.split('.')[0] !== major ? [{ label: `node ${major}`, node }] : [];
}
