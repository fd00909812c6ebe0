const PATHS = ['health', 'health/live', 'health/ready', 'metrics'];

/** Answered at the root and under `/api/v1`: `app.setGlobalPrefix('api/v1', { exclude: operationalPaths })`. */
export const operationalPaths: string[] = PATHS.flatMap((path) => [path, `api/v1/${path}`]);
