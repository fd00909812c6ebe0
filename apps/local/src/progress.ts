/** One line of progress: which part, and what it does now. */
export type Tell = (part: string, line: string) => void;

export const tell: Tell = (part, line) => {
  process.stdout.write(`${part.padEnd(10)} ${line}\n`);
};

/** `2.1 s`, as a clock starting now. */
export function stopwatch(): () => string {
  const began = performance.now();
  return () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
