import { NotFound } from '@app/kernel';
import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { BadCredential } from '../access/index.js';
import { aConfig } from '../config/testing.js';
import { OperatorUnknown, QueueBoardDoor } from './queue-board-door.js';

const TOKEN = 'm4Rk7Tq2Vw9Xz1Bn6Cp8Ds3Fg5Hj0LaE';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

const admit = (env: NodeJS.ProcessEnv, authorization?: string): Promise<void> =>
  new QueueBoardDoor({ get: () => aConfig(env) } as unknown as INestApplication).admit({ authorization });

describe('The queue board', () => {
  it('is closed in production without a token', async () => {
    await expect(admit({ NODE_ENV: 'production' })).rejects.toThrow(NotFound);
    await expect(admit({ NODE_ENV: 'production' }, basic('x:undefined'))).rejects.toThrow(NotFound);
  });

  it.each(['test', 'production'])('opens to the token alone where there is one, in %s', async (NODE_ENV) => {
    const env = { NODE_ENV, METRICS_TOKEN: TOKEN };
    for (const right of [`Bearer ${TOKEN}`, basic(`operator:${TOKEN}`), basic(`:${TOKEN}`)])
      await expect(admit(env, right)).resolves.toBeUndefined();
    for (const wrong of [undefined, '', TOKEN, `Bearer ${TOKEN}x`, 'Bearer ', basic(`${TOKEN}:`), basic('operator:')])
      await expect(admit(env, wrong)).rejects.toThrow(OperatorUnknown);
  });

  it('asks for a user’s token in development', async () => {
    await expect(admit({})).rejects.toThrow(BadCredential);
  });
});
