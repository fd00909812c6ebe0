import { RuleBroken } from '@app/kernel';

export class LevelPinOutOfRange extends RuleBroken {
  constructor(mostYears: number) {
    const message = `must lie in the future and within ${mostYears} years`;
    super('level_pin_out_of_range', `The end of a pin ${message}`, {
      errors: [{ pointer: '/until', code: 'level_pin_out_of_range', message }],
    });
  }
}
