import { configSchema, type VariableName, variableNames } from './config.schema.js';
import { type About, abouts } from './variable-types.js';

type Row = About & { name: VariableName; isRequired: boolean; hasDefault: boolean };

const rows = (): Row[] =>
  variableNames.map((name) => {
    const schema = configSchema.shape[name];
    const about = abouts.get(schema) ?? { description: '' };
    const hasDefault = schema.type === 'prefault';
    return { name, ...about, hasDefault, isRequired: !hasDefault && schema.type !== 'optional' };
  });

/** The text of `.env.example`: what must be filled in stands open, what may be left out is commented out. */
export function renderEnvExample(): string {
  const head =
    '# Generated from the configuration schema. A secret may also be read from a file: JWT_SECRET_FILE=/run/secrets/jwt\n';
  return [head, ...rows().map(envLines)].join('\n');
}

function envLines(row: Row): string {
  const value = row.example ?? (row.hasDefault ? row.defaultsTo : '') ?? '';
  const isOpen = row.isRequired || (row.hasDefault && value !== '');
  const quoted = /[\s#<>]/.test(value) ? `"${value}"` : value;
  const fallback = !row.hasDefault && row.defaultsTo ? ` Default: ${row.defaultsTo}.` : '';
  return `# ${row.description}${fallback}\n${isOpen ? '' : '# '}${row.name}=${quoted}\n`;
}

/** The README's configuration table, in Markdown. */
export function renderConfigTable(): string {
  const lines = rows().map((row) => {
    const fallback = row.isRequired ? '**required**' : row.hasDefault ? code(row.defaultsTo) : (row.defaultsTo ?? '');
    const name = row.secret ? `\`${row.name}\` (or \`${row.name}_FILE\`)` : `\`${row.name}\``;
    return `| ${name} | ${fallback} | ${row.description.replaceAll('|', '\\|')} |`;
  });
  return ['| Variable | Default | Meaning |', '|---|---|---|', ...lines, ''].join('\n');
}

const code = (value: string | undefined): string => (value ? `\`${value}\`` : '');
