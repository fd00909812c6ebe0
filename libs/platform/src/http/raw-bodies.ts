import { Unsupported } from '@app/kernel';
import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Authenticator, BadCredential, readCredential } from '../access/index.js';
import { Config } from '../config/index.js';
import { readForms } from './file-form.js';

const RAW_MAIL = 'message/rfc822';
const FILE = 'application/octet-stream';
const FORM = 'multipart/form-data';
export const RAW_MAIL_LIMIT = 25 * 1024 * 1024;

type Takes = { takesRaw?: string };

/** The route's body may be a raw mail. */
export const TakesRawMail = (): MethodDecorator => RouteConfig({ takesRaw: RAW_MAIL } satisfies Takes);

/** The route's body may be a file, which it gets as a stream: how much of it is read is the route's to say. */
export const TakesFile = (): MethodDecorator => RouteConfig({ takesRaw: FILE } satisfies Takes);

/** The route's body may be a form with a file, which it reads as a `FileForm`. */
export const TakesForm = (): MethodDecorator => RouteConfig({ takesRaw: FORM } satisfies Takes);

class RawBodyUnexpected extends Unsupported {
  constructor(type: string) {
    super('unsupported_content_type', `This route takes no ${type}`);
  }
}

/**
 * A raw mail or a file, in a form or by itself, may be 25 times as large as any other body, and bodies are read before the guard runs: one is read
 * only where it is wanted, and only from somebody whose token is good. What they may is the guard's to say.
 */
export function takeRawBodies(fastify: FastifyInstance, app: NestFastifyApplication): void {
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const given = request.headers['content-type']?.toLowerCase() ?? '';
    const type = [RAW_MAIL, FILE, FORM].find((one) => given.includes(one));
    if (!type) return done();
    assertWanted(request, type, app).then(() => done(), done);
  });
  fastify.addContentTypeParser(RAW_MAIL, { parseAs: 'buffer', bodyLimit: RAW_MAIL_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
  fastify.addContentTypeParser(FILE, (_request, stream, done) => done(null, stream));
  readForms(fastify);
}

/** @throws RawBodyUnexpected, BadCredential */
async function assertWanted(
  { headers, routeOptions }: FastifyRequest,
  type: string,
  app: NestFastifyApplication,
): Promise<void> {
  if ((routeOptions.config as Takes).takesRaw !== type) throw new RawBodyUnexpected(type);
  const credential = readCredential(headers, app.get(Config).AUTH_ALLOW_RAW_JWT);
  if (!credential) throw new BadCredential();
  await app.get(Authenticator, { strict: false }).read(credential);
}
