import { parseArgs } from 'node:util';
import { VERSION } from '../../lib/apis/operation/version.ts';
import { nearest } from '../../lib/spreadsheets/words/nearest.ts';
import { type Command, Complaint, OPTIONS, type Terminal, type Values } from './command.ts';
import { inspectFiles } from './inspect.ts';
import { printable } from './print.ts';
import { runFiles } from './run.ts';

/** Commands that may ask no platform: they start without loading the others, which takes longer than they do. */
const AT_HAND: ReadonlyMap<string, Command> = new Map([
  ['inspect', inspectFiles],
  ['run', runFiles],
]);

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
  const atHand = AT_HAND.get(first);
  if (atHand !== undefined) return await run(atHand, first, words.slice(1), terminal);
  const [{ COMMANDS }, { helpOf, overview, unknown }] = await Promise.all([
    import('./index.ts'),
    import('./help.ts'),
  ]);
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
  return await run(command, name, words.slice(name.split(' ').length), terminal);
}

async function run(
  command: Command,
  name: string,
  words: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const values = parse(command, words);
  if (values.help === true) return print((await import('./help.ts')).helpOf(name), terminal);
  const { result, sentence, exitCode = 0 } = await command.act(values, terminal);
  // What a program reads is data, of which no character may be changed.
  if (values.json !== true) print(sentence, terminal);
  else if (result !== undefined) terminal.write(`${JSON.stringify(result)}\n`);
  return exitCode;
}

function print(text: string, terminal: Terminal): number {
  terminal.write(`${printable(text)}\n`);
  return 0;
}

function parse(
  { options: own, argument, isRepeated = false, usage }: Command,
  words: readonly string[],
): Values {
  const options = { ...OPTIONS, ...own };
  try {
    const allowPositionals = argument !== undefined;
    const { values, positionals } = parseArgs({ args: [...words], options, strict: true, allowPositionals });
    if (argument !== undefined && isRepeated) return { ...values, [argument]: positionals };
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
