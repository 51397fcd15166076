import { join } from 'node:path';

/**
 * The file that this code is in. In a bundle that is an ES module there is no `__filename` (Rollup leaves the name as it
 * is): then any name in the program's directory will do, since nothing of ours lies beside it.
 */
export const ownFile =
  typeof __filename === 'string' ? __filename : join(process.argv[1] ?? process.execPath, '..', 'bundle.js');
