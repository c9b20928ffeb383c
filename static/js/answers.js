// Reads an answer out of a question's fields and puts one into them.
const FIELDS = "input:not([name^=flag]), textarea";

/** `{options}`, `{blanks}` or `{text}`; `{}` when nothing is answered. */
export function readAnswer(question) {
  const fields = [...question.querySelectorAll(FIELDS)];
  const texts = fields.map((field) => field.value);
  switch (question.dataset.kind) {
    case "fill":
      return texts.some(Boolean) ? { blanks: texts } : {};
    case "short":
      return texts[0] ? { text: texts[0] } : {};
    default: {
      const picked = fields.filter((field) => field.checked).map((field) => field.value);
      return picked.length ? { options: picked } : {};
    }
  }
}

export function writeAnswer(question, answer) {
  const fields = [...question.querySelectorAll(FIELDS)];
  fields.forEach((field, place) => {
    if (field.type === "radio" || field.type === "checkbox") field.checked = answer.options?.includes(field.value) ?? false;
    else field.value = answer.blanks?.[place] ?? answer.text ?? "";
  });
}

export function isAnswered(question) {
  return Object.keys(readAnswer(question)).length > 0;
}

export function flagOf(question) {
  return question.querySelector("[name^=flag]");
}
