"""Draws the model space of a DXF file on a sheet.

    ezdxf_draw.py SOURCE RESULT FORMAT       FORMAT is one of: pdf svg png

Exit codes: 3 the source cannot be read, 4 nothing to see in it, 5 the result cannot be written; the last line that begins
with `KILN <code>: ` tells why.
"""
import os
import sys

import ezdxf
from ezdxf import recover
from ezdxf.addons.drawing import Frontend, RenderContext, layout, pymupdf, svg
from ezdxf.addons.drawing.config import BackgroundPolicy, ColorPolicy, Configuration

# A sheet of DIN A3 at most: both sides are cut to the drawing's own proportions.
LONGEST_SIDE = 420
DOTS_PER_INCH = 150


class Stop(Exception):
    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code


def main(source, result, format):
    drawing = read(source)
    backend = svg.SVGBackend() if format == "svg" else pymupdf.PyMuPdfBackend()
    look = Configuration(background_policy=BackgroundPolicy.WHITE, color_policy=ColorPolicy.COLOR)
    try:
        frontend = Frontend(RenderContext(drawing), backend, config=look)
        frontend.push_property_override_function(darken)
        frontend.draw_layout(drawing.modelspace(), finalize=True)
        box = backend.player().bbox()
        if not box.has_data:
            raise Stop(4, "The drawing has nothing that can be seen.")
        content = render(backend, sheet(box.size), format)
    except Stop:
        raise
    except Exception as error:
        raise Stop(5, f"It cannot be drawn: {error}") from error
    with open(result, "wb") as file:
        file.write(content)


def darken(entity, properties):
    """White was meant for a dark screen: on paper it is black."""
    if properties.color.lower().startswith("#ffffff"):
        properties.color = "#000000" + properties.color[7:]


def read(source):
    try:
        return ezdxf.readfile(source)
    except IOError as error:
        raise Stop(3, "It is not a DXF file.") from error
    except ezdxf.DXFError:
        try:
            return recover.readfile(source)[0]
        except ezdxf.DXFError as error:
            raise Stop(3, str(error)) from error


def sheet(size):
    longest = max(size.x, size.y) or 1
    width, height = (max(side / longest * LONGEST_SIDE, 10) for side in (size.x, size.y))
    return layout.Page(width, height, layout.Units.mm, margins=layout.Margins.all(5))


def render(backend, page, format):
    if format == "svg":
        return backend.get_string(page).encode()
    if format == "pdf":
        return backend.get_pdf_bytes(page)
    return backend.get_pixmap_bytes(page, fmt="png", dpi=DOTS_PER_INCH)


try:
    main(*sys.argv[1:4])
    code = 0
except Stop as stop:
    print(f"\nKILN {stop.code}: {stop}")
    code = stop.code
sys.stdout.flush()
os._exit(code)
