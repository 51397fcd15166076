import { describeRunOn } from '../patches/describe-run-on';

const flag = '--experimental-vm-modules';

/**
 * Describes the tests of an SDK that is an ES module, which Jest can load with an option of Node only: the test file
 * runs itself with that option, and reports what happened.
 *
 * @param load - an `import()`
 * @param describeTests - given a function that gives the SDK, which is there when tests run
 */
export function describeEsModule(
  title: string,
  file: string,
  load: () => Promise<unknown>,
  describeTests: (exportsOf: () => unknown) => void,
): void {
  const { NODE_OPTIONS: before } = process.env;
  if (before?.includes(flag)) {
    let sdk: unknown;
    beforeAll(async () => {
      sdk = await load();
    });
    describeTests(() => sdk);
    return;
  }
  const label = `node ${process.versions.node.split('.')[0] ?? ''} with ${flag}`;
  process.env['NODE_OPTIONS'] = [before, flag].filter(Boolean).join(' ');
  try {
    describeRunOn({ label, node: process.execPath }, title, file);
  } finally {
    if (before === undefined) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = before;
  }
}
