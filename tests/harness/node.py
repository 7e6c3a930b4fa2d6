"""Packages of npm for tests: those of tests/node, exactly as its lock file has them."""

import fcntl
import hashlib
import os
import shutil
import subprocess

import pytest

from .places import BUILD, TOP

SOURCE = TOP / 'tests' / 'node'


def node_folder():
    """A folder with node_modules, installed once per lock file; skips the test where that is not to be
    had: no Node.js, or no way to a registry."""
    if not shutil.which('node') or not shutil.which('npm'):
        pytest.skip('Node.js is not installed (packages nodejs and npm)')
    lock = (SOURCE / 'package-lock.json').read_bytes()
    folder = BUILD / 'node' / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / 'lock', 'w', encoding='utf-8') as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / 'complete').exists():
            for name in ('package.json', 'package-lock.json'):
                shutil.copy(SOURCE / name, folder / name)
            try:
                done = subprocess.run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], cwd=folder,
                                      env={**os.environ, 'npm_config_update_notifier': 'false'},
                                      capture_output=True, text=True, timeout=240)
            except subprocess.TimeoutExpired:
                pytest.skip('npm ci took too long: no way to a registry?')
            if done.returncode != 0:
                pytest.skip(f'npm ci: {done.stderr.strip()[-300:]}')
            (folder / 'complete').touch()
    return folder


def run_node(script, *arguments, environment=None, timeout=120):
    """Runs tests/node/SCRIPT with these packages; returns what it printed."""
    folder = node_folder()
    shutil.copy(SOURCE / script, folder / script)
    done = subprocess.run(['node', script, *map(str, arguments)], cwd=folder, env=environment,
                          capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
