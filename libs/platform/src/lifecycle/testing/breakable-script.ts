import { defineFailpoint, failpoint } from '../failpoint.js';

const BeforeStep = defineFailpoint('script.before-step', 'Before each of three steps.');

for (const step of [1, 2, 3]) {
  try {
    failpoint(BeforeStep);
    process.stdout.write(`step ${step}\n`);
  } catch (error) {
    process.stdout.write(`step ${step}: ${String(error)}\n`);
  }
}
