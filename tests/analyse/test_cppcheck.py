"""cppcheck over src/: what it warns of is an error.

suppressions.txt cannot hold reasons, so here they are. memleak: it does not know that GLib's arrays
take a struct with what it points to, nor the clean-up attribute; LeakSanitizer finds the true ones.
shiftTooManyBitsSigned: the compilers that we use define the shift of a negative number."""

import os
import subprocess
from pathlib import Path

from harness.places import TOP

SUPPRESSIONS = Path(__file__).parent / 'suppressions.txt'

# GLib's macros that are no C by themselves; a file with one that is unknown would not be checked.
MACROS = ['G_DEFINE_QUARK(a,b)=', 'G_DEFINE_EXTENDED_ERROR(a,b)=', 'G_DEFINE_AUTOPTR_CLEANUP_FUNC(a,b)=',
          'G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(a,b)=', 'G_GNUC_FORMAT(a)=', 'G_GNUC_PRINTF(a,b)=',
          'G_GNUC_NULL_TERMINATED=', 'G_BEGIN_DECLS=', 'G_END_DECLS=',
          'json_array_foreach(a,i,v)=while((i = 0) || (v = json_array_get(a, i)))',
          'json_object_foreach(o,k,v)=while((k = "") && (v = json_object_get(o, k)))']


def check(folder, *sources):
    rooms = [f'-I{path}' for path in sorted((TOP / 'src').glob('*')) if path.is_dir()]
    return subprocess.run(
        ['cppcheck', '--std=c11', '--enable=warning,performance,portability', '--library=gtk',
         '--inline-suppr', '--quiet', '--error-exitcode=9', '-j', str(min(2, os.cpu_count() or 1)),
         f'--suppressions-list={SUPPRESSIONS}',
         *(f'-D{macro}' for macro in MACROS), *rooms, *map(str, sources)],
        cwd=folder, capture_output=True, text=True)


def test_sources():
    run = check(TOP, 'src')
    assert run.returncode == 0, run.stderr


def test_a_defect_is_found(tmp_path):
    source = tmp_path / 'defect.c'
    source.write_text('int f (void);\nint f (void) { int a[2]; a[2] = 1; return a[0]; }\n')
    run = check(tmp_path, source)
    assert run.returncode == 9
    assert 'arrayIndexOutOfBounds' in run.stderr
