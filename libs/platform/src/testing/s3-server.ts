import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

const PAGE = 3; // objects in one answer to a list, so that a handful of them are several pages

const sha256 = (content: string | Buffer): Buffer => createHash('sha256').update(content).digest();
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** An S3 of one bucket, in memory, that looks at each signature (AWS Signature Version 4) and each checksum as Amazon's does. */
export class TestS3 {
  readonly bucket = 'files';
  readonly region = 'eu-test-1';
  readonly accessKeyId = 'AKIATEST';
  readonly secretAccessKey = 'a/secret+of=the/bucket';
  readonly objects = new Map<string, Buffer>();
  /** What it answers to everything, where it is broken: `[503, 'SlowDown']`. */
  fault: readonly [status: number, code: string] | undefined;
  readonly asked: string[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response));
  }

  static async start(): Promise<TestS3> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new TestS3(server);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.endpoint);
    const [, bucket, ...rest] = pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    this.asked.push(`${request.method} ${key || '?'}`);
    const fail = (status: number, code: string): void =>
      void response
        .writeHead(status, { 'content-type': 'application/xml' })
        .end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
    if (this.fault) return fail(...this.fault);
    if (!this.isSigned(request, pathname, searchParams, body)) return fail(403, 'SignatureDoesNotMatch');
    if (bucket !== this.bucket) return fail(404, 'NoSuchBucket');
    if (!key) return void response.end(this.list(searchParams));
    const found = this.objects.get(key);
    switch (request.method) {
      case 'PUT': {
        const sum = request.headers['x-amz-checksum-sha256'];
        if (sum !== undefined && sum !== sha256(body).toString('base64')) return fail(400, 'BadDigest');
        this.objects.set(key, body);
        return void response.end();
      }
      case 'DELETE':
        this.objects.delete(key);
        return void response.writeHead(204).end();
      default:
        if (!found) return request.method === 'HEAD' ? void response.writeHead(404).end() : fail(404, 'NoSuchKey');
        return void response
          .writeHead(200, { 'content-length': found.length })
          .end(request.method === 'HEAD' ? undefined : found);
    }
  }

  private list(asked: URLSearchParams): string {
    const [prefix, after] = [asked.get('prefix') ?? '', asked.get('continuation-token') ?? ''];
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, PAGE);
    const contents = page.map(
      (key) => `<Contents><Key>${key}</Key><Size>${this.objects.get(key)?.length}</Size></Contents>`,
    );
    const next = keys.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${keys.length > PAGE}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
  }

  private isSigned({ method, headers }: IncomingMessage, path: string, query: URLSearchParams, body: Buffer): boolean {
    const given = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
    const [, credential = '', names = '', signature = ''] = given ?? [];
    const [id, day = '', region] = credential.split('/');
    const hash = String(headers['x-amz-content-sha256']);
    const isWhole = hash === 'UNSIGNED-PAYLOAD' || hash === sha256(body).toString('hex');
    if (!given || id !== this.accessKeyId || region !== this.region || !isWhole || !names.includes('host'))
      return false;
    const scope = `${day}/${region}/s3/aws4_request`;
    const asked = [...query]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&');
    const signed = names
      .split(';')
      .map((name) => `${name}:${String(headers[name]).trim()}\n`)
      .join('');
    const canonical = [method, path, asked, signed, names, hash].join('\n');
    const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical).toString('hex')].join('\n');
    const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${this.secretAccessKey}`);
    return timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'));
  }
}
