import { Parser } from 'htmlparser2';
import { unreadable } from '../../failure.ts';

export type Attributes = Readonly<Record<string, string>>;

export interface MarkupSink {
  open(name: string, attributes: Attributes): void;
  text(part: string): void;
  close(name: string): void;
}

/** No file that somebody made is nested deeper; the parser looks through what is open at each end without a start. */
const MAX_DEPTH = 256;

/** Hands a page's or a document's elements over in their order. Throws SpreadsheetFailure where they nest too deep. */
export function walkMarkup(text: string, sink: MarkupSink, { xml }: { readonly xml: boolean }): void {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > MAX_DEPTH)
          throw unreadable(`Elements of the file are nested deeper than ${MAX_DEPTH}.`);
        sink.open(name, attributes);
      },
      ontext: (part) => sink.text(part),
      onclosetag(name) {
        depth--;
        sink.close(name);
      },
    },
    { xmlMode: xml },
  );
  parser.end(text);
}
