"""What can be said about a picture without knowing every pixel of it: fonts differ by machine."""

import subprocess


def _ask(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    return done.stdout.strip() or done.stderr.strip()


def signature(path):
    """Equal for equal pixels, whatever else is in the file."""
    return _ask('identify', '-format', '%#', path)


def size(path):
    return tuple(int(word) for word in _ask('identify', '-format', '%w %h', path).split())


def colours(path):
    """How many colours; a picture of nothing has one or two."""
    return int(_ask('identify', '-format', '%k', path))


def brightness(path):
    """From 0, black, to 1, white."""
    return float(_ask('convert', path, '-colorspace', 'Gray', '-format', '%[fx:mean]', 'info:'))


def emptiest(path, parts=4):
    """The smallest number of colours among the horizontal strips of a picture: 1 if one of them is bare."""
    strips = _ask('convert', path, '-crop', f'1x{parts}@', '+repage', '-format', '%k\n', 'info:')
    return min(int(word) for word in strips.split())


def difference(one, other):
    """The share of pixels that differ visibly, from 0 to 1; the pictures are of one size."""
    width, height = size(one)
    assert size(other) == (width, height)
    # compare prints the count on standard error, and ends with 1 if there is any.
    return float(_ask('compare', '-metric', 'AE', '-fuzz', '4%', one, other, 'null:').split()[0]) / (width * height)


def contact_sheet(paths, to, columns=4):
    """All of them small on one sheet, each with its name."""
    font = _ask('fc-match', '-f', '%{file}', 'sans')
    command = ['montage', '-font', font, '-label', '%t', *paths, '-tile', f'{columns}x', '-geometry', '480x400>+8+8',
               '-background', '#808080', to]
    subprocess.run([str(word) for word in command], check=True, timeout=300)
