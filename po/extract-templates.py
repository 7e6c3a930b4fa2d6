"""Writes the translatable strings of the templates below a folder as a .pot to standard output.

xgettext cannot do it: whatever language it is told, a quote in the text or in an attribute around
{{_("…")}} derails it. The grammar is that of src/codec/mm-template.h.
"""
import pathlib
import re
import sys

CALL = re.compile(r'\{\{_\(\s*"((?:[^"\\]|\\.)*)"\s*(,?)')


def main():
    found = {}
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
        if path.suffix in (".html", ".letter", ".subject", ".txt"):
            for text, comma in CALL.findall(path.read_text(encoding="utf-8")):
                places = found.setdefault((text, bool(comma)), [])
                if path.as_posix() not in places:
                    places.append(path.as_posix())
    print('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"')
    for (text, has_values), paths in sorted(found.items()):
        print()
        for path in paths:
            print(f"#: {path}")
        # Values go in by %s alone, and msgfmt checks their number as it does for C.
        if has_values:
            print("#, c-format")
        print(f'msgid "{text}"\nmsgstr ""')


if __name__ == "__main__":
    main()
