"""docs/openapi.yaml, held against what the server really answers."""

import re

import jsonschema
import yaml

from .places import TOP


class Description:
    def __init__(self):
        self.document = yaml.safe_load((TOP / 'docs' / 'openapi.yaml').read_text(encoding='utf-8'))
        self.paths = [(re.compile(re.sub(r'\{\w+\}', '[^/]+', path) + '$'), operations)
                      for path, operations in sorted(self.document['paths'].items(),
                                                     key=lambda item: '{' in item[0])]

    def resolve(self, thing):
        while '$ref' in thing:
            found = self.document
            for step in thing['$ref'].removeprefix('#/').split('/'):
                found = found[step]
            thing = found
        return thing

    def operation(self, method, path):
        """The description of what serves method and path; None if nothing does."""
        for pattern, operations in self.paths:
            if pattern.match(path):
                return operations.get(method.lower())
        return None

    def check(self, method, target, answer):
        """Fails if the answer is another than the description promises."""
        path = target.split('?')[0]
        operation = self.operation(method, path)
        if operation is None:
            assert answer.status in (404, 405), f'{method} {path} is not described'
            return
        responses = operation['responses']
        described = responses.get(str(answer.status), responses.get('default'))
        assert described, f'{method} {path} may not answer {answer.status}: {answer.body[:500]!r}'
        described = self.resolve(described)
        content = described.get('content')
        if content is None:
            assert answer.body == b'', f'{method} {path} answers {answer.status} with a body'
            return
        assert answer.type in content, f'{method} {path} answers {answer.status} as {answer.type}'
        for name in described.get('headers', {}):
            assert answer.headers[name], f'{method} {path} answers {answer.status} without {name}'
        if 'schema' in content[answer.type] and answer.type.endswith('json'):
            jsonschema.Draft202012Validator(
                {**content[answer.type]['schema'], 'components': self.document['components']},
                format_checker=jsonschema.FormatChecker()).validate(answer.json())
