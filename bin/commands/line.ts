import { parseArgs } from 'node:util';
import { VERSION } from '../../lib/apis/operation/version.ts';
import { type Command, Complaint, OPTIONS, type Terminal, type Values } from './command.ts';
import { helpOf, overview, unknown } from './help.ts';
import { COMMANDS } from './index.ts';
import { nearest } from './nearest.ts';
import { printable } from './print.ts';

/** Does what was typed after `runplane` and says how it went. The exit code is what `help.ts` says of it. */
export async function runLine(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await follow(words, terminal);
  } catch (error) {
    terminal.complain(`${printable(explain(error, terminal))}\n`);
    return error instanceof Complaint ? error.exitCode : 1;
  }
}

/** The stack is for those who ask for it, and of a mistake of the operator's for nobody. */
function explain(error: unknown, { environment: { DEBUG } }: Terminal): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof Complaint || !DEBUG ? error.message : (error.stack ?? error.message);
}

async function follow(words: readonly string[], terminal: Terminal): Promise<number> {
  const [first = 'help', second = ''] = words;
  if (first === '--version' || first === 'version') return print(VERSION, terminal);
  if (first === '--help' || first === '-h') return print(overview(), terminal);
  if (first === 'help')
    return print(words.length < 2 ? overview() : helpOf(words.slice(1).join(' ')), terminal);
  if (first.startsWith('-'))
    throw new Complaint('The command comes before its options: runplane help shows all.', 2);

  const name = COMMANDS.has(first) ? first : `${first} ${second}`.trim();
  const command = COMMANDS.get(name);
  if (command === undefined && (second === '--help' || second === '-h'))
    return print(helpOf(first), terminal);
  if (command === undefined) throw unknown(name);
  const values = parse(command, words.slice(name.split(' ').length));
  if (values.help === true) return print(helpOf(name), terminal);
  const { result, sentence, exitCode = 0 } = await command.act(values, terminal);
  // What a program reads is data, of which no character may be changed.
  if (values.json === true) terminal.write(`${JSON.stringify(result)}\n`);
  else print(sentence, terminal);
  return exitCode;
}

function print(text: string, terminal: Terminal): number {
  terminal.write(`${printable(text)}\n`);
  return 0;
}

function parse({ options: own, argument, usage }: Command, words: readonly string[]): Values {
  const options = { ...OPTIONS, ...own };
  try {
    const allowPositionals = argument !== undefined;
    const { values, positionals } = parseArgs({ args: [...words], options, strict: true, allowPositionals });
    const [given, extra] = positionals;
    if (extra !== undefined) throw new TypeError(`Unexpected argument '${extra}'`);
    return argument === undefined || given === undefined ? { ...values } : { ...values, [argument]: given };
  } catch (error) {
    // Node says what is wrong in the first sentence, and how to get around its rules in the next.
    const [reason = ''] = error instanceof Error ? error.message.split(/\.\s/, 1) : [String(error)];
    const mistyped = /^Unknown option '--([^']+)'/.exec(reason)?.[1] ?? '';
    const meant = nearest(mistyped, Object.keys(options));
    const hint = meant === undefined ? '' : ` Is it --${meant}?`;
    throw new Complaint(`${reason.replace(/\.$/, '')}.${hint} Usage: runplane ${usage}`, 2);
  }
}
