import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metrics } from '@app/platform';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

type Rule = {
  alert?: string;
  record?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
};
type AlertTest = { alertname: string; exp_alerts?: unknown[] };
type Panel = { title: string; targets: { expr: string }[] };

const { groups } = parse(read('docker/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.flatMap(({ alert, ...rule }) => (alert ? [{ alert, ...rule }] : []));
const { tests } = parse(read('docker/prometheus/alerts.test.yml')) as {
  tests: { input_series: { series: string }[]; alert_rule_test: AlertTest[] }[];
};
const { panels } = JSON.parse(read('docker/grafana/dashboards/nexus.json')) as { panels: Panel[] };

/** The names of series in an expression: what is left once labels, ranges, groupings, functions and words are gone. */
function seriesIn(expr: string): string[] {
  const bare = expr
    .replace(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ')
    .replace(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, ' ')
    .replace(/\boffset\s+\w+/g, ' ')
    .replace(/[a-z_]\w*\s*\(/g, ' (');
  return [...new Set(bare.match(/[a-z_][\w:]*/g) ?? [])].filter((name) => !/^(?:and|or|unless|by|bool)$/.test(name));
}

/** What the product registers: the platform's by asking it, a context's by the one way there is to make one. */
async function registered(): Promise<Set<string>> {
  const families = await new Metrics().registry.getMetricsAsJSON();
  const sources = readdirSync(join(root, 'libs'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.includes('/src/') && path.endsWith('.ts') && !path.endsWith('.spec.ts'),
  );
  const owned = sources.flatMap((path) => [
    ...read(join('libs', path)).matchAll(/\.(counter|gauge|histogram)\(\s*'([a-z_]+)'/g),
  ]);
  return new Set([
    ...families.flatMap(({ name, type }) => seriesOf(name, String(type))),
    ...owned.flatMap(([, type, name]) => seriesOf(name!, type!)),
    ...rules.flatMap(({ record }) => record ?? []),
    'up', // Prometheus's own
  ]);
}

const seriesOf = (name: string, type: string): string[] =>
  type === 'histogram' ? ['_bucket', '_count', '_sum'].map((part) => name + part) : [name];

describe('The names of series in an expression', () => {
  it.each([
    [
      'sum by (le, route) (rate(a_bucket{status=~"5.."}[5m])) / b:c:d > 0.5 and e_total offset 15m',
      ['a_bucket', 'b:c:d', 'e_total'],
    ],
    ['up{job=~"api|worker"} == 0 or absent(up{job="api"})', ['up']],
    ['topk(8, sum without (x) (y)) or vector(0)', ['y']],
  ])('%s', (expr, names) => {
    expect(seriesIn(expr)).toEqual(names);
  });
});

describe('Alerts and dashboard', () => {
  it('ask only for what the product measures', async () => {
    const known = await registered();
    const asked = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...tests.flatMap(({ input_series: series }) => series.map((one) => one.series)),
    ].flatMap(seriesIn);
    expect(asked.length).toBeGreaterThan(50);
    expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('use every rule that is recorded', () => {
    const asked = new Set(
      [...rules.map(({ expr }) => expr), ...panels.flatMap((one) => one.targets.map((t) => t.expr))].flatMap(seriesIn),
    );
    expect(rules.flatMap(({ record }) => record ?? []).filter((name) => !asked.has(name))).toEqual([]);
  });
});

describe('An alert', () => {
  it('has a name of its own', () => {
    expect(alerts.length).toBeGreaterThan(15);
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  it.each(alerts.map((rule) => [rule.alert, rule] as const))(
    '%s says how urgent it is, what it means and what to do',
    (_, rule) => {
      expect(['page', 'ticket']).toContain(rule.labels?.['severity']);
      for (const text of ['summary', 'description', 'runbook'])
        expect(rule.annotations?.[text], text).toMatch(/^(?=.{15})[^\n]+[.]$/);
    },
  );

  it.each(alerts.map((rule) => [rule.alert, rule] as const))(
    '%s is explained in docs/operations.md as it explains itself',
    (alert, rule) => {
      const [, section = ''] =
        new RegExp(`^## ${alert}\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(read('docs/operations.md')) ?? [];
      expect(section).toContain(rule.annotations?.['description']);
      expect(section).toContain(rule.annotations?.['runbook']);
      expect(section.toLowerCase()).toContain(`**${rule.labels?.['severity']}**`);
    },
  );

  it.each(alerts.map(({ alert }) => alert))('%s fires in a rule test', (alert) => {
    const fired = tests.flatMap(({ alert_rule_test: cases }) => cases).filter(({ alertname }) => alertname === alert);
    expect(fired.some(({ exp_alerts: expected }) => (expected?.length ?? 0) > 0)).toBe(true);
  });

  it('is tested under its own name', () => {
    const named = tests.flatMap(({ alert_rule_test: cases }) => cases.map(({ alertname }) => alertname));
    expect(named.filter((name) => !alerts.some(({ alert }) => alert === name))).toEqual([]);
  });
});

describe('What Prometheus scrapes', () => {
  it('is both processes, with the token', () => {
    const { rule_files: files, scrape_configs: jobs } = parse(read('docker/prometheus/prometheus.yml')) as {
      rule_files: string[];
      scrape_configs: { job_name: string; authorization?: object }[];
    };
    expect(files).toEqual(['alerts.yml']);
    expect(jobs.map(({ job_name: name }) => name)).toEqual(['api', 'worker']);
    for (const { authorization } of jobs)
      expect(authorization).toEqual({ credentials_file: '/run/secrets/metrics_token' });
  });
});
