import { FileNameRefused } from './file.errors.js';

const LONGEST_BYTES = 255; // what file systems take
/** What somebody's computer may run when the last ending is hidden or unknown to it. */
const RUNS =
  /^(?:exe|com|scr|bat|cmd|msi|ps1|vbs|js|mjs|jse|wsf|hta|jar|sh|php\d?|phtml|phar|asp|aspx|jsp|cgi|pl|py|html?|xhtml|svg|lnk|dll|app|htaccess)$/;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i; // by Windows, whatever follows the dot
// Control characters, path separators, what Windows keeps for itself, and what turns the reading direction around.
const FORBIDDEN = /[\p{Cc}/\\:*?"<>|\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/**
 * The name that a file is saved under, composed and trimmed. It is data and no path: nothing is ever stored by it.
 * @throws FileNameRefused for a path, a name that hides what it is, or one that no file system takes
 */
export function fileName(given: string): string {
  const name = given.trim().normalize('NFC');
  const [stem = '', ...endings] = name.split('.');
  if (endings.length === 0 || !stem) throw new FileNameRefused('needs a name and an ending, such as offer.pdf');
  if (FORBIDDEN.test(name)) throw new FileNameRefused('must be a name without path and control characters');
  if (RESERVED.test(stem)) throw new FileNameRefused('is a name that computers keep for themselves');
  if (Buffer.byteLength(name) > LONGEST_BYTES) throw new FileNameRefused(`has more than ${LONGEST_BYTES} bytes`);
  const hidden = endings.slice(0, -1).find((ending) => RUNS.test(ending.trim().toLowerCase()));
  if (hidden) throw new FileNameRefused(`hides that it is ${hidden}`);
  return name;
}

export const endingOf = (name: string): string => (name.split('.').at(-1) ?? '').toLowerCase();
