import { readFileSync } from 'node:fs';

export interface Paragraph {
  level: number;
  title: string;
  /** As a link names it, and GitHub makes it of the title. */
  anchor: string;
  /** The titles of what it stands under. */
  under: string[];
}

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** The headings of a document, without those in its code. */
export function paragraphsOf(markdown: string): Paragraph[] {
  const path: string[] = [];
  return [...withoutCode(markdown).matchAll(/^(#{1,6}) (.+)$/gm)].map(([, marks = '', title = '']) => {
    const level = marks.length;
    path.length = level - 1;
    path[level - 1] = title;
    return { level, title, anchor: anchorOf(title), under: path.slice(0, -1) };
  });
}

export const readDocument = (name: string): string => readFileSync(`docs/${name}`, 'utf8');

const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```$/gm, '');

/** Queries of the runbook, by what they ask: the functions' lines or the access log. */
export function queriesOf(markdown: string, asks: 'logs' | 'access'): string[] {
  return [...markdown.matchAll(new RegExp(`^${asks} '([^']+)'`, 'gm'))].map(([, query = '']) => query);
}

/** Words of Logs Insights itself. */
const WORDS = new Set(
  'fields filter stats sort limit by as and or not in like asc desc count pct sum max min avg bin ispresent'.split(
    ' ',
  ),
);

/** The fields that a query reads, less those that it makes. Of `error.name`, `error`. */
export function fieldsOf(query: string): string[] {
  const bare = query
    .replace(/"[^"]*"/g, '')
    .replace(/ \/[^/]*\//g, ' ')
    .replace(/\b\d+\w*/g, '');
  const made = new Set([...bare.matchAll(/\bas (\w+)/g)].map(([, name]) => name));
  const names = [...bare.matchAll(/(?<![.@\w])[A-Za-z_]\w*/g)].map(([name]) => name);
  return [...new Set(names.filter((name) => !WORDS.has(name) && !made.has(name)))];
}
