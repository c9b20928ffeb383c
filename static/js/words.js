// The page's own sentences, in the reader's language.
const template = document.querySelector("template[data-words]");

/** The sentence `name` with `{places}` filled in. */
export function say(name, values = {}) {
  const text = template?.content.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
  return text.replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place);
}
