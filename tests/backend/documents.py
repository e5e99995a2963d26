# SPDX-License-Identifier: MIT
"""JSON:API documents, joined from the JSON that the rows keep ready."""

import json

from .errors import VERSION
from .schema import SCHEMAS

TAIL = f'"jsonapi": {json.dumps(VERSION)}}}'



def as_text(linkage):
    """In a resource the ids of others are texts (JSON:API 1.0, "Resource Identifier Objects")."""
    if isinstance(linkage, list):
        return [as_text(one) for one in linkage]
    return linkage and {**linkage, "id": str(linkage["id"])}


class Writer:
    """Writes rows for one query: which attributes, which relations, what is included."""

    def __init__(self, store, query, options):
        self.store, self.query, self.options = store, query, options
        self.included = {}

    def document(self, row, self_link):
        data = self.resource(row, self.query.schema, self.query.include)
        links = json.dumps({"self": self_link})
        return f'{{"data": {data}, "links": {links}, {self.include_text()}{TAIL}'

    def listing(self, rows, links, count):
        parts = ", ".join([self.resource(row, self.query.schema, self.query.include)
                           for row in rows])
        told = count if self.options.list_count is None else self.options.list_count
        meta = "" if told == "absent" else f'"meta": {{"count": {told}}}, '
        if self.options.no_list_links:
            links = {"self": links["self"]}
        return (f'{{"data": [{parts}], {self.include_text()}"links": {json.dumps(links)}, '
                f'{meta}{TAIL}')

    def include_text(self):
        if not self.included:
            return ""
        return f'"included": [{", ".join(self.included.values())}], '

    def resource(self, row, schema, paths):
        chosen = self.query.fields.get(schema.kind)
        omitted = self.options.omit_attributes
        attributes = ", ".join([f'"{name}": {row.text(name)}' for name in row.names()
                                if (chosen is None or name in chosen) and name not in omitted])
        link = f"/v1/{schema.kind}/{row.number}"
        members = {"type": json.dumps(schema.kind), "attributes": f"{{{attributes}}}",
                   "relationships": self.relationships(row, schema, chosen, paths, link),
                   "id": str(row.number), "links": json.dumps({"self": link})}
        for name, value in row.overrides.items():
            members[name] = json.dumps(value)
        return "{" + ", ".join([f'"{name}": {text}' for name, text in members.items()
                                if text is not None]) + "}"

    def relationships(self, row, schema, chosen, paths, link):
        parts = {}
        for name, relation in schema.relations.items():
            if chosen is not None and name not in chosen:
                continue
            parts[name] = {"links": {"self": f"{link}/relationships/{name}",
                                     "related": f"{link}/{name}"}}
            deeper = [path[1:] for path in paths if path[0] == name]
            if deeper:
                self.include(row, schema, name, [path for path in deeper if path])
            if deeper or (self.options.linkage == "always" and not relation.many):
                parts[name]["data"] = as_text(self.linkage(row, schema, name))
        return json.dumps(parts) if parts else None

    def linkage(self, row, schema, name):
        """As the relationship's own place writes it."""
        relation = schema.relations[name]
        if not relation.many:
            found = row.relations.get(name)
            return None if found is None else {"type": relation.target, "id": found}
        return [{"type": relation.target, "id": other.number}
                for other in self.store.inverse(row, schema, name)]

    def include(self, row, schema, name, deeper):
        relation = schema.relations[name]
        found = self.store.inverse(row, schema, name)
        others = found if relation.many else [found] if found is not None else []
        for other in others:
            key = (relation.target, other.number)
            if key not in self.included:
                self.included[key] = ""
                self.included[key] = self.resource(other, SCHEMAS[relation.target], deeper)
