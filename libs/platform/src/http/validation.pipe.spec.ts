import { IsInt, IsOptional, IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { InputPipe, InvalidRequest } from './validation.pipe.js';

class Loose {
  @IsOptional()
  @IsInt()
  revision?: number;
}

class Strict {
  @IsString()
  text: string;
}

const read = (value: unknown, metatype: new () => object): Promise<unknown> =>
  new InputPipe().transform(value, { type: 'body', metatype });

describe('A request without a body', () => {
  it('is one with an empty body when every field may be left out', async () => {
    expect(await read(undefined, Loose)).toEqual({});
  });

  it('is refused with the names of the fields that it misses', async () => {
    await expect(read(undefined, Strict)).rejects.toMatchObject({ details: { errors: [{ pointer: '/text' }] } });
  });

  it('is not the same as null, a list or a word', async () => {
    for (const value of [null, [], 'word', 1]) await expect(read(value, Loose)).rejects.toThrow(InvalidRequest);
  });
});

describe('A body of bytes', () => {
  it('is no object, and is not looked through byte by byte', async () => {
    const begun = performance.now();
    await expect(read(Buffer.alloc(25 * 1024 * 1024), Strict)).rejects.toMatchObject({
      details: { errors: [{ pointer: '', code: 'is_object' }] },
    });
    expect(performance.now() - begun).toBeLessThan(500);
  });
});

describe('A body with too many members', () => {
  it('is refused once, wherever it ends', async () => {
    const body = { text: Array.from({ length: 100_000 }, () => 0) };
    await expect(read(body, Strict)).rejects.toMatchObject({ details: { errors: [{ code: 'too_complex' }] } });
  });
});

describe('The faults of a body', () => {
  it('are counted, and a hundred of them told', async () => {
    const body = { text: 'x', ...Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n])) };
    const refusal = (await read(body, Strict).catch((error: unknown) => error)) as InvalidRequest;
    expect(refusal.message).toBe('5000 fields are invalid');
    expect(refusal.details.errors).toHaveLength(100);
  });
});
