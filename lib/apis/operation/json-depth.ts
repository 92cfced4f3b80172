/** Honest JSON stays far below; what is written again level by level runs out of stack some thousands above. */
const MAX_DEPTH = 200;

/** Whether lists and objects of a JSON text stand in each other deeper than anybody means. What is no JSON may be either. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (isText) {
      if (character === '\\') at += 1;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > MAX_DEPTH) return true;
    } else if (character === ']' || character === '}') depth -= 1;
  }
  return false;
}
