"""Records semantics.json anew: what real jinja2 gives for each of its templates.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install jinja2==3.1.6
    /tmp/venv/bin/python record.py                  # the file beside this script, in place

Recorded with Python 3.11. The environment is dbt's: a sandbox, the tags do, break and continue, macros renamed to
dbt_macro__NAME, the as_* filters, and for cases with "native": true the environment of dbt's YAML files.
PlainValues.java holds the same values for the Java side.
"""

import datetime
import json
from ast import literal_eval
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

import jinja2
import jinja2.nativetypes
import jinja2.nodes
import jinja2.parser
import jinja2.sandbox

FILE = Path(__file__).with_name("semantics.json")


class DbtParser(jinja2.parser.Parser):
    def parse_macro(self):
        node = jinja2.nodes.Macro(lineno=next(self.stream).lineno)
        node.name = "dbt_macro__" + self.parse_assign_target(name_only=True).name
        self.parse_signature(node)
        node.body = self.parse_statements(("name:endmacro",), drop_needle=True)
        return node


class DbtEnvironment(jinja2.sandbox.SandboxedEnvironment):
    def _parse(self, source, name, filename):
        return DbtParser(self, source, name, filename).parse()


class NativeEnvironment(DbtEnvironment):
    code_generator_class = jinja2.nativetypes.NativeCodeGenerator


class AsText(str):
    pass


class AsNative(str):
    pass


class AsBool(AsNative):
    pass


class AsNumber(AsNative):
    pass


def native_value(pieces):
    head = list(islice(pieces, 2))
    if len(head) != 1:
        return "".join(str(piece) for piece in chain(head, pieces))
    only = head[0]
    if isinstance(only, AsText):
        return str(only)
    if not isinstance(only, AsNative):
        return only
    try:
        value = literal_eval(only)
    except (ValueError, SyntaxError):
        value = str(only)
    if isinstance(only, AsBool) and not isinstance(value, bool):
        raise TypeError(f"Could not convert value '{only!s}' into type 'bool'")
    if isinstance(only, AsNumber) and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise TypeError(f"Could not convert value '{only!s}' into type 'number'")
    return value


def environment(kind, **filters):
    made = kind(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    made.filters.update(filters, is_list=lambda value: isinstance(value, list))
    return made


IDENTITY = {name: lambda value: value for name in ("as_text", "as_bool", "as_native", "as_number")}
TEXT = environment(DbtEnvironment, **IDENTITY)
NATIVE = environment(NativeEnvironment, as_text=AsText, as_bool=AsBool, as_native=AsNative, as_number=AsNumber)


def values():
    return {
        "lst": ["a", "b", "c"],
        "nums": [3, 1, 2],
        "d": {"a": 1, "b": 2},
        "people": [
            {"name": "Al", "age": 3, "on": True},
            {"name": "Bo", "age": 1, "on": False},
            {"name": "Cy", "age": 2, "on": True},
        ],
        "s": "Hello World",
        "n": 5,
        "f": 2.5,
        "t": True,
        "fa": False,
        "no": None,
        "date": datetime.date(2024, 1, 31),
        "dt": datetime.datetime(2024, 1, 31, 12, 30, 5),
        "dec": Decimal("12.50"),
        "aware": datetime.datetime(2024, 2, 3, 4, 5, 6, 7000, tzinfo=datetime.timezone.utc),
        "td": datetime.timedelta(days=1, seconds=3661),
        "big": 2**70,
        "nested": {"x": {"y": [1, {"z": "deep"}]}},
        "tup": (1, "two", None),
        "words": ["banana", "Apple", "cherry", "apple"],
        "st": {1},
        "uni": "héllo ✓ 🎉",
        "mixed": [1, "a", None, 2.5, True],
        "empty": "",
        "el": [],
        "ed": {},
    }


def record(case):
    try:
        if not case.get("native"):
            return {"out": TEXT.from_string(case["tpl"]).render(values())}
        template = NATIVE.from_string(case["tpl"])
        value = native_value(template.root_render_func(template.new_context(values())))
        return {"out": f"{type(value).__name__}:{value}"}
    except jinja2.TemplateSyntaxError as error:
        return {"err": f"{type(error).__name__}: {error.message}"}
    except Exception as error:  # whatever a template may raise
        return {"err": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    cases = [{**case, "exp": record(case)} for case in json.loads(FILE.read_text())]
    lines = [json.dumps(case, ensure_ascii=False) for case in cases]
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n")
