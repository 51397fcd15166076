'use strict';

// Loaded with `-r`: the clock is set forwards and backwards, by up to two days, while the program runs.

const real = Date.now;
const shifts = [0, 3_600_000, -3_600_000, 172_800_000, -172_800_000, 90_000, -90_000];
const start = performance.now();
Date.now = () => real() + shifts[Math.floor((performance.now() - start) / 150) % shifts.length];
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [RealDate.now()] : parts));
  }
};
