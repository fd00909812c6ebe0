// `node --import=clock-off.mjs`: a machine whose clock is wrong by CLOCK_OFF_MS milliseconds.
const off = Number(process.env.CLOCK_OFF_MS);
const Right = Date;

globalThis.Date = class extends Right {
  constructor(...given) {
    super(...(given.length ? given : [Right.now() + off]));
  }

  static now() {
    return Right.now() + off;
  }
};
