"""The names of Segment's e-commerce spec: what customers do in a shop, each under one name. Decides
nothing.
"""

from __future__ import annotations

ORDER_UPDATED = "Order Updated"
ORDER_REFUNDED = "Order Refunded"
ORDER_CANCELLED = "Order Cancelled"

BROWSING = (
    "Products Searched",
    "Product List Viewed",
    "Product List Filtered",
    "Promotion Viewed",
    "Promotion Clicked",
    "Product Clicked",
    "Product Viewed",
    "Product Added",
    "Product Removed",
    "Cart Viewed",
    "Checkout Started",
    "Checkout Step Viewed",
    "Checkout Step Completed",
    "Payment Info Entered",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Denied",
    "Coupon Removed",
    "Product Added to Wishlist",
    "Product Removed from Wishlist",
    "Wishlist Product Added to Cart",
    "Product Shared",
    "Cart Shared",
)
"""What a browser sees of it."""
ORDERS = ("Order Completed", ORDER_UPDATED, ORDER_REFUNDED, ORDER_CANCELLED)
REVIEWS = ("Product Reviewed",)

_FIRST_EDITION = {
    "Viewed Product Category": "Product List Viewed",
    "Viewed Promotion": "Promotion Viewed",
    "Clicked Promotion": "Promotion Clicked",
    "Viewed Product": "Product Viewed",
    "Added Product": "Product Added",
    "Removed Product": "Product Removed",
    "Viewed Cart": "Cart Viewed",
    "Started Order": "Checkout Started",
    "Viewed Checkout Step": "Checkout Step Viewed",
    "Completed Checkout Step": "Checkout Step Completed",
    "Completed Order": "Order Completed",
    "Updated Order": ORDER_UPDATED,
    "Refunded Order": ORDER_REFUNDED,
    "Cancelled Order": ORDER_CANCELLED,
    "Order Canceled": ORDER_CANCELLED,
}
"""Names that older integrations still send."""
_STANDARD = {
    **{name.casefold(): name for name in (*BROWSING, *ORDERS, *REVIEWS)},
    **{name.casefold(): standard for name, standard in _FIRST_EDITION.items()},
}


def standard_name(name: str) -> str:
    """The spec's own spelling of that name; as it is if the spec has no such event."""
    return _STANDARD.get(name.casefold(), name)
