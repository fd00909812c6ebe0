import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type * as Aws from '@aws-sdk/client-s3';
import { isId, lazily, newId } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../config/index.js';
import { currentTenantId } from '../scope/index.js';
import { FileMissing, FileStore, StoreRefuses, type StoredFile } from './file-store.js';
import { writeHashed } from './hashed-file.js';

const HASH = /^[0-9a-f]{64}$/;
type Sdk = typeof Aws;
const library = lazily(import.meta.url, (load) => load('@aws-sdk/client-s3') as Sdk);

/**
 * A bucket of any S3: `<tenant>/<hash>`. A file is hashed on the way into a temporary one, since its name must be known before
 * it is sent; the bucket checks the hash and shows an object once it is whole.
 */
@Injectable()
export class S3FileStore extends FileStore {
  private readonly log = new Logger('storage');
  private opened: Promise<{ sdk: Sdk; client: Aws.S3Client }> | undefined;

  constructor(private readonly config: Config) {
    super();
  }

  async put(content: Buffer | AsyncIterable<Buffer>, mostBytes = Number.MAX_SAFE_INTEGER): Promise<StoredFile> {
    const path = join(tmpdir(), `nexus-${newId()}`);
    try {
      const stored = await writeHashed(path, Buffer.isBuffer(content) ? [content] : content, mostBytes);
      if ((await this.sizeOf(stored.hash)) !== stored.size) await this.upload(path, stored);
      return stored;
    } finally {
      await rm(path, { force: true });
    }
  }

  async open(hash: string): Promise<Readable> {
    const object = this.objectOf(hash);
    const { Body } = await this.asked((sdk, client) => client.send(new sdk.GetObjectCommand(object)), hash);
    if (!Body) throw new FileMissing(hash);
    return Body as Readable;
  }

  async read(hash: string): Promise<Buffer> {
    return buffer(await this.open(hash));
  }

  async *all(): AsyncIterable<StoredFile> {
    const prefix = `${tenantFolder()}/`;
    let token: string | undefined;
    do {
      const wanted = { Bucket: this.config.S3_BUCKET, Prefix: prefix, ContinuationToken: token };
      const page = await this.asked((sdk, client) => client.send(new sdk.ListObjectsV2Command(wanted)));
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        const hash = Key.slice(prefix.length);
        if (HASH.test(hash)) yield { hash, size: Size };
      }
      token = page.NextContinuationToken;
    } while (token);
  }

  async remove(hash: string): Promise<void> {
    const object = this.objectOf(hash);
    await this.asked((sdk, client) => client.send(new sdk.DeleteObjectCommand(object)));
  }

  async removeAll(): Promise<void> {
    for await (const { hash } of this.all()) await this.remove(hash);
  }

  private async sizeOf(hash: string): Promise<number | undefined> {
    const object = this.objectOf(hash);
    try {
      const found = await this.asked((sdk, client) => client.send(new sdk.HeadObjectCommand(object)), hash);
      return found.ContentLength;
    } catch (error) {
      if (error instanceof FileMissing) return undefined;
      throw error;
    }
  }

  private async upload(path: string, { hash, size }: StoredFile): Promise<void> {
    const sum = Buffer.from(hash, 'hex').toString('base64');
    const object = { ...this.objectOf(hash), Body: createReadStream(path), ContentLength: size, ChecksumSHA256: sum };
    await this.asked((sdk, client) => client.send(new sdk.PutObjectCommand(object)));
  }

  /** @throws FileMissing where there is no such object, StoreRefuses for whatever else the bucket says or does not say */
  private async asked<T>(ask: (sdk: Sdk, client: Aws.S3Client) => Promise<T>, hash = ''): Promise<T> {
    const { sdk, client } = await (this.opened ??= this.connect());
    try {
      return await ask(sdk, client);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'NoSuchKey' || error.name === 'NotFound') throw new FileMissing(hash);
      this.log.error({ error: `${error.name}: ${error.message}` }, 'the bucket cannot be used');
      throw new StoreRefuses();
    }
  }

  private objectOf(hash: string): { Bucket: string | undefined; Key: string } {
    if (!HASH.test(hash)) throw new Error('A stored file is named by its SHA-256');
    return { Bucket: this.config.S3_BUCKET, Key: `${tenantFolder()}/${hash}` };
  }

  /** The library is only read where there is a bucket. Without keys it finds them as it does: in the environment, or by a role. */
  private async connect(): Promise<{ sdk: Sdk; client: Aws.S3Client }> {
    const { S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = this.config;
    const sdk = library();
    const client = new sdk.S3Client({
      region: S3_REGION,
      ...(S3_ENDPOINT && { endpoint: S3_ENDPOINT, forcePathStyle: true }),
      ...(S3_ACCESS_KEY_ID && {
        credentials: { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY ?? '' },
      }),
      // others than Amazon's know no checksums in trailers; ours is sent in a header
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
    });
    return { sdk, client };
  }
}

function tenantFolder(): string {
  const tenantId = currentTenantId();
  if (!isId(tenantId)) throw new Error('Files belong to a tenant');
  return tenantId;
}
