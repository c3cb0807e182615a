// The shop's page tells where a visitor goes: one line of HTML, no code of the shop's.
//
//   <script src="https://…/tracker.js" data-key="BROWSER KEY" async></script>
//
// Pages, products and what the page tells GA4. Never what is typed into a form, never the part of an
// address behind its path; nothing at all from a browser that asks not to be followed.

import { asEvents, follow } from "./data_layer";
import { productOfPage, type Properties } from "./products";
import { Route } from "./route";
import { isLeftAlone } from "./visitor";

const script = document.currentScript;

class Tracker {
  #path = "";
  #seen = new Set<string>();

  constructor(private readonly route: Route) {}

  begin(layer: string): void {
    follow(layer, (entry) => attempt(() => this.#told(entry)));
    this.#watchAddress();
    this.#look();
  }

  #told(entry: unknown): void {
    for (const { event, properties } of asEvents(entry)) this.#track(event, properties);
  }

  #track(event: string, properties: Properties): void {
    if (event === "Product Viewed" && !this.#isNew(properties)) return;
    this.route.add({ type: "track", event, properties });
  }

  /** A product that both the page and GA4 name is looked at once. */
  #isNew(properties: Properties): boolean {
    const name = String(properties.product_id ?? properties.sku ?? "");
    if (name === "" || this.#seen.has(name)) return false;
    this.#seen.add(name);
    return true;
  }

  /** Shops that change the page without loading another change its address. */
  #watchAddress(): void {
    for (const name of ["pushState", "replaceState"] as const) {
      const original = history[name];
      history[name] = (...given) => {
        original.apply(history, given);
        // The page is written after its address has changed.
        setTimeout(() => this.#look(), 300);
      };
    }
    addEventListener("popstate", () => setTimeout(() => this.#look(), 300));
  }

  #look(): void {
    attempt(() => {
      if (location.pathname === this.#path) return;
      this.#path = location.pathname;
      this.#seen.clear();
      this.route.add({ type: "page", properties: aboutPage() });
      const product = productOfPage();
      if (product !== null) this.#track("Product Viewed", product);
    });
  }
}

function aboutPage(): Properties {
  const page: Properties = {
    path: location.pathname,
    url: location.origin + location.pathname,
    title: document.title,
  };
  const referrer = withoutQuery(document.referrer);
  return referrer === "" ? page : { ...page, referrer };
}

function withoutQuery(address: string): string {
  try {
    const found = new URL(address);
    return found.origin + found.pathname;
  } catch {
    return "";
  }
}

/** Whatever goes wrong here, the shop's page goes on. */
function attempt(what: () => void): void {
  try {
    what();
  } catch {
    // Not worth an error on somebody else's page.
  }
}

function begin(): void {
  const key = script?.getAttribute("data-key");
  const source = script instanceof HTMLScriptElement ? script.src : "";
  if (!key || source === "" || isLeftAlone()) return;
  const route = new Route(new URL("v1/batch", source).href, key);
  const tracker = new Tracker(route);
  const start = (): void => tracker.begin(script?.getAttribute("data-layer") || "dataLayer");
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
}

attempt(begin);
