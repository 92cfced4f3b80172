/** The program and styles of Swagger UI that the page loads, by the names under which it finds them. */
export const VIEWER_FILES = ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png'] as const;
export type ViewerFile = (typeof VIEWER_FILES)[number];

/** Where the viewer's files are read from. */
export interface ViewerFiles {
  read(name: ViewerFile): Promise<Uint8Array>;
}

const START = 'start.js';

/** Links are relative: the page is `/docs` on a laptop and `/<stage>/docs` behind API Gateway. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Runplane API</title>
  <link rel="icon" href="docs/favicon-32x32.png">
  <link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
  <div id="viewer"></div>
  <noscript>This page needs JavaScript. The description itself is at <a href="openapi.json">openapi.json</a>.</noscript>
  <script src="docs/swagger-ui-bundle.js"></script>
  <script src="docs/${START}"></script>
</body>
</html>
`;

/** A key that is typed in stays in the page: it is written to no storage of the browser. */
const STARTS = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** The page runs what came with it and calls where it came from, and nothing else. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const CONTENT_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
};

/** A file of the page with its type; undefined for a name that none has. */
export async function pageFile(
  viewer: ViewerFiles,
  name: string,
): Promise<{ bytes: Uint8Array; contentType: string } | undefined> {
  const known = VIEWER_FILES.find((file) => file === name);
  if (known === undefined && name !== START) return undefined;
  const bytes = known === undefined ? new TextEncoder().encode(STARTS) : await viewer.read(known);
  return { bytes, contentType: CONTENT_TYPES[name.replace(/^.*\./, '')] ?? 'application/octet-stream' };
}
