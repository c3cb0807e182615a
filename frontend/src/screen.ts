// On a telephone the open chat is the whole screen: it stays above the keyboard, and the page
// behind it stands still.

const SMALL = window.matchMedia("(max-width: 520px), (max-height: 480px)");

export class Screen {
  #isOpen = false;
  #behind: Element[] = [];

  constructor(private readonly host: HTMLElement) {}

  get isSmall(): boolean {
    return SMALL.matches;
  }

  /** True where focusing a field brings up a keyboard over half of the screen. */
  get hasTouchKeyboard(): boolean {
    return window.matchMedia("(pointer: coarse)").matches;
  }

  opened(): void {
    this.#isOpen = true;
    SMALL.addEventListener("change", this.#fit);
    window.visualViewport?.addEventListener("resize", this.#fit);
    window.visualViewport?.addEventListener("scroll", this.#fit);
    this.#fit();
  }

  closed(): void {
    this.#isOpen = false;
    SMALL.removeEventListener("change", this.#fit);
    window.visualViewport?.removeEventListener("resize", this.#fit);
    window.visualViewport?.removeEventListener("scroll", this.#fit);
    this.#fit();
  }

  #fit = (): void => {
    const view = window.visualViewport;
    const isWhole = this.#isOpen && this.isSmall;
    document.documentElement.style.overflow = isWhole ? "hidden" : "";
    this.#keepBehind(isWhole);
    if (isWhole && view !== null) {
      this.host.style.setProperty("--visible-top", `${view.offsetTop}px`);
      this.host.style.setProperty("--visible-height", `${view.height}px`);
    }
  };

  /** What is covered is reached by nobody, not by Tab and not by a screen reader. */
  #keepBehind(isIt: boolean): void {
    const others = [...document.body.children].filter((each) => !each.contains(this.host));
    if (isIt) this.#behind.push(...others.filter((each) => !each.hasAttribute("inert")));
    this.#behind.forEach((each) => each.toggleAttribute("inert", isIt));
    if (!isIt) this.#behind = [];
  }
}
