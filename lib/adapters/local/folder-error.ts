import { errorCode } from './error-code.ts';

/** What is wrong with a folder of the platform's and what to do about it, in sentences for whoever starts it. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/** What an error of the file system means for a folder; any other error as it is. */
export function asFolderError(error: unknown, folder: string): unknown {
  if (error instanceof FolderError) return error;
  const code = errorCode(error) ?? '';
  const problem = PROBLEMS[code];
  return problem === undefined ? error : new FolderError(problem(folder), { cause: error });
}

const another = 'or choose another folder: RUNPLANE_DATA=… npm start.';
const readOnly = (folder: string): string =>
  `The folder ${folder} cannot be written to. Change its rights or its owner, ${another}`;

const PROBLEMS: Record<string, (folder: string) => string> = {
  EACCES: readOnly,
  EPERM: readOnly,
  EROFS: (folder) =>
    `The folder ${folder} is on a disk that can only be read. Mount it for writing, ${another}`,
  ENOSPC: (folder) => `The disk of the folder ${folder} is full. Free some space and start again, ${another}`,
  EDQUOT: (folder) =>
    `Your quota on the disk of ${folder} is used up. Free some space and start again, ${another}`,
  ENOTDIR: (folder) => `${folder} is not a folder. Move it away, ${another}`,
  EEXIST: (folder) => `${folder} is not a folder. Move it away, ${another}`,
};
