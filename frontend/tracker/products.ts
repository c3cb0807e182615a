// Which product a page shows: as the page marks it up for us, else as it tells search engines.
//
//   <main data-dangol-product="ridge-gtx" data-dangol-sku="RDG-270">

export type Value = string | number | boolean | Properties | Properties[];
export interface Properties {
  [name: string]: Value;
}

/** The one product of this page; null on a page with none, or with many. */
export function productOfPage(): Properties | null {
  const marked = document.querySelectorAll<HTMLElement>("[data-dangol-product]");
  if (marked.length === 1 && marked[0] !== undefined) return ofMarkup(marked[0]);
  const told = [...document.querySelectorAll('script[type="application/ld+json"]')]
    .flatMap((script) => productsIn(parsed(script.textContent)))
    .filter((product, place, all) => all.indexOf(product) === place);
  return told.length === 1 && told[0] !== undefined ? ofLinkedData(told[0]) : null;
}

/** `properties` without what is empty. */
export function filled(properties: Record<string, unknown>): Properties {
  const kept: Properties = {};
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "string" ? value !== "" : typeof value === "number" || isList(value))
      kept[name] = value as Value;
  }
  return kept;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function ofMarkup(element: HTMLElement): Properties {
  return filled({
    product_id: element.dataset.dangolProduct,
    sku: element.dataset.dangolSku,
    url: location.origin + location.pathname,
  });
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}

function productsIn(data: unknown): Record<string, unknown>[] {
  if (Array.isArray(data)) return data.flatMap(productsIn);
  if (!isObject(data)) return [];
  const types = [data["@type"]].flat();
  if (types.includes("Product") || types.includes("ProductGroup")) return [data];
  return productsIn(data["@graph"] ?? data["mainEntity"] ?? null);
}

function ofLinkedData(product: Record<string, unknown>): Properties {
  const offer = [product["offers"]].flat()[0];
  const price = isObject(offer) ? (offer["price"] ?? offer["lowPrice"]) : undefined;
  return filled({
    product_id: product["productID"] ?? product["productGroupID"] ?? product["sku"],
    sku: product["sku"],
    name: product["name"],
    brand: isObject(product["brand"]) ? product["brand"]["name"] : product["brand"],
    category: product["category"],
    price: price === undefined ? undefined : Number(price),
    currency: isObject(offer) ? offer["priceCurrency"] : undefined,
    url: location.origin + location.pathname,
  });
}
