import * as z from 'zod';

/** Lists are named in paths and definitions, so that what they are called needs no escape in either. */
export const ListName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be a name of 1 to 64 letters (a to z), digits, points, hyphens and _, the first a letter or a digit',
  );
