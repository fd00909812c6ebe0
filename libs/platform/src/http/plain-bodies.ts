import { Unsupported } from '@app/kernel';
import type { FastifyInstance } from 'fastify';

class EncodedBody extends Unsupported {
  constructor() {
    super('unsupported_content_encoding', 'Bodies are taken as they are, without Content-Encoding');
  }
}

/** JSON alone, beside what routes ask for: Fastify reads plain text as well, which a web page may send without asking. */
export function readJsonAlone(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser('text/plain');
}

/**
 * Nothing that comes in is unpacked, so that a body's limit is its limit. A packed one would be taken for broken JSON or,
 * worse, for the very bytes of a mail: it is refused by name (RFC 9110, section 15.5.16).
 */
export function refuseEncodedBodies(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', ({ headers }, _reply, _payload, done) => {
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
    const encoding = headers['content-encoding']?.trim().toLowerCase();
    done(hasBody && encoding && encoding !== 'identity' ? new EncodedBody() : undefined);
  });
}
