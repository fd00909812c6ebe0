/** As TypeORM throws it: the statement's parameters and the driver's error ride along. */
export class QueryError extends Error {
  readonly code = '23505';
  readonly table = 'users';
  readonly constraint = 'users_email';
  readonly query = 'INSERT INTO users VALUES ($1)';
  readonly parameters: string[];
  readonly driverError: { detail: string };

  constructor(secret: string) {
    super('duplicate key value', { cause: new Error('why') });
    this.name = 'QueryError';
    this.parameters = [secret];
    this.driverError = { detail: `Key (token)=(${secret})` };
  }
}

/** As HTTP clients throw it: with the request that failed, headers and all. */
export class AxiosLikeError extends Error {
  readonly config: { headers: Record<string, string> };

  constructor(secret: string) {
    super('Request failed with 401');
    this.config = { headers: { 'x-custom': secret } };
  }
}
