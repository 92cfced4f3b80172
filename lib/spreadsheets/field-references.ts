import { nearestName } from './words/suggest.ts';

/** What of a configuration's fields names other fields. */
interface Step {
  readonly join?: { readonly fields: readonly string[] } | undefined;
  readonly coalesce?: readonly string[] | undefined;
}

interface Rule {
  readonly unique?: true | undefined;
  readonly requiredIf?: { readonly field: string } | undefined;
  readonly compare?: { readonly field: string } | undefined;
}

interface NamedField {
  readonly name: string;
  readonly transforms: readonly Step[];
  readonly validators: readonly Rule[];
}

/** Fields of a definition that may be unique: each holds up to a million values while a table is written. */
const MAX_UNIQUE_FIELDS = 10;

type Path = (string | number)[];

interface Problem {
  readonly path: Path;
  readonly message: string;
}

const ofStep = ({ join, coalesce }: Step): { path: Path; names: readonly string[] } | null => {
  if (join !== undefined) return { path: ['join', 'fields'], names: join.fields };
  return coalesce === undefined ? null : { path: ['coalesce'], names: coalesce };
};

const ofRule = ({ requiredIf, compare }: Rule): { path: Path; name: string } | null => {
  if (requiredIf !== undefined) return { path: ['requiredIf', 'field'], name: requiredIf.field };
  return compare === undefined ? null : { path: ['compare', 'field'], name: compare.field };
};

/** The other fields that a field's steps and rules look at, as they name them. */
export function fieldsLookedAt({ transforms, validators }: Omit<NamedField, 'name'>): string[] {
  return [
    ...transforms.flatMap((step) => ofStep(step)?.names ?? []),
    ...validators.flatMap((rule) => ofRule(rule)?.name ?? []),
  ];
}

function unknownField(name: string, known: ReadonlySet<string>): string {
  const near = nearestName(name, [...known]);
  const meant = near === undefined ? '' : `: did you mean ${JSON.stringify(near)}?`;
  return `${name} is no field of this definition${meant}`;
}

/** What is wrong with how the fields of a definition name one another. */
export function fieldProblems(fields: readonly NamedField[]): Problem[] {
  const known = new Set(fields.map(({ name }) => name));
  const problems: Problem[] = [];
  const expect = (name: string, path: Path): void => {
    if (!known.has(name)) problems.push({ path, message: unknownField(name, known) });
  };
  fields.forEach(({ transforms, validators }, at) => {
    const makers = transforms.flatMap((step, index) => (ofStep(step) === null ? [] : index));
    if (makers.length > 1) {
      const path = ['fields', at, 'transforms', makers[1] ?? 0];
      problems.push({ path, message: 'a field can have one step of join and coalesce' });
    }
    transforms.forEach((step, index) => {
      const found = ofStep(step);
      found?.names.forEach((name, no) => {
        expect(name, ['fields', at, 'transforms', index, ...found.path, no]);
      });
    });
    validators.forEach((rule, index) => {
      const found = ofRule(rule);
      if (found !== null) expect(found.name, ['fields', at, 'validators', index, ...found.path]);
    });
  });
  const unique = fields.filter(({ validators }) => validators.some((rule) => rule.unique)).length;
  if (unique > MAX_UNIQUE_FIELDS) {
    problems.push({
      path: ['fields'],
      message: `must have at most ${MAX_UNIQUE_FIELDS} unique fields, not ${unique}`,
    });
  }
  return problems;
}
