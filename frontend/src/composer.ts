// Where the customer writes: one growing field, a counter near the end, a button.

import { button, element, icon } from "./rendering";
import type { Words } from "./words";

/** As the server counts them: characters, not UTF-16 units. */
const MOST_CHARACTERS = 2000;
const COUNTED_BELOW = 200;
const TALLEST = 120;
const PLANE = "M4 12 20 4l-4 16-4.5-6.5L4 12Zm7.5 1.5L20 4";

export class Composer {
  readonly element = element("form", "composer");
  #input = element("textarea", "input");
  #count = element("span", "count");
  #send = button("send");

  constructor(
    private readonly words: Words,
    private readonly say: (text: string) => void,
  ) {
    this.#input.rows = 1;
    this.#input.placeholder = words.placeholder;
    this.#input.setAttribute("aria-label", words.placeholder);
    this.#input.enterKeyHint = "send";
    this.#input.addEventListener("input", () => this.measure());
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#count.setAttribute("role", "status");
    this.#send.type = "submit";
    this.#send.setAttribute("aria-label", words.send);
    this.#send.append(icon(PLANE));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.element.append(this.#input, this.#count, this.#send);
    this.measure();
  }

  focus(): void {
    this.#input.focus({ preventScroll: true });
  }

  /** Puts back what could not be said, unless something else is being written already. */
  putBack(text: string): void {
    if (this.#input.value === "") this.#write(text);
  }

  clear(): void {
    this.#write("");
  }

  #write(text: string): void {
    this.#input.value = text;
    this.measure();
  }

  #pressed(event: KeyboardEvent): void {
    // While a Korean syllable is being composed, Enter ends the syllable, not the message
    // (Safari tells it by 229 alone).
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || isComposing) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  /** Fits the field to its text; to be asked again when the field comes into view. */
  measure(): void {
    const left = MOST_CHARACTERS - [...this.#input.value.trim()].length;
    const { words } = this;
    this.#count.textContent =
      left < 0 ? words.over(-left) : left < COUNTED_BELOW ? words.left(left) : "";
    this.#count.classList.toggle("over", left < 0);
    this.#send.disabled = this.#input.value.trim() === "" || left < 0;
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight + 2, TALLEST)}px`;
  }

  #submit(): void {
    if (this.#send.disabled) return;
    const text = this.#input.value.trim();
    this.clear();
    this.say(text);
  }
}
