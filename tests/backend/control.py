# SPDX-License-Identifier: MIT
"""What tests ask and order beside the API; none of it is recorded."""

import json

from .exchange import html_answer, json_answer


class Control:
    def __init__(self, sen2cube):
        self.sen2cube = sen2cube

    def answer(self, request):
        """POST and DELETE orders answer with {"done": true}, wrong ones with 400."""
        try:
            order = json.loads(request.body) if request.body else {}
            return self.dispatch(request.method, request.path[len("/control/"):], order)
        except (ValueError, KeyError, TypeError) as error:
            return json_answer(400, {"error": f"{type(error).__name__}: {error}"})

    def dispatch(self, method, name, order):
        sen2cube = self.sen2cube
        if (method, name) == ("GET", "requests"):
            return json_answer(200, sen2cube.journal.listing())
        if (method, name) == ("DELETE", "requests"):
            sen2cube.journal.forget()
        elif (method, name) == ("POST", "faults"):
            for rule in order if isinstance(order, list) else [order]:
                sen2cube.faults.add(rule)
        elif (method, name) == ("DELETE", "faults"):
            sen2cube.faults.clear()
        elif (method, name) == ("POST", "file"):
            sen2cube.results.act(order)
        elif (method, name) == ("POST", "tokens"):
            sen2cube.keycloak.act(order["action"])
        elif (method, name) == ("POST", "account"):
            sen2cube.keycloak.accounts.change(order["login"], order["state"])
        elif (method, name) == ("POST", "churn"):
            sen2cube.churn.order(order)
        elif (method, name) == ("POST", "settings"):
            self.settings(order)
        elif method == "POST" and name.split("/")[0] in sen2cube.store.collections:
            self.change(*name.split("/", 1), order)
        else:
            return html_answer(404, "The control interface has no such order.")
        return json_answer(200, {"done": True})

    def change(self, kind, number, attributes):
        """Merges attributes as they come; the member "document" replaces whole members.

        {"document": {"id": "7", "relationships": null}} makes a row's id a string and its
        relationships null; a value given as {"absent": true} takes an attribute away.
        """
        collection = self.sen2cube.store[kind]
        row = collection.keep(int(number))
        if row is None:
            raise ValueError(f"no {kind} {number}")
        row.overrides.update(attributes.pop("document", {}))
        absent = [name for name, value in attributes.items() if value == {"absent": True}]
        row.attributes = {name: value for name, value in row.attributes.items()
                          if name not in absent}
        row.change(**{name: value for name, value in attributes.items() if name not in absent})
        for name in ("factbase", "knowledgebase"):
            if f"{name}_id" in attributes and f"{name}_id" not in absent:
                row.relate(name, attributes[f"{name}_id"])

    def settings(self, order):
        keycloak = self.sen2cube.keycloak
        for name, value in order.items():
            if name in keycloak.SETTINGS:
                setattr(keycloak, name, keycloak.SETTINGS[name](value))
            elif name == "most_failures":
                keycloak.accounts.most_failures = int(value)
            elif hasattr(self.sen2cube.options, name):
                setattr(self.sen2cube.options, name, value)
            else:
                raise ValueError(f"unknown setting {name}")
