import { hostname } from 'node:os';
import { programDeviceId } from '../src/device-id';
import { checks } from '../src/option-checks';

describe('the device id of a program', () => {
  it('is one that Amplitude takes', () => {
    for (const program of ['/srv/app.js', '', undefined]) {
      expect(checks.deviceId(programDeviceId(program))).toBeUndefined();
    }
  });

  it('is the same every time, and another one for another program', () => {
    expect(programDeviceId('/srv/app.js')).toBe(programDeviceId('/srv/app.js'));
    expect(programDeviceId('/srv/app.js')).not.toBe(programDeviceId('/srv/other.js'));
    expect(programDeviceId()).toBe(programDeviceId(process.argv[1]));
  });

  it('tells neither the name of the host nor a path', () => {
    expect(programDeviceId('/srv/app.js')).toMatch(/^llm-trace-[0-9a-f]{20}$/);
    expect(programDeviceId('/srv/app.js')).not.toContain(hostname());
  });
});
