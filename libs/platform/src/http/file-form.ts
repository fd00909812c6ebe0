import type { Readable } from 'node:stream';
import multipart, { type Multipart, type MultipartFile } from '@fastify/multipart';
import { type FieldFault, Invalid, Unsupported } from '@app/kernel';
import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readUpload } from './upload.js';
import { InputPipe, InvalidRequest } from './validation.pipe.js';

/** The field that holds the file. */
const FILE_FIELD = 'file';
/** How much a form may be longer than its file: its other fields, and what parts them. */
export const FORM_BYTES = 65_536;
// The size of the file is the store's to judge. Of a second file nothing is read: that it begins is enough to refuse it.
const LIMITS = { fileSize: Infinity, files: 2, fields: 20, parts: 22, fieldSize: 4_096, headerPairs: 20 };

type Fault = Pick<FieldFault, 'code' | 'message'>;
const NO_FILE: Fault = { code: 'is_file', message: 'must be a file' };
const TAKES_NO_FILE: Fault = { code: 'is_text', message: `takes no file: that is \`${FILE_FIELD}\`` };
const GIVEN_TWICE: Fault = { code: 'given_twice', message: 'must be given once' };
const TOO_LONG: Fault = { code: 'max_length', message: `must have ${LIMITS.fieldSize} bytes at most` };

class NotAForm extends Unsupported {
  constructor() {
    super('unsupported_content_type', 'The file is sent in a form, as multipart/form-data');
  }
}

class FormBroken extends Invalid {
  constructor({ message }: Error) {
    super('form_broken', `The form cannot be read: ${message}`);
  }
}

/** Forms are read as streams, by `FileForm` alone. */
export function readForms(fastify: FastifyInstance): void {
  void fastify.register(multipart);
}

/** A form of one file and other fields before or behind it, which is read while it comes in. Its `file` is what the file is called. */
export class FileForm<F extends { file: string }> {
  constructor(
    private readonly request: FastifyRequest,
    private readonly shape: Type<F>,
  ) {}

  /** Bytes of the whole form, as its sender says: so a file that is too large is refused before anything of it is read. */
  get announced(): number {
    return Number(this.request.headers['content-length'] ?? 0);
  }

  /**
   * Gives `store` the bytes of the file. Before these end, `accept` sees the fields, wherever they stood, and the beginning of
   * the file: what it refuses is thrown where `store` awaits the end, so that nothing is stored. What is left unread of a
   * form that is refused is read and dropped: whoever still sends it gets the answer.
   * @throws NotAForm, FormBroken, InvalidRequest, which names the fields
   */
  async read<A extends object, S extends object>(
    accept: (fields: F, head: Buffer) => Promise<A>,
    store: (bytes: AsyncIterable<Buffer>) => Promise<S>,
  ): Promise<A & S> {
    if (!this.request.isMultipart()) throw new NotAForm();
    const parts = new FormParts(this.request);
    try {
      return await readUpload(await parts.untilFile(), async (head, whole) => {
        const told: { accepted?: A } = {};
        const judge = async () => void (told.accepted = await accept(await this.fields(parts), head));
        const stored = await store(followedBy(whole, judge));
        if (!told.accepted) throw new Error('A form was stored before its end');
        return { ...told.accepted, ...stored };
      });
    } catch (error) {
      throw parts.explain(error);
    } finally {
      this.request.raw.unpipe().resume();
    }
  }

  private async fields(parts: FormParts): Promise<F> {
    return (await new InputPipe().transform(await parts.untilEnd(), { type: 'body', metatype: this.shape })) as F;
  }
}

/** The body as a form of one file and these fields: see `FileForm`. */
export const FormBody = createParamDecorator(
  (shape: Type<{ file: string }>, context: ExecutionContext) =>
    new FileForm(context.switchToHttp().getRequest<FastifyRequest>(), shape),
);

/** The parts of a form, one after the other. */
class FormParts {
  private readonly parts: AsyncIterator<Multipart>;
  private readonly values = new Map<string, unknown>();
  private broken: unknown;
  private file: Readable | undefined;

  constructor(request: FastifyRequest) {
    this.parts = request.parts({ limits: LIMITS });
  }

  async untilFile(): Promise<Readable> {
    for (let part = await this.next(); part; part = await this.next()) {
      if (part.type === 'field') this.keep(part);
      else return this.open(part);
    }
    throw fault(FILE_FIELD, NO_FILE);
  }

  /** The fields of the whole form. */
  async untilEnd(): Promise<Record<string, unknown>> {
    for (let part = await this.next(); part; part = await this.next()) {
      if (part.type === 'field') this.keep(part);
      else throw fault(part.fieldname, part.fieldname === FILE_FIELD ? GIVEN_TWICE : TAKES_NO_FILE);
    }
    return Object.fromEntries(this.values);
  }

  /** What is wrong with the form is told as such; every other error is left as it is. */
  explain(error: unknown): unknown {
    const isOfTheForm = error === this.broken || error === this.file?.errored;
    return isOfTheForm && error instanceof Error ? new FormBroken(error) : error;
  }

  private async next(): Promise<Multipart | undefined> {
    try {
      const next = await this.parts.next();
      return next.done ? undefined : next.value;
    } catch (error) {
      this.broken = error;
      throw error;
    }
  }

  private open({ file, fieldname, filename }: MultipartFile): Readable {
    if (fieldname !== FILE_FIELD) throw fault(fieldname, TAKES_NO_FILE);
    if (!filename) throw fault(FILE_FIELD, NO_FILE); // what a browser sends where none was chosen
    this.values.set(FILE_FIELD, filename);
    return (this.file = file);
  }

  private keep({ fieldname, value, valueTruncated }: Extract<Multipart, { type: 'field' }>): void {
    if (fieldname === FILE_FIELD) throw fault(fieldname, NO_FILE);
    if (this.values.has(fieldname)) throw fault(fieldname, GIVEN_TWICE);
    if (valueTruncated) throw fault(fieldname, TOO_LONG);
    this.values.set(fieldname, value);
  }
}

async function* followedBy(whole: AsyncIterable<Buffer>, then: () => Promise<void>): AsyncGenerator<Buffer> {
  yield* whole;
  await then();
}

const fault = (field: string, what: Fault): InvalidRequest =>
  new InvalidRequest([{ pointer: `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`, ...what }]);
