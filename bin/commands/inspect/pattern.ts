/** Whether a name, or a part of one, is to be understood as a pattern, as a shell does. */
export const isPattern = (name: string): boolean => /[*?[{]/.test(name);

/** A set of characters, words to choose from, or one character. */
const TOKEN = /\[([!^]?)(\]?[^\]]*)\]|\{([^{}]*)\}|[\s\S]/gu;

const WILD: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };

/** Whether a file's name is what a part of a pattern says: `*`, `?`, `[a-c]`, `[!a]` and `{csv,tsv}`. */
export const matches = (name: string, pattern: string): boolean =>
  new RegExp(`^${sourceOf(pattern)}$`, 'su').test(name);

function sourceOf(pattern: string): string {
  return pattern.replace(TOKEN, (token: string, not?: string, set?: string, words?: string) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
    if (words !== undefined) return `(?:${words.split(',').map(sourceOf).join('|')})`;
    return WILD[token] ?? token.replace(/[$()+./\\[\]^{|}]/, '\\$&');
  });
}
