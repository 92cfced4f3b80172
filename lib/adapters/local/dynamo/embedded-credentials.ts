/**
 * dynalite accepts any signature; the SDK only has to make one without looking for credentials. Apart from
 * the database, which clients of it in other threads need not load.
 */
export const EMBEDDED_CREDENTIALS = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;
