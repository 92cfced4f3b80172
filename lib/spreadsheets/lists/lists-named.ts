interface Named {
  readonly list: string;
}

interface NamingField {
  readonly transforms: readonly { readonly lookup?: Named | undefined }[];
  readonly validators: readonly { readonly reference?: Named | undefined }[];
}

/** A list as a definition names it, and where. */
export interface ListUse {
  readonly list: string;
  readonly path: (string | number)[];
}

/** Every place at which the fields of a definition name a list. */
export const listUses = (fields: readonly NamingField[]): ListUse[] =>
  fields.flatMap(({ transforms, validators }, at) => [
    ...transforms.flatMap(({ lookup }, no) =>
      lookup === undefined
        ? []
        : { list: lookup.list, path: ['fields', at, 'transforms', no, 'lookup', 'list'] },
    ),
    ...validators.flatMap(({ reference }, no) =>
      reference === undefined
        ? []
        : { list: reference.list, path: ['fields', at, 'validators', no, 'reference', 'list'] },
    ),
  ]);

/** The lists that a definition names, each once. */
export const listsNamed = (fields: readonly NamingField[]): string[] => [
  ...new Set(listUses(fields).map(({ list }) => list)),
];
