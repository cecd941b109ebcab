"""The four subgraphs of the public gateway benchmark, costing close to nothing: each different request is answered once by
graphql-core and afterwards from a dictionary.

    python bench/stubs.py PORT FOLDER        POST /accounts · /inventory · /products · /reviews
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import graphql
import uvicorn

SDL = {
    "accounts": """
        type Query { me: User user(id: ID!): User users: [User] }
        type User { id: ID! name: String username: String birthday: Int }
    """,
    "inventory": """
        type Query { _: Int }
        type Product { upc: String! inStock: Boolean shippingEstimate: Int }
    """,
    "products": """
        type Query { topProducts(first: Int = 5): [Product] }
        type Product { upc: String! weight: Int price: Int name: String }
    """,
    "reviews": """
        type Query { _: Int }
        type Product { upc: String! reviews: [Review] }
        type Review { id: ID! body: String product: Product author: User }
        type User { id: ID! username: String reviews: [Review] }
    """,
}
ENTITIES = {"accounts": "User", "inventory": "Product", "products": "Product", "reviews": "User | Product | Review"}


class World:
    """The benchmark's data and its rules (`data.json` says them in words)."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.users = {user["id"]: user for user in data["users"]}
        self.products = {product["upc"]: product for product in data["products"]}
        self.in_stock = data["inStock"]
        self.all_reviews = data["reviews"]

    def review(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": row["id"],
            "body": row["body"],
            "product": lambda *_: self.reviews_product(row["productUpc"]),
            "author": lambda *_: self.reviews_user("1"),
        }

    def reviews_product(self, upc: str) -> dict[str, Any]:
        mine = [row for row in self.all_reviews if row["productUpc"] == upc]
        return {"__typename": "Product", "upc": upc, "reviews": lambda *_: [self.review(row) for row in mine]}

    def reviews_user(self, user_id: str) -> dict[str, Any]:
        name = self.users[user_id]["username"]
        return {
            "__typename": "User",
            "id": user_id,
            "username": name,
            "reviews": lambda *_: [self.review(row) for row in self.all_reviews[:2]],
        }

    def estimate(self, representation: dict[str, Any]) -> int | None:
        price, weight = representation.get("price"), representation.get("weight")
        if price is None or weight is None:
            return None
        return 0 if price > 1000 else weight // 2

    def entity(self, service: str, representation: dict[str, Any]) -> dict[str, Any]:
        match service, representation["__typename"]:
            case "accounts", _:
                return {"__typename": "User", **self.users[representation["id"]]}
            case "products", _:
                return {"__typename": "Product", **self.products[representation["upc"]]}
            case "inventory", _:
                upc = representation["upc"]
                stock = {"inStock": self.in_stock[upc], "shippingEstimate": self.estimate(representation)}
                return {"__typename": "Product", "upc": upc, **stock}
            case _, "User":
                return self.reviews_user(representation["id"])
            case _:
                return self.reviews_product(representation["upc"])

    def root(self, service: str) -> dict[str, Any]:
        users, products = list(self.users.values()), list(self.products.values())
        roots: dict[str, dict[str, Any]] = {
            "accounts": {"me": users[0], "users": users, "user": lambda _info, **given: self.users.get(given["id"])},
            "products": {"topProducts": lambda _info, first: products[:first]},
        }
        entities = lambda _info, representations: [self.entity(service, one) for one in representations]  # noqa: E731
        return {**roots.get(service, {}), "_entities": entities}


def schemas() -> dict[str, graphql.GraphQLSchema]:
    made = {}
    for service, sdl in SDL.items():
        more = f"scalar _Any union _Entity = {ENTITIES[service]}"
        entities = "type Query { _entities(representations: [_Any!]!): [_Entity]!"
        made[service] = graphql.build_schema(sdl.replace("type Query {", entities) + more)
    return made


def app(folder: Path) -> Any:
    """An ASGI application that answers each different body once."""
    world = World(json.loads((folder / "data.json").read_text(encoding="utf-8")))
    known: dict[tuple[str, bytes], bytes] = {}
    all_schemas = schemas()

    def compute(service: str, body: bytes) -> bytes:
        request = json.loads(body)
        variables = request.get("variables")
        result = graphql.graphql_sync(all_schemas[service], request["query"], world.root(service), variable_values=variables)
        return json.dumps(result.formatted, separators=(",", ":")).encode()

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        key = (scope["path"].strip("/"), body)
        answer = known.get(key)
        if answer is None:
            answer = known[key] = compute(*key)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return serve


def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    uvicorn.run(app(folder), port=port, log_level="error", access_log=False, lifespan="off")


if __name__ == "__main__":
    main()
