import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { LAG_BAR, MEMORY_BARS, OVERLOAD_BAR, P99_BAR, START_BAR } from './cases.mjs';
import { inCheckout } from './places.mjs';

const DOCUMENT = inCheckout('docs/performance.md');
const MARKS = ['<!-- figures: written by `npm run bench -- --report` -->', '<!-- end of figures -->'];

const ok = (holds) => (holds ? 'ok' : 'MISSED');
const whole = (value) => Math.round(value).toLocaleString('en');
const times = (value) => `${value.toFixed(2)}x`;
const seconds = (value) => `${value.toFixed(2)} s`;
const milliseconds = (value) => `${value.toFixed(0)} ms`;
const mebibytes = (value) => `${value.toFixed(0)} MiB`;

/** Columns that line up in a terminal and are a table in Markdown. */
function table(head, rows) {
  const lines = [head, ...rows].map((line) => line.map(String));
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const drawn = lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);
  return [drawn[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...drawn.slice(1)].join('\n');
}

const CASE_HEAD = ['case', 'floor req/s', 'ours req/s', 'ratio', 'lowest to highest', 'bar', 'aim'].concat(
  ...['CPU a request, floor', 'ours', 'ratio', 'bar', 'p99 floor', 'p99 ours', 'ratio', 'bars'],
);

/** One line a case; `holds` is false when a bar of it is missed. */
function caseLine({ title, bars, perSecond, cpu, p99 }) {
  const checks = [
    bars.ratio === undefined || perSecond.ratio >= bars.ratio,
    bars.cpu === undefined || cpu === undefined || cpu.ratio <= bars.cpu,
    p99.ratio <= P99_BAR,
  ];
  const holds = checks.every(Boolean);
  const speed = [whole(perSecond.floor), whole(perSecond.ours), perSecond.ratio.toFixed(2)];
  const spread = `${perSecond.lowest.toFixed(2)} to ${perSecond.highest.toFixed(2)}`;
  const costs = cpu ? [`${whole(cpu.floor)} µs`, `${whole(cpu.ours)} µs`, times(cpu.ratio)] : ['', '', 'not measured'];
  const waits = [milliseconds(p99.floor), milliseconds(p99.ours), times(p99.ratio)];
  const cells = [title, ...speed, spread, bars.ratio?.toFixed(2) ?? '', bars.aim.toFixed(2), ...costs];
  return { cells: [...cells, bars.cpu ? times(bars.cpu) : '', ...waits, ok(holds)], holds };
}

/** Single figures: what, found, bar, aim, verdict. */
function figureLines({ start, memory, overloaded, lag, statements, plans }) {
  const lines = [];
  const add = (what, found, bar, aim, holds) => lines.push({ cells: [what, found, bar, aim, ok(holds)], holds });
  if (start)
    add('start to ready', seconds(start), `< ${START_BAR.seconds} s`, `${START_BAR.aim} s`, start < START_BAR.seconds);
  if (memory) {
    const { idle, loaded, idleAim, loadedAim } = MEMORY_BARS;
    add('memory of the API, idle', mebibytes(memory.idle), `< ${idle} MiB`, `${idleAim} MiB`, memory.idle < idle);
    add(
      'memory of the API, highest',
      mebibytes(memory.loaded),
      `< ${loaded} MiB`,
      `${loadedAim} MiB`,
      memory.loaded < loaded,
    );
  }
  if (overloaded) addOverload(overloaded, add);
  if (lag) addLag(lag, add);
  if (statements) {
    const growing = statements.lists.filter(({ isConstant }) => !isConstant);
    const found = `${growing.length} of ${statements.lists.length}`;
    add('lists whose statements grow with the page', found, '0', '', growing.length === 0);
  }
  if (plans) {
    const scanning = plans.questions.filter(({ scanned }) => scanned.length);
    const found = `${scanning.length} of ${plans.questions.length}`;
    add(
      `questions that read a big table whole, ${whole(plans.customers)} customers`,
      found,
      '0',
      '',
      scanning.length === 0,
    );
  }
  return lines;
}

function addOverload({ ours, floor }, add) {
  const { ratio, aim } = OVERLOAD_BAR;
  const holds = ours.doubled > ratio;
  add('GET one, answered with twice as much asked, over the most', ours.doubled.toFixed(2), `> ${ratio}`, aim, holds);
  add('the same of the floor', floor.doubled.toFixed(2), '', '', true);
  const crowd = ours.crowd.toFixed(2);
  add('GET one, answered to a crowd of 512, over the most', crowd, `> ${ratio}`, aim, ours.crowd > ratio);
  add('the same of the floor', floor.crowd.toFixed(2), '', '', true);
}

function addLag({ written, events, deliveries }, add) {
  const bar = `< ${LAG_BAR.seconds} s`;
  const rate = `${LAG_BAR.eventsPerSecond} events/s`;
  const all = Number(events.events) >= written && Number(deliveries.deliveries) > 0;
  add(
    `outbox lag p99 at ${rate} (${events.events} events)`,
    seconds(events.p99),
    bar,
    '',
    all && events.p99 < LAG_BAR.seconds,
  );
  const done = all && Number(deliveries.failed) === 0 && deliveries.p99 < LAG_BAR.seconds;
  add(`commit to done p99 (${deliveries.deliveries} deliveries)`, seconds(deliveries.p99 ?? NaN), bar, '', done);
}

/** Everything that was measured as text, and whether all bars hold. */
export function judge(results) {
  const cases = results.cases.map(caseLine);
  const figures = figureLines(results);
  const parts = [];
  if (cases.length)
    parts.push(
      table(
        CASE_HEAD,
        cases.map(({ cells }) => cells),
      ),
    );
  if (figures.length)
    parts.push(
      table(
        ['figure', 'found', 'bar', 'aim', 'bars'],
        figures.map(({ cells }) => cells),
      ),
    );
  if (results.statements) parts.push(statementsText(results.statements));
  const scans = (results.plans?.questions ?? []).filter(({ scanned }) => scanned.length);
  if (scans.length)
    parts.push(scans.map(({ path, scanned }) => `reads ${scanned.join(', ')} whole: ${path}`).join('\n'));
  return { text: parts.join('\n\n'), holds: [...cases, ...figures].every(({ holds }) => holds) };
}

function statementsText({ lists, others }) {
  const requests = table(
    ['request', 'statements'],
    others.map(({ title, statements }) => [title, statements]),
  );
  const rows = lists.map(({ path, small, large }) => [pathShown(path), small, large]);
  return `${requests}\n\n${table(['list', 'statements for 20 rows', 'for 100 rows'], rows)}`;
}

const pathShown = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '{id}');

/** The command and the machine that the figures are of. */
export function origin(postgresVersion, { rounds, seconds: length }) {
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return (
    `\`npm run bench -- --report\`: ${rounds} rounds of ${length} s for each case and side, 32 connections, on ` +
    `${availableParallelism()} cores (${processor?.model.trim() ?? 'unknown'}) with ${memory}, Node ${process.versions.node}, ` +
    `PostgreSQL ${postgresVersion} on the same machine with fsync on.`
  );
}

/** Puts the figures between the marks of the document; what people wrote around them stays. */
export function writeReport(text) {
  const document = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = MARKS.map((mark) => document.indexOf(mark));
  if (begin < 0 || end < begin) throw new Error(`${DOCUMENT} has no place for the figures: ${MARKS.join(' and ')}`);
  writeFileSync(DOCUMENT, `${document.slice(0, begin + MARKS[0].length)}\n\n${text}\n\n${document.slice(end)}`);
}
