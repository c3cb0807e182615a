// What the page tells GA4 of its shop, by `dataLayer.push({event, ecommerce})` or by
// `gtag("event", name, parameters)`, under the names of Segment's e-commerce spec.

import { filled, isObject, type Properties } from "./products";

interface Told {
  event: string;
  properties: Properties;
}

/** Told of each product. */
const OF_PRODUCTS: Record<string, string> = {
  view_item: "Product Viewed",
  select_item: "Product Clicked",
  add_to_cart: "Product Added",
  remove_from_cart: "Product Removed",
  add_to_wishlist: "Product Added to Wishlist",
};
/** Told once, with all products. */
const OF_LISTS: Record<string, string> = {
  view_item_list: "Product List Viewed",
  view_cart: "Cart Viewed",
  begin_checkout: "Checkout Started",
  add_payment_info: "Payment Info Entered",
  purchase: "Order Completed",
};

/** Calls `take` with everything in the layer: what is there by now, and what comes. */
export function follow(name: string, take: (entry: unknown) => void): void {
  const page = window as unknown as Record<string, unknown>;
  const layer: unknown[] = Array.isArray(page[name]) ? page[name] : (page[name] = [] as unknown[]);
  layer.slice().forEach(take);
  const push = layer.push;
  layer.push = (...entries: unknown[]): number => {
    const length = push.apply(layer, entries);
    entries.forEach(take);
    return length;
  };
}

/** What an entry of the layer tells; nothing for all that is not about the shop. */
export function asEvents(entry: unknown): Told[] {
  const [name, parameters] = isGtag(entry) ? [entry[1], entry[2]] : ofObject(entry);
  if (typeof name !== "string" || !isObject(parameters)) return [];
  const given = parameters["items"];
  const items = Array.isArray(given) ? given.filter(isObject).map(product) : [];
  const currency = parameters["currency"];
  const ofProducts = OF_PRODUCTS[name];
  if (ofProducts !== undefined)
    return items.map((item) => ({ event: ofProducts, properties: filled({ currency, ...item }) }));
  const ofLists = OF_LISTS[name];
  return ofLists === undefined ? [] : [{ event: ofLists, properties: list(parameters, items) }];
}

/** `gtag` puts its arguments there as they are: an `arguments` object, which is no array. */
function isGtag(entry: unknown): entry is ArrayLike<unknown> {
  return typeof entry === "object" && entry !== null && (entry as ArrayLike<unknown>)[0] === "event";
}

function ofObject(entry: unknown): [unknown, unknown] {
  if (!isObject(entry)) return [undefined, undefined];
  return [entry["event"], isObject(entry["ecommerce"]) ? entry["ecommerce"] : entry];
}

function product(item: Record<string, unknown>): Properties {
  return filled({
    product_id: text(item["item_id"]),
    name: item["item_name"],
    brand: item["item_brand"],
    category: item["item_category"],
    variant: item["item_variant"],
    price: number(item["price"]),
    quantity: number(item["quantity"]),
    coupon: item["coupon"],
  });
}

function list(parameters: Record<string, unknown>, products: Properties[]): Properties {
  return filled({
    order_id: text(parameters["transaction_id"]),
    list_id: text(parameters["item_list_id"]),
    currency: parameters["currency"],
    total: number(parameters["value"]),
    shipping: number(parameters["shipping"]),
    tax: number(parameters["tax"]),
    coupon: parameters["coupon"],
    products,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Pages write prices as texts, too. */
function number(value: unknown): number | undefined {
  const found = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}
