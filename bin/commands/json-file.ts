import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Complaint } from './command.ts';

const WHY: Record<string, (file: string) => string> = {
  ENOENT: (file) => `There is no file ${file}.`,
  EACCES: (file) => `The file ${file} may not be read by you.`,
  EISDIR: (file) => `${file} is a folder, not a file.`,
};

/**
 * What a file says, as the body of a request. Only that it is an object is looked at: what it should say is
 * for the platform to check, which says what is wrong with it.
 * @throws Complaint for a file that cannot be read or is no JSON object.
 */
export async function readJson<Body extends object>(file: string): Promise<Body> {
  const value = await parse(file);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body;
  throw new Complaint(`${file} is no JSON object.`, 2);
}

/** Writes a new file. @throws Complaint for one that is there already: somebody may have worked on it. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    if (code === 'EEXIST')
      throw new Complaint(`${file} is there already, and is left as it is: name another.`, 2);
    throw new Complaint(`${file} could not be written (${code}).`);
  }
}

async function parse(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Complaint(`${file} is not JSON: ${error.message}.`, 2);
    const why = error instanceof Error && 'code' in error ? WHY[String(error.code)] : undefined;
    if (why === undefined) throw error;
    throw new Complaint(why(file), 2);
  }
}
