import type { Terminal } from '../command.ts';

/** Codes of ECMA-48 that begin and end a rendition. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Brush = Readonly<Record<keyof typeof STYLES, (text: string) => string>>;

/** Colours, where somebody looks and has not refused them by `NO_COLOR` (no-color.org) or a dumb terminal. */
export function brush({
  isInteractive,
  environment,
}: Pick<Terminal, 'isInteractive' | 'environment'>): Brush {
  const { NO_COLOR = '', TERM } = environment;
  const isColoured = isInteractive && NO_COLOR === '' && TERM !== 'dumb';
  const style = (name: keyof typeof STYLES) => {
    const [begin, end] = STYLES[name];
    return (text: string): string => (isColoured ? `\x1b[${begin}m${text}\x1b[${end}m` : text);
  };
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
    cyan: style('cyan'),
  };
}
