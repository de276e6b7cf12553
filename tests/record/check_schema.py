"""The published schema and the reader, tested against each other.

    check_schema.py DXGMATRIX SCHEMA DOCUMENTS

good/           both accept
bad/            both refuse, the reader at the pointer of pointers.tsv
beyond_schema/  the schema accepts, the reader refuses at the pointer of pointers.tsv

And the documents are enough: every rule of the schema refuses at least one of bad/, every
member and every word it names stands in at least one of good/.
"""

import glob
import json
import os
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("skip: the Python module jsonschema is not installed")
    sys.exit(77)

RULES = {
    "type", "const", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum",
    "minItems", "maxItems", "required", "anyOf",
}
faults = []


def refused_by_reader(program, paths):
    """Path to the reader's sentence, None where it accepts."""
    run = subprocess.run(
        [program, "validate", "--json", *paths], stdout=subprocess.PIPE, check=False,
        env={**os.environ, "DXGMATRIX_TODAY": "2026-11-20"}, encoding="utf-8")
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if [answer["file"] for answer in answers] != list(paths):
        sys.exit(f"validate --json answered for {len(answers)} of {len(paths)} files")
    if run.returncode != any(not answer["ok"] for answer in answers):
        faults.append(f"validate: exit status {run.returncode}")
    return {answer["file"]: answer.get("error") for answer in answers}


def pointers_of(folder):
    with open(os.path.join(folder, "pointers.tsv"), encoding="utf-8") as table:
        rows = [line.rstrip("\n").split("\t") for line in table if not line.startswith("#")]
    return {os.path.join(folder, name): pointer for name, pointer in rows}


def long_texts(folder):
    """Texts of 65536 and 65537 characters wherever the schema limits them: too large to be
    kept as files. A package's version may be null, the tool may not."""
    smallest = {"schema": "dxgmatrix-record/1", "source": {"kind": "harvested", "tool": "t"}}
    written = {"good": [], "bad": []}
    for kind, length in (("good", 65536), ("bad", 65537)):
        text = "x" * length
        documents = {
            "tool": {"source": {"kind": "harvested", "tool": text}, "combination": {}},
            "kernel": {"combination": {"kernel": text}},
            "finding": {"combination": {}, "results": [
                {"interface": "a", "device": {"log": text}}]},
        }
        for name, members in documents.items():
            path = os.path.join(folder, f"{kind}_{name}.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({**smallest, **members}, file)
            written[kind].append(path)
    return written


def rules_of(schema, path=()):
    """Every rule as a path, conditions left out: they choose, they do not refuse."""
    if isinstance(schema, list):
        for i, item in enumerate(schema):
            yield from rules_of(item, path + (i,))
        return
    if not isinstance(schema, dict):
        return
    named = path and path[-1] in ("properties", "$defs")
    for key, value in schema.items():
        if not named and key in RULES:
            yield path + (key,)
        if not named and key == "if":
            continue
        if named or key not in ("enum", "const", "required", "type"):
            yield from rules_of(value, path + (key,))


def follow(reference):
    target = SCHEMA
    for key in reference[2:].split("/"):
        target = target[key]
    return target


def rules_broken(error):
    """The paths of the rules that an error names. Its path does not mention $ref."""
    node, path = SCHEMA, ()
    for key in error.absolute_schema_path:
        while isinstance(node, dict) and key not in node:
            path = tuple(node["$ref"][2:].split("/"))
            node = follow(node["$ref"])
        node, path = node[key], path + (key,)
    yield path
    for inner in error.context or ():
        yield from rules_broken(inner)


def resolve(schema):
    while "$ref" in schema:
        schema = follow(schema["$ref"])
    return schema


def words_seen(schema, value, path, seen):
    """Notes every member and every word of an enumeration that the value uses."""
    schema = resolve(schema)
    if value is None:
        return
    for choice in schema.get("anyOf", ()):
        words_seen(choice, value, path, seen)
    if value in [word for word in schema.get("enum", ()) if isinstance(word, str)]:
        seen.add((path, value))
    if isinstance(value, dict):
        for name, member in value.items():
            inner = schema.get("properties", {}).get(name)
            if inner is not None:
                seen.add((path, name))
                words_seen(inner, member, f"{path}/{name}", seen)
            elif isinstance(schema.get("additionalProperties"), dict):
                words_seen(schema["additionalProperties"], member, f"{path}/*", seen)
    if isinstance(value, list):
        for item in value:
            words_seen(schema.get("items", {}), item, f"{path}/*", seen)


def words_named(schema, path, named):
    schema = resolve(schema)
    for choice in schema.get("anyOf", ()):
        if "required" not in choice:
            words_named(choice, path, named)
    named.update((path, word) for word in schema.get("enum", ()) if isinstance(word, str))
    for name, inner in schema.get("properties", {}).items():
        named.add((path, name))
        words_named(inner, f"{path}/{name}", named)
    for key in ("additionalProperties", "items"):
        if isinstance(schema.get(key), dict):
            words_named(schema[key], f"{path}/*", named)


def check(kinds, reader, pointers, validator):
    broken, seen = set(), set()
    for kind, paths in kinds.items():
        for path in paths:
            name = os.path.join(kind, os.path.basename(path))
            with open(path, encoding="utf-8") as file:
                document = json.load(file)
            errors = list(validator.iter_errors(document))
            sentence = reader[path]
            if bool(errors) != (kind == "bad"):
                faults.append(f"{name}: the schema says {errors[0].message if errors else 'yes'}")
            if bool(sentence) != (kind != "good"):
                faults.append(f"{name}: the reader says {sentence or 'yes'}")
            pointer = pointers.get(path)
            if sentence and pointer and not sentence.startswith(f"{path}: {pointer}: "):
                faults.append(f"{name}: the reader says '{sentence}', expected {pointer}")
            if sentence and not pointer and path.startswith(DOCUMENTS):
                faults.append(f"{name}: no pointer in pointers.tsv")
            for error in errors:
                broken.update(rules_broken(error))
            if kind == "good":
                words_seen(SCHEMA, document, "", seen)
    return broken, seen


PROGRAM, SCHEMA_PATH, DOCUMENTS = sys.argv[1:]
with open(SCHEMA_PATH, encoding="utf-8") as schema_file:
    SCHEMA = json.load(schema_file)
jsonschema.Draft202012Validator.check_schema(SCHEMA)

with tempfile.TemporaryDirectory() as scratch:
    KINDS = {kind: sorted(glob.glob(os.path.join(DOCUMENTS, kind, "*.json")))
             for kind in ("good", "bad", "beyond_schema")}
    for kind_, paths_ in long_texts(scratch).items():
        KINDS[kind_] += paths_
    READER = refused_by_reader(PROGRAM, [path for paths in KINDS.values() for path in paths])
    BROKEN, SEEN = check(KINDS, READER, pointers_of(DOCUMENTS),
                         jsonschema.Draft202012Validator(SCHEMA))

for rule in rules_of(SCHEMA):
    if rule not in BROKEN:
        faults.append(f"no bad document breaks the rule {'/'.join(map(str, rule))}")
NAMED = set()
words_named(SCHEMA, "", NAMED)
for place, word in sorted(NAMED - SEEN):
    faults.append(f"no good document uses {place or '/'}: {word}")

for fault in faults:
    print(fault)
print(f"{sum(map(len, KINDS.values()))} documents, {len(BROKEN)} rules broken, {len(faults)} faults")
sys.exit(bool(faults))
